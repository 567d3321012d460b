import Tensor
import _TestSupport

func subscriptRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    let rows = Labels([1, -2, 1])
    records.freeSizes = [3, 4]
    records.add("subscript", [sample([2, 3, 4])]) { squared($0[0][1]) }
    records.add("range subscript", [sample([2, 3, 4])]) { squared($0[0][0..<1]) }
    records.add("subscript with index", [sample([2, 3, 4])]) { squared($0[0][rows]) }
    records.freeSizes = [2, 4]
    records.add("subscript on every axis", [sample([2, 3, 4])]) { squared($0[0][..., -2, .newAxis, .range(by: -2)]) }
    records.add("subscript with index between", [sample([2, 3, 4])]) { squared($0[0][.range(by: -1), [0, 2, 0]]) }
    records.freeSizes = [4]
    records.add("subscript with indices apart", [sample([2, 4, 3])]) { squared($0[0][rows, 0..., [0, 1, 0]]) }
    records.add("subscript with mask", [sample([2, 3, 4])]) {
      squared($0[0][Tensor<Bool>([[true, false, true], [false, true, false]])])
    }
    records.add("replacing at places", [sample([2, 3, 4]), sample([2, 4], seed: 1)]) {
      squared($0[0].replacing(at: 0..., 1, with: $0[1]))
    }
    records.add("replacing at places by a number", [sample([2, 3, 4])]) { squared($0[0].replacing(at: 0, -1, with: 3)) }
    records.add("replacing at indices", [sample([2, 3, 4]), sample([4], seed: 1)]) {
      squared($0[0].replacing(at: .all, Labels([2, 0]), with: $0[1]))
    }
    records.freeSizes = []
    records.add("replacing at a mask", [sample([2, 3]), sample([1], seed: 1)]) {
      squared($0[0].replacing(at: Tensor<Bool>([[true, false, true], [false, true, false]]), with: $0[1]))
    }
    records.freeSizes = [4]
    records.add("adding", [sample([2, 3, 4]), sample([2, 1], seed: 1)]) {
      squared($0[0].adding($0[1], at: .ellipsis, 1..<3, 0...))
    }
    records.add("adding, repeated", [sample([2, 3, 4]), sample([3, 4], seed: 1)]) {
      squared($0[0].adding($0[1], at: .all, Labels([2, 0, 2])))
    }
    records.add("adding a number", [sample([2, 3, 4])]) { squared($0[0].adding(2, at: 1, [0, 0])) }

    records.addError("subscript", "subscript: no position -3 along axis 0 of [2, 3]") { zeros(2, 3)[-3] }
    records.addError("subscript", "subscript: no position 3 along axis 1 of [2, 3]") { zeros(2, 3)[..., 3] }
    records.addError("subscript", "subscript: 2..<5 does not fit axis 1 of [2, 3]") { zeros(2, 3)[0, 2..<5] }
    records.addError("subscript", "subscript: 3... does not fit axis 0 of [2, 3]") { zeros(2, 3)[3...] }
    records.addError("subscript", "subscript: ...3 does not fit axis 1 of [2, 3]") { zeros(2, 3)[0, ..., ...3] }
    records.addError("subscript", "subscript: .range(from: 2, to: 1, by: 1) does not fit axis 1 of [2, 3]") {
      zeros(2, 3)[1, .range(from: 2, to: 1)]
    }
    records.addError("subscript", "subscript: .range(by: 0) does not fit axis 0 of [2, 3]") {
      zeros(2, 3)[.range(by: 0)]
    }
    records.addError("subscript", "subscript: places for 3 axes in shape [2, 3], which has 2") { zeros(2, 3)[0, 1, 2] }
    records.addError("subscript", "subscript: more than one ellipsis") { zeros(2, 3)[.ellipsis, .ellipsis] }
    records.addError("subscript", "subscript: no position -4 along axis 1 of [2, 3]") { zeros(2, 3)[0..., [2, -4]] }
    records.addError("subscript", "subscript: no position 3 along axis 2 of [2, 3, 3]") {
      zeros(2, 3, 3)[0, 0, ..., Labels([-1, 3])]
    }
    records.addError("subscript", "subscript: a mask of shape [2] does not fit [2, 3] from axis 1 on") {
      zeros(2, 3)[0, Tensor<Bool>([true, false])]
    }
    records.addError("subscript", "subscript: a mask of shape [] does not fit [2, 3] from axis 0 on") {
      zeros(2, 3)[Tensor<Bool>(true)]
    }
    records.addError("subscript", "subscript: index tensors of shapes [[2], [3]] do not broadcast to one shape") {
      zeros(2, 3)[[0, 1], [0, 1, 2]]
    }
    records.addError("replacing", "replacing: no position 2 along axis 0 of [2, 3]") {
      zeros(2, 3).replacing(at: 2, with: 1)
    }
    records.addError(
      "replacing", "replacing: values of shape [2] do not broadcast to the [3] that the places select"
    ) { zeros(2, 3).replacing(at: 0, with: zeros(2)) }
    records.addError("replacing", "replacing: the places name an element of [2, 3] twice") {
      zeros(2, 3).replacing(at: [0, -2], with: zeros(2, 3))
    }
    records.addError("adding", "adding: values of shape [2] do not broadcast to the [3] that the places select") {
      zeros(2, 3).adding(zeros(2), at: 0)
    }
    records.addError("adding", "adding: no position 7 along axis 1 of [2, 3]") { zeros(2, 3).adding(1, at: 0, 7) }
  }
}
