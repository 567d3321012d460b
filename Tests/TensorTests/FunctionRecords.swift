import Tensor
import _TestSupport

func functionRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = anySize
    // No multiple of 2.3 is near an integer or a half.
    records.add("floor", [signedSample([2, 3])], orders: 1) { floor($0[0] * 2.3) * $0[0] }
    records.add("ceil", [signedSample([2, 3])], orders: 1) { ceil($0[0] * 2.3) * $0[0] }
    records.add("trunc", [signedSample([2, 3])], orders: 1) { trunc($0[0] * 2.3) * $0[0] }
    records.add("rounded", [signedSample([2, 3])], orders: 1) { ($0[0] * 2.3).rounded() * $0[0] }
    records.add("rounded away from zero", [signedSample([2, 3])], orders: 1) {
      ($0[0] * 2.3).rounded(.awayFromZero) * $0[0]
    }
    records.add("tan", [signedSample([2, 3]) * 0.8]) { tan($0[0]) }
    records.add("asin", [signedSample([2, 3]) * 0.5]) { asin($0[0]) }
    records.add("acos", [signedSample([2, 3]) * 0.5]) { acos($0[0]) }
    records.add("atan", [signedSample([2, 3])]) { atan($0[0]) }
    records.add("sinh", [signedSample([2, 3])]) { sinh($0[0]) }
    records.add("cosh", [signedSample([2, 3])]) { cosh($0[0]) }
    records.add("asinh", [signedSample([2, 3])]) { asinh($0[0]) }
    records.add("acosh", [sample([2, 3]) + 1]) { acosh($0[0]) }
    records.add("atanh", [signedSample([2, 3]) * 0.5]) { atanh($0[0]) }
    records.add("log2", [sample([2, 3])]) { log2($0[0]) }
    records.add("log10", [sample([2, 3])]) { log10($0[0]) }
    records.add("exp2", [signedSample([2, 3])]) { exp2($0[0]) }
    records.add("square", [signedSample([2, 3])]) { square($0[0]) }
    records.add("cbrt", [signedSample([2, 3])]) { cbrt($0[0]) }
    records.add("erfc", [signedSample([2, 3])]) { erfc($0[0]) }
    records.add("lgamma", [sample([2, 3])]) { lgamma($0[0]) }
    records.add("lgamma of negative numbers", [Tensor([[-0.5, -1.4, -2.6]])]) { lgamma($0[0]) }
    records.add("digamma", [sample([2, 3])]) { digamma($0[0]) }
    records.add("polygamma", [sample([2, 3]) + 0.5]) { polygamma(2, $0[0]) }
    records.add("polygamma of negative numbers", [Tensor([[-0.5, -1.4, -2.6]])]) { polygamma(1, $0[0]) }
    records.add("softsign", [signedSample([2, 3])]) { softsign($0[0]) }
    records.add("mish", [signedSample([2, 3])]) { mish($0[0]) }
    records.add("logit", [sample([2, 3]) * 0.5]) { logit($0[0]) }
    records.add("logit with a bound", [sample([2, 3]) * 0.5]) { logit($0[0], bound: 0.26) * $0[0] }

    records.add("hypot", [signedSample([2, 3]), signedSample([3], seed: 2)]) { hypot($0[0], $0[1]) }
    // 3.1 times a quotient of these numbers is never near an integer.
    records.add("fmod", [signedSample([2, 3]) * 3.1, sample([2, 3], seed: 2)]) { squared(fmod($0[0], $0[1])) }
    records.add("remainder", [signedSample([2, 3]) * 3.1, signedSample([2, 3], seed: 2)]) {
      squared(remainder($0[0], $0[1]))
    }
    records.add("remainder, broadcast", [signedSample([2, 3]) * 3.1, sample([3], seed: 2) * 1.03]) {
      squared(remainder($0[0], $0[1]))
    }
    records.add("floorDivide", [signedSample([2, 3]) * 3.1, signedSample([2, 3], seed: 2)], orders: 1) {
      floorDivide($0[0], $0[1]) * $0[0] * $0[1]
    }
    records.add("lerp", [signedSample([2, 1]), signedSample([3], seed: 2), sample([2, 3], seed: 3)]) {
      lerp($0[0], $0[1], weight: $0[2])
    }
    records.add("lerp, one weight", [sample([2, 3]), sample([3], seed: 2)]) { squared(lerp($0[0], $0[1], weight: 0.3)) }
    records.add(
      "clamped between", [sample([2, 3]), sample([3], seed: 2) * 0.61, sample([2, 1], seed: 3) * 0.93 + 0.1]
    ) {
      squared($0[0].clamped(between: $0[1], and: $0[2]))
    }
    records.freeSizes = [2, 3]
    records.add("meshgrid", [sample([2]), sample([3], seed: 2)]) {
      let grid = Tensor.meshgrid($0)
      return grid[0] * grid[1]
    }
    records.add("blockDiagonal", [sample([2, 3]), sample([1, 2], seed: 2)]) { squared(.blockDiagonal($0)) }
    records.add("kronecker", [sample([2, 3]), sample([3, 2], seed: 2)]) { $0[0].kronecker($0[1]) }
    records.add("kronecker with fewer axes", [sample([3]), sample([2, 3], seed: 2)]) { $0[0].kronecker($0[1]) }

    let misfit = "[2, 3] and [2] do not broadcast to one shape"
    records.addError("hypot", "hypot: \(misfit)") { hypot(zeros(2, 3), zeros(2)) }
    records.addError("fmod", "fmod: \(misfit)") { fmod(zeros(2, 3), zeros(2)) }
    records.addError("remainder", "remainder: \(misfit)") { remainder(zeros(2, 3), zeros(2)) }
    records.addError("floorDivide", "floorDivide: \(misfit)") { floorDivide(zeros(2, 3), zeros(2)) }
    records.addError("isClose", "isClose: \(misfit)") { zeros(2, 3).isClose(to: zeros(2)) }
    records.addError("clamped", "clamped: \(misfit)") { zeros(2, 3).clamped(between: zeros(2), and: zeros(3)) }
    records.addError("clamped", "clamped: \(misfit)") { zeros(2, 3).clamped(between: zeros(3), and: zeros(2)) }
    records.addError("lerp", "lerp: [2, 3], [3] and weights [2] do not broadcast to one shape") {
      lerp(zeros(2, 3), zeros(3), weight: zeros(2))
    }
    records.addError("polygamma", "polygamma: -1 is no order of derivative") { polygamma(-1, zeros(2)) }
    records.addError("meshgrid", "meshgrid: [[2], [2, 3]] are not all vectors") {
      Tensor.meshgrid([zeros(2), zeros(2, 3)])
    }
    records.addError("blockDiagonal", "blockDiagonal: [[2, 3], [2]] are not matrices, at least one") {
      Tensor.blockDiagonal([zeros(2, 3), zeros(2)])
    }
    records.addError("kronecker", "kronecker: shape [2305843009213693952] takes more bytes than Int can count") {
      let long = Tensor<Float>(0).expanded(to: [1 << 30])
      return long.kronecker(Tensor<Float>(0).expanded(to: [1 << 31]))
    }
  }
}
