import Tensor
import _TestSupport

func reductionRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = anySize
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
    records.freeSizes = [2, 4]
    records.add("max(along: 1)", [sample([2, 3, 4])]) { $0[0].max(along: 1) * $0[0].sum() }
    records.freeSizes = [3]
    records.add("max(along: 0, 2)", [sample([2, 3, 4])]) { $0[0].max(along: 0, 2) * $0[0].sum() }
    records.freeSizes = [2, 3]
    records.add("max(along: -1, keepsAxes: true)", [sample([2, 3, 4])]) {
      $0[0].max(along: -1, keepsAxes: true) * $0[0].sum()
    }
    records.freeSizes = []
    records.add("max(along: 0, 1, 2)", [sample([2, 3, 4])]) { $0[0].max(along: 0, 1, 2) * $0[0].sum() }
    records.freeSizes = [2, 4]
    records.add("min(along: 1)", [sample([2, 3, 4])]) { $0[0].min(along: 1) * $0[0].sum() }
    records.freeSizes = [3]
    records.add("min(along: 0, 2)", [sample([2, 3, 4])]) { $0[0].min(along: 0, 2) * $0[0].sum() }
    records.freeSizes = [2, 3]
    records.add("min(along: -1, keepsAxes: true)", [sample([2, 3, 4])]) {
      $0[0].min(along: -1, keepsAxes: true) * $0[0].sum()
    }
    records.freeSizes = []
    records.add("min(along: 0, 1, 2)", [sample([2, 3, 4])]) { $0[0].min(along: 0, 1, 2) * $0[0].sum() }
    records.freeSizes = anySize
    records.add("logSumExp(along: 1)", [sample([2, 3, 4])]) { $0[0].logSumExp(along: 1) * $0[0].sum() }
    records.add("logSumExp(along: 0, 2)", [sample([2, 3, 4])]) { $0[0].logSumExp(along: 0, 2) * $0[0].sum() }
    records.add("logSumExp(along: -1, keepsAxes: true)", [sample([2, 3, 4])]) {
      $0[0].logSumExp(along: -1, keepsAxes: true) * $0[0].sum()
    }
    records.add("logSumExp(along: 0, 1, 2)", [sample([2, 3, 4])]) { $0[0].logSumExp(along: 0, 1, 2) * $0[0].sum() }
    records.add("logSumExp, scaled", [signedSample([2, 3, 4])]) { $0[0].logSumExp(along: 1, scale: -1.5) * $0[0].sum() }
    records.freeSizes = []
    for axis in [0, 1] {
      records.add("logSumExp, excluding along \(axis)", [signedSample([3, 4])]) {
        $0[0].logSumExp(along: axis, scale: 2, excluding: Labels([3, 0, 3])) * $0[0].sum()
      }
      records.add("logSumExp, excluding in some rows along \(axis)", [signedSample([3, 4])]) {
        $0[0].logSumExp(along: axis, scale: 2, excludingIfAny: Labels([4, 1, 4])) * $0[0].sum()
      }
    }
    for axis in 0...1 {
      // What is left out is greater than the rest by 10⁴; others are smaller by as much, and some are equal.
      let index = Labels([3, 0, 3])
      let spikes = Tensor<S>([[0, 0, -1e4, 1e4], [1e4, 0, 0, -1e4], [0, -1e4, 0, 1e4]])
      records.add("logSumExp, excluding the greatest along \(axis)", [signedSample([3, 4])]) {
        ($0[0] + spikes).logSumExp(along: axis, scale: 8, excluding: index) * $0[0].sum()
      }
      records.add("logSumExp, excluding with ties along \(axis)", [signedSample([1])]) {
        ($0[0] + spikes).logSumExp(along: axis, scale: 8, excluding: index) * $0[0].sum()
      }
    }
    let losers = Tensor<S>([0, 0, -1e4, 0, -1e4, 0])
    records.add("segmentedLogSumExp, extremes", [signedSample([6])]) {
      ($0[0] + losers).segmentedLogSumExp(Labels([0, 2, 2, 0, 2, 1]), count: 3) * $0[0].sum()
    }
    records.add("segmentedLogSumExp", [signedSample([6])]) {
      $0[0].segmentedLogSumExp(Labels([0, 2, 2, 0, 2, 1]), count: 3) * $0[0].sum()
    }
    records.freeSizes = anySize
    for axes in [[0, 2], [1], [-1, 0, 1], []] {
      records.freeSizes = anySize
      records.add("sum(along: \(axes))", [sample([2, 3, 2])]) { $0[0].sum(along: axes) * $0[0].sum() }
      records.add("mean(along: \(axes)), kept", [sample([2, 3, 2])]) {
        $0[0].mean(along: axes, keepsAxes: true) * $0[0]
      }
      if !axes.isEmpty {  // the variance of single elements is constant
        records.add("variance(along: \(axes))", [sample([2, 3, 2])]) {
          $0[0].variance(along: axes, correction: 0) * $0[0].sum()
        }
      }
      records.add("product(along: \(axes)), kept", [sample([2, 3, 2])]) {
        $0[0].product(along: axes, keepsAxes: true) * $0[0]
      }
      records.add("norm(3, along: \(axes))", [signedSample([2, 3, 2])]) { $0[0].norm(3, along: axes) * $0[0].sum() }
      records.add("logSumExp(along: \(axes)), kept", [signedSample([2, 3, 2])]) {
        $0[0].logSumExp(along: axes, keepsAxes: true) * $0[0]
      }
      records.freeSizes = []
      records.add("max(along: \(axes)), kept", [sample([2, 3, 2])]) { $0[0].max(along: axes, keepsAxes: true) * $0[0] }
      records.add("min(along: \(axes))", [sample([2, 3, 2])]) { $0[0].min(along: axes) * $0[0].sum() }
    }
    records.freeSizes = anySize
    records.add("standardDeviation(along: [0, 2]), kept", [sample([2, 3, 4])]) {
      $0[0].standardDeviation(along: [0, 2], keepsAxes: true) * $0[0]
    }
    records.add("logSumExp()", [signedSample([2, 3])]) { $0[0].logSumExp() * $0[0] }
    records.add("all axes, kept", [sample([2, 3])]) {
      let x = $0[0]
      return x.sum(keepsAxes: true) * x.mean(keepsAxes: true) * x.variance(keepsAxes: true)
        * x.product(keepsAxes: true) * x.norm(keepsAxes: true) * x.logSumExp(keepsAxes: true) * x
    }
    records.add("sum()", [sample([2, 3])]) { $0[0].sum() * $0[0] }
    records.add("mean()", [sample([2, 3])]) { $0[0].mean() * $0[0] }
    records.freeSizes = []
    records.add("max()", [sample([2, 3])]) { $0[0].max() * $0[0] }
    records.add("min()", [sample([2, 3])]) { $0[0].min() * $0[0] }
    records.freeSizes = anySize
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
      records.freeSizes = order.isInfinite ? [2, 4] : anySize
      records.add("norm(\(order), along: 1)", [signedSample([2, 3, 4])]) {
        $0[0].norm(order, along: 1) * $0[0].sum(along: 1)
      }
    }
    records.freeSizes = anySize
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

    records.addError("sum", "sum: axes [2] do not fit shape [2, 3]") { zeros(2, 3).sum(along: 2) }
    records.addError("mean", "mean: axes [2] do not fit shape [2, 3]") { zeros(2, 3).mean(along: 2) }
    records.addError("variance", "variance: axes [2] do not fit shape [2, 3]") { zeros(2, 3).variance(along: 2) }
    records.addError("standardDeviation", "standardDeviation: axes [2] do not fit shape [2, 3]") {
      zeros(2, 3).standardDeviation(along: 2)
    }
    records.addError("product", "product: axes [2] do not fit shape [2, 3]") { zeros(2, 3).product(along: 2) }
    records.addError("norm", "norm: axes [2] do not fit shape [2, 3]") { zeros(2, 3).norm(along: 2) }
    records.addError("logSumExp", "logSumExp: no column 3 in [2, 3]") {
      zeros(2, 3).logSumExp(along: 0, scale: 1, excluding: Labels([0, 3]))
    }
    records.addError("logSumExp", "logSumExp: shape [2, 3] needs one index a row, not [1]") {
      zeros(2, 3).logSumExp(along: 1, scale: 1, excluding: Labels([0]))
    }
    records.addError("segmentedLogSumExp", "segmentedLogSumExp: no segment 2 of 2") {
      zeros(2).segmentedLogSumExp(Labels([0, 2]), count: 2)
    }
    records.addError("segmentedLogSumExp", "segmentedLogSumExp: [2] and segments [1] are not two vectors of one length")
    {
      zeros(2).segmentedLogSumExp(Labels([0]), count: 2)
    }
    records.addError("logSumExp", "logSumExp: axes [2] do not fit shape [2, 3]") { zeros(2, 3).logSumExp(along: 2) }
    records.addError("max", "max: axes [2] do not fit shape [2, 3]") { zeros(2, 3).max(along: 2) }
    records.addError("min", "min: axes [2] do not fit shape [2, 3]") { zeros(2, 3).min(along: 2) }
    records.addError("cumulativeSum", "cumulativeSum: axes [-3] do not fit shape [2, 3]") {
      zeros(2, 3).cumulativeSum(along: -3)
    }
    records.addError("cumulativeProduct", "cumulativeProduct: axes [-3] do not fit shape [2, 3]") {
      zeros(2, 3).cumulativeProduct(along: -3)
    }
    records.addError("cumulativeLogSumExp", "cumulativeLogSumExp: axes [-3] do not fit shape [2, 3]") {
      zeros(2, 3).cumulativeLogSumExp(along: -3)
    }
    records.addError("softmax", "softmax: axes [-3] do not fit shape [2, 3]") { zeros(2, 3).softmax(along: -3) }
    records.addError("logSoftmax", "logSoftmax: axes [-3] do not fit shape [2, 3]") {
      zeros(2, 3).logSoftmax(along: -3)
    }
    records.addError("sum", "sum: axes [1, -1] do not fit shape [2, 3]") { zeros(2, 3).sum(along: 1, -1) }
    records.addError("max", "max: shape [2, 0] has no elements along axes [1]") { zeros(2, 0).max(along: 1) }
    records.addError("max", "max: shape [0] has no elements along axes [0]") { zeros(0).max() }
    records.addError("min", "min: shape [0, 2] has no elements along axes [0]") { zeros(0, 2).min(along: 0) }
    records.addError("norm", "norm: shape [0] has no elements along axes [0]") { zeros(0).norm(.infinity) }
    records.addError("argmax", "argmax: shape [2, 0] has no elements along axes [1]") { zeros(2, 0).argmax(along: 1) }
    records.addError("argmin", "argmin: shape [2, 0] has no elements along axes [1]") { zeros(2, 0).argmin(along: 1) }
    records.addError("argmax", "argmax: shape [2, 0] has no elements along axes [0, 1]") { zeros(2, 0).argmax() }
    records.addError("sum", "sum: axes [0, 2] do not fit shape [2, 3]") { zeros(2, 3).sum(along: [0, 2]) }
    records.addError("max", "max: axes [0, 0] do not fit shape [2, 3]") { zeros(2, 3).max(along: [0, 0]) }
    records.addError("any", "any: axes [1] do not fit shape [2]") { Tensor<Bool>([true, false]).any(along: 1) }
    records.addError("all", "all: axes [1] do not fit shape [2]") { Tensor<Bool>([true, false]).all(along: 1) }
    records.addError("logAddExp", "logAddExp: [2, 3] and [2] do not broadcast to one shape") {
      logAddExp(zeros(2, 3), zeros(2))
    }
  }
}
