import Tensor
import _TestSupport

func reductionRecords<S: TensorScalar>(_: S.Type) -> [OperationRecord<S>] {
  OperationRecords<S> { records in
    records.add("sum(along: 1)", [sample([2, 3, 4])]) { $0[0].sum(along: 1) * $0[0].sum() }
    records.add("sum(along: 0, 2)", [sample([2, 3, 4])]) { $0[0].sum(along: 0, 2) * $0[0].sum() }
    records.add("sum(along: -1, keepsAxes: true)", [sample([2, 3, 4])]) {
      $0[0].sum(along: -1, keepsAxes: true) * $0[0].sum()
    }
    records.add("sum(along: 0, 1, 2)", [sample([2, 3, 4])]) { $0[0].sum(along: 0, 1, 2) * $0[0].sum() }
    records.add("mean(along: 1)", [sample([2, 3, 4])]) { $0[0].mean(along: 1) * $0[0].sum() }
    records.add("mean(along: 0, 2)", [sample([2, 3, 4])]) { $0[0].mean(along: 0, 2) * $0[0].sum() }
    records.add("mean(along: -1, keepsAxes: true)", [sample([2, 3, 4])]) {
      $0[0].mean(along: -1, keepsAxes: true) * $0[0].sum()
    }
    records.add("mean(along: 0, 1, 2)", [sample([2, 3, 4])]) { $0[0].mean(along: 0, 1, 2) * $0[0].sum() }
    records.add("max(along: 1)", [sample([2, 3, 4])]) { $0[0].max(along: 1) * $0[0].sum() }
    records.add("max(along: 0, 2)", [sample([2, 3, 4])]) { $0[0].max(along: 0, 2) * $0[0].sum() }
    records.add("max(along: -1, keepsAxes: true)", [sample([2, 3, 4])]) {
      $0[0].max(along: -1, keepsAxes: true) * $0[0].sum()
    }
    records.add("max(along: 0, 1, 2)", [sample([2, 3, 4])]) { $0[0].max(along: 0, 1, 2) * $0[0].sum() }
    records.add("min(along: 1)", [sample([2, 3, 4])]) { $0[0].min(along: 1) * $0[0].sum() }
    records.add("min(along: 0, 2)", [sample([2, 3, 4])]) { $0[0].min(along: 0, 2) * $0[0].sum() }
    records.add("min(along: -1, keepsAxes: true)", [sample([2, 3, 4])]) {
      $0[0].min(along: -1, keepsAxes: true) * $0[0].sum()
    }
    records.add("min(along: 0, 1, 2)", [sample([2, 3, 4])]) { $0[0].min(along: 0, 1, 2) * $0[0].sum() }
    records.add("logSumExp(along: 1)", [sample([2, 3, 4])]) { $0[0].logSumExp(along: 1) * $0[0].sum() }
    records.add("logSumExp(along: 0, 2)", [sample([2, 3, 4])]) { $0[0].logSumExp(along: 0, 2) * $0[0].sum() }
    records.add("logSumExp(along: -1, keepsAxes: true)", [sample([2, 3, 4])]) {
      $0[0].logSumExp(along: -1, keepsAxes: true) * $0[0].sum()
    }
    records.add("logSumExp(along: 0, 1, 2)", [sample([2, 3, 4])]) { $0[0].logSumExp(along: 0, 1, 2) * $0[0].sum() }
    records.add("sum()", [sample([2, 3])]) { $0[0].sum() * $0[0] }
    records.add("mean()", [sample([2, 3])]) { $0[0].mean() * $0[0] }
    records.add("max()", [sample([2, 3])]) { $0[0].max() * $0[0] }
    records.add("min()", [sample([2, 3])]) { $0[0].min() * $0[0] }
    records.add("variance", [sample([2, 3, 4])]) { $0[0].variance(along: 0, 2) }
    records.add("variance, divisor n", [sample([2, 3, 4])]) {
      $0[0].variance(along: 1, correction: 0, keepsAxes: true)
    }
    records.add("softmax", [signedSample([2, 3]) * 3]) { $0[0].softmax(along: 1) }
    records.add("softmax along 0", [signedSample([2, 3]) * 3]) { $0[0].softmax(along: 0) }
    records.add("logSoftmax", [signedSample([2, 3]) * 3]) { $0[0].logSoftmax(along: 1) * $0[0] }
  }.all
}
