import Tensor
import _TestSupport

func indexingRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = [3, 4]
    records.add("take", [sample([2, 3, 4])]) { squared($0[0].take(Labels([1, 0, 1, 1]))) }
    records.freeSizes = [2, 4]
    records.add("take along 1", [sample([2, 3, 4])]) { squared($0[0].take(Labels([2, 0, 2]), along: 1)) }
    records.freeSizes = [2]
    records.add("take along the last axis, matrix of indices", [sample([2, 3])]) {
      squared($0[0].take(Labels([[2, 0, 2], [1, 1, 0]]), along: -1))
    }
    records.freeSizes = []
    records.add("scatteredRows", [sample([2, 3, 4])]) {
      squared($0[0].scatteredRows(Labels([3, 3]), into: [4, 3, 4]))
    }
    records.add("pick", [sample([3, 4])]) { $0[0].pick(Labels([3, 0, 3])) * $0[0].sum() }
    records.add("pick of three axes", [sample([2, 2, 3])]) {
      squared($0[0].pick(Labels([[2, 0], [1, 1]]))) * $0[0].sum()
    }
    records.add("masked, three axes", [sample([2, 2, 3])]) {
      exp($0[0].masked(Labels([[2, 0], [1, 1]]), by: -.infinity))
    }
    records.add("oneHot", [sample([2, 2, 4])]) {
      squared($0[0]) * Labels([[3, 0], [1, 1]]).oneHot(4, as: S.self)
    }
    records.add("masked", [sample([3, 4])]) { exp($0[0].masked(Labels([3, 0, 3]), by: -.infinity)) }
    records.add("takeElements", [sample([2, 3])]) {
      squared($0[0].takeElements(Labels([[2, 2, 0, 1], [1, 0, 0, 0]]), along: 1))
    }
    records.add("takeElements along 0, broadcast", [sample([2, 3, 2])]) {
      squared($0[0].takeElements(Labels([1, 0, 1], shape: [1, 3, 1]), along: 0))
    }
    records.add("scatteredElements", [sample([2, 3])]) {
      squared($0[0].scatteredElements(Labels([[1, 1, 4], [0, 2, 0]]), along: 1, into: [2, 5]))
    }
    records.add("scatteredElements along 0", [sample([2, 3])]) {
      squared($0[0].scatteredElements(Labels([[1, 1, 2], [0, 1, 0]]), along: 0, into: [3, 3]))
    }
    records.freeSizes = anySize
    records.add("elements(where:)", [sample([2, 3])]) { squared($0[0].elements(where: $0[0] .> Tensor(0.8))) }
    records.freeSizes = [2]
    records.add("elements(where:), broadcast", [sample([2, 3])]) {
      squared($0[0].elements(where: Tensor<Bool>([true, false, true])))
    }
    records.freeSizes = anySize
    records.add("sorted", [sample([2, 3, 4])]) { squared($0[0].sorted(along: 1)) }
    records.add("sorted, descending", [sample([2, 5])]) { squared($0[0].sorted(descending: true)) }
    records.freeSizes = [2]
    records.add("topK", [sample([2, 5])]) { squared($0[0].topK(2).values) }
    records.add("topK, smallest, along 0", [sample([5, 2])]) {
      squared($0[0].topK(3, along: 0, smallest: true).values)
    }

    records.addError("take", "take: no row -1 in shape [2, 3]") { zeros(2, 3).take(Labels([0, -1])) }
    records.addError("take", "take: no row 3 in shape [3, 2]") { zeros(2, 3).take(Labels([3]), along: 1) }
    records.addError("scatteredRows", "scatteredRows: no row 4 in [4, 3]") {
      zeros(2, 3).scatteredRows(Labels([0, 4]), into: [4, 3])
    }
    records.addError("scatteredRows", "scatteredRows: [2, 3] at rows [1] does not fit into [4, 3]") {
      zeros(2, 3).scatteredRows(Labels([0]), into: [4, 3])
    }
    records.addError("pick", "pick: no column 3 in [2, 3]") { zeros(2, 3).pick(Labels([0, 3])) }
    records.addError("pick", "pick: shape [2, 3] needs one index a row, not [3]") {
      zeros(2, 3).pick(Labels([0, 1, 2]))
    }
    records.addError("masked", "masked: no column -1 in [2, 3]") { zeros(2, 3).masked(Labels([0, -1]), by: 0) }
    records.addError("takeElements", "takeElements: no position 3 along axis 1 of size 3") {
      zeros(2, 3).takeElements(Labels([[3], [0]]), along: 1)
    }
    records.addError("takeElements", "takeElements: index [3, 1] does not fit [2, 3] along axis 1") {
      zeros(2, 3).takeElements(Labels([[0], [0], [0]]), along: 1)
    }
    records.addError(
      "scatteredElements", "scatteredElements: [2, 3] with index [2, 1] does not fit into [2, 5] along axis 1"
    ) {
      zeros(2, 3).scatteredElements(Labels([[0], [0]]), along: 1, into: [2, 5])
    }
    records.addError("elements", "elements: [2, 3] and mask [2] do not broadcast to one shape") {
      zeros(2, 3).elements(where: Tensor<Bool>([true, false]))
    }
    records.addError("sorted", "sorted: axes [2] do not fit shape [2, 3]") { zeros(2, 3).sorted(along: 2) }
    records.addError("topK", "topK: 4 elements along axis 1 of [2, 3]") { zeros(2, 3).topK(4) }
    records.addError("oneHot", "oneHot: no class 3 among 3") { Labels([0, 3]).oneHot(3, as: Float.self) }
  }
}
