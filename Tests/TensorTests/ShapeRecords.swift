import Tensor
import _TestSupport

func shapeRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.add("reshaped", [sample([2, 3, 4])]) { squared($0[0].reshaped([4, -1])) }
    records.freeSizes = anySize
    records.add("permuted", [sample([2, 3, 4])]) { squared($0[0].permuted([2, 0, 1])) }
    records.add("transposed", [sample([2, 3, 4])]) { squared($0[0].transposed()) }
    records.add("expanded", [sample([2, 3, 4])]) {
      squared($0[0].sum(along: 1, keepsAxes: true).expanded(to: [5] + $0[0].shape))
    }
    records.add("unsqueezed", [sample([2, 3, 4])]) { squared($0[0].unsqueezed(1)) }
    records.add("squeezed", [sample([2, 3, 4])]) { squared($0[0].sum(along: 1, keepsAxes: true).squeezed(1)) }
    records.freeSizes = [2, 3]
    records.add("sliced", [sample([2, 3, 4])]) { squared($0[0].sliced(along: 2, 1..<3)) }
    records.add("sliced by 2", [sample([2, 3, 4])]) { squared($0[0].sliced(along: 2, 0..<4, by: 2)) }
    records.freeSizes = [2, 4]
    records.add("sliced to nothing", [sample([2, 3, 4])]) { $0[0].sliced(along: 1, 1..<1) }
    records.freeSizes = []
    records.add("accumulated, the pullback of a view", [sample([2, 3])]) { x in
      squared(gradient(at: x[0]) { cubed($0.sliced(along: 1, 1..<3)).sum() })
    }
    records.freeSizes = [2, 4]
    records.add("select", [sample([2, 3, 4])]) { squared($0[0].select(along: 1, 2)) }
    records.freeSizes = anySize
    records.add("flipped", [sample([2, 3, 4])]) { squared($0[0].flipped(along: 1)) }
    records.add("padded", [sample([2, 3, 4])]) { squared($0[0].padded(along: 1, before: 1, after: 2, value: 3)) }
    records.freeSizes = [2, 4]
    records.add("concatenated", [sample([2, 3, 4])]) {
      squared(Tensor.concatenated([$0[0], $0[0] * 2, $0[0].sliced(along: 1, 0..<1)], along: 1))
    }
    records.freeSizes = anySize
    records.add("stacked", [sample([2, 3, 4])]) { squared(Tensor.stacked([$0[0], $0[0] * $0[0]], along: 1)) }
    records.add("transposed(0, 2)", [sample([2, 3, 4])]) { squared($0[0].transposed(0, 2)) }
    records.add("movingAxis", [sample([2, 3, 4])]) { squared($0[0].movingAxis(0, to: -1)) }
    records.add("flattened", [sample([2, 3, 4])]) { squared($0[0].flattened()) }
    records.add("flattened from 1", [sample([2, 3, 4])]) { squared($0[0].flattened(from: 1)) }
    records.add("rolled", [sample([2, 3, 4])]) { squared($0[0].rolled(by: 1, along: 1)) }
    records.add("rolled back and around", [sample([2, 3])]) { squared($0[0].rolled(by: -5, along: -1)) }
    records.add("tiled", [sample([2, 3])]) { squared($0[0].tiled([2, 3])) }
    records.add("repeated", [sample([2, 3])]) { squared($0[0].repeated(3, along: 1)) }
    records.freeSizes = [2]
    records.add("split into sections", [sample([2, 4])]) {
      let parts = $0[0].split(along: 1, into: 2)
      return parts[0] * parts[1]
    }
    records.add("split by sizes", [sample([2, 4])]) {
      let parts = $0[0].split(along: 1, sizes: [1, 0, 3])
      return parts[0] * parts[2] + parts[1].sum()
    }

    records.addError("reshaped", "reshaped: [2, 3] (6 elements) does not fit [4, 1]") { zeros(2, 3).reshaped([4, -1]) }
    records.addError("permuted", "permuted: axes [0, 0] do not fit shape [2, 3]") { zeros(2, 3).permuted([0, 0]) }
    records.addError("permuted", "permuted: [1] do not name each axis of [2, 3] once") { zeros(2, 3).permuted([1]) }
    records.addError("transposed", "transposed: shape [3] has fewer than two axes") { zeros(3).transposed() }
    records.addError("movingAxis", "movingAxis: axes [2] do not fit shape [2, 3]") { zeros(2, 3).movingAxis(0, to: 2) }
    records.addError("flattened", "flattened: axis 1 comes after 0 in [2, 3]") {
      zeros(2, 3).flattened(from: 1, through: 0)
    }
    records.addError("expanded", "expanded: [2, 3] does not broadcast to [2, 4]") { zeros(2, 3).expanded(to: [2, 4]) }
    records.addError("unsqueezed", "unsqueezed: no axis 3 in [2, 3]") { zeros(2, 3).unsqueezed(3) }
    records.addError("squeezed", "squeezed: axis 1 of [2, 3] is not of size one") { zeros(2, 3).squeezed(1) }
    records.addError("sliced", "sliced: 2..<5 by 1 does not fit axis 1 of [2, 3]") {
      zeros(2, 3).sliced(along: 1, 2..<5)
    }
    records.addError("sliced", "sliced: 0..<3 by 0 does not fit axis 1 of [2, 3]") {
      zeros(2, 3).sliced(along: 1, 0..<3, by: 0)
    }
    records.addError("select", "select: no position 3 along axis 1 of [2, 3]") { zeros(2, 3).select(along: 1, 3) }
    records.addError("flipped", "flipped: axes [2] do not fit shape [2, 3]") { zeros(2, 3).flipped(along: 2) }
    records.addError("padded", "padded: -1 and 0 are no amounts of padding") {
      zeros(2, 3).padded(along: 0, before: -1, after: 0)
    }
    records.addError("concatenated", "concatenated: [2, 4] does not fit [2, 3] along axis 0") {
      Tensor.concatenated([zeros(2, 3), zeros(2, 4)], along: 0)
    }
    records.addError("concatenated", "concatenated: no tensors") { Tensor<Float>.concatenated([], along: 0) }
    records.addError("stacked", "stacked: tensors of different shapes [[2, 3], [3]]") {
      Tensor.stacked([zeros(2, 3), zeros(3)])
    }
    records.addError("rolled", "rolled: axes [2] do not fit shape [2, 3]") { zeros(2, 3).rolled(by: 1, along: 2) }
    records.addError("tiled", "tiled: counts [2] do not fit shape [2, 3]") { zeros(2, 3).tiled([2]) }
    records.addError("repeated", "repeated: -1 is not a number of repetitions") { zeros(2, 3).repeated(-1, along: 0) }
    records.addError("split", "split: axis 1 of [2, 3] does not divide into 2 sections") {
      zeros(2, 3).split(along: 1, into: 2)
    }
    records.addError(
      "full", "\(Int.max / 4) elements of Float take more bytes than Int can count", namesCaller: false
    ) { Tensor<Float>.zeros([Int.max / 4]).scalars }
    records.addError("full", "has a negative size or more elements than Int can count") {
      Tensor<Float>.zeros([1 << 40, 1 << 40])
    }
  }
}
