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
    records.add("logSumExp, scaled", [signedSample([2, 3, 4])]) { $0[0].logSumExp(along: 1, scale: -1.5) * $0[0].sum() }
    for axis in [0, 1] {
      records.add("logSumExp, excluding along \(axis)", [signedSample([3, 4])]) {
        $0[0].logSumExp(along: axis, scale: 2, excluding: Labels([3, 0, 3])) * $0[0].sum()
      }
    }
    records.add("segmentedLogSumExp", [signedSample([6])]) {
      $0[0].segmentedLogSumExp(Labels([0, 2, 2, 0, 2, 1]), count: 3) * $0[0].sum()
    }
    records.add("sum()", [sample([2, 3])]) { $0[0].sum() * $0[0] }
    records.add("mean()", [sample([2, 3])]) { $0[0].mean() * $0[0] }
    records.add("max()", [sample([2, 3])]) { $0[0].max() * $0[0] }
    records.add("min()", [sample([2, 3])]) { $0[0].min() * $0[0] }
    records.add("variance", [sample([2, 3, 4])]) { $0[0].variance(along: 0, 2) }
    records.add("variance, divisor n", [sample([2, 3, 4])]) {
      $0[0].variance(along: 1, correction: 0, keepsAxes: true)
    }
    records.add("variance()", [sample([2, 3])]) { $0[0].variance() }
    records.add("standardDeviation", [sample([2, 3, 4])]) { $0[0].standardDeviation(along: 0, -1) }
    records.add("standardDeviation, kept", [sample([2, 3, 4])]) {
      $0[0].standardDeviation(along: 1, correction: 0, keepsAxes: true)
    }
    records.add("standardDeviation()", [sample([2, 3])]) { $0[0].standardDeviation() }
    records.add("product(along: 1)", [sample([2, 3, 4])]) { $0[0].product(along: 1) }
    records.add("product(along: 0, 2)", [sample([2, 3, 4])]) { $0[0].product(along: 0, 2) }
    records.add("product, kept", [sample([2, 5])]) { $0[0].product(along: -1, keepsAxes: true) }
    records.add("product with a zero", [Tensor([[2, 0, 3, 0.5], [0, 1.5, 0, 1]])]) { $0[0].product(along: 1) }
    records.add("product()", [sample([2, 3])]) { $0[0].product() }
    for order: S in [1, 2, 3, 1.5, 0.5, -1, .infinity, -.infinity] {
      records.add("norm(\(order), along: 1)", [signedSample([2, 3, 4])]) {
        $0[0].norm(order, along: 1) * $0[0].sum(along: 1)
      }
    }
    records.add("norm(along: 0, 2), kept", [signedSample([2, 3, 4])]) { $0[0].norm(along: 0, 2, keepsAxes: true) }
    records.add("norm()", [signedSample([2, 3])]) { $0[0].norm() }
    records.add("norm(3)", [signedSample([2, 3])]) { $0[0].norm(3) }
    records.add("cumulativeSum", [sample([2, 3, 4])]) { squared($0[0].cumulativeSum(along: 1)) }
    records.add("cumulativeSum along the last axis", [sample([2, 5])]) { squared($0[0].cumulativeSum(along: -1)) }
    records.add("cumulativeProduct", [sample([2, 3, 2])]) { $0[0].cumulativeProduct(along: 1) }
    records.add("cumulativeProduct with zeros", [Tensor([[2, 0, 3, 0.5, 0, 1.5, 0.7]])]) {
      $0[0].cumulativeProduct(along: 1)
    }
    records.add("cumulativeLogSumExp", [signedSample([2, 3, 2])]) { $0[0].cumulativeLogSumExp(along: 1) }
    records.add("cumulativeLogSumExp along the last axis", [signedSample([2, 6])]) {
      $0[0].cumulativeLogSumExp(along: -1)
    }
    records.add("logAddExp", [signedSample([2, 3]), signedSample([3], seed: 2)]) { logAddExp($0[0], $0[1]) }
    records.add("softmax", [signedSample([2, 3]) * 3]) { $0[0].softmax(along: 1) }
    records.add("softmax along 0", [signedSample([2, 3]) * 3]) { $0[0].softmax(along: 0) }
    records.add("logSoftmax", [signedSample([2, 3]) * 3]) { $0[0].logSoftmax(along: 1) * $0[0] }
  }.all
}
