import Tensor
import _TestSupport

func arithmeticRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = anySize
    records.add("add", [sample([2, 3]), sample([2, 3], seed: 2)]) { $0[0] + $0[1] }
    records.add("add, broadcast", [sample([2, 3]), sample([3], seed: 3)]) { $0[0] + $0[1] }
    records.add("add, both broadcast", [sample([2, 1]), sample([3], seed: 3)]) { $0[0] + $0[1] }
    records.add("add, scalar", [sample([2, 3]), sample([], seed: 4)]) { $0[0] + $0[1] }
    records.add("subtract", [sample([2, 3]), sample([2, 3], seed: 2)]) { $0[0] - $0[1] }
    records.add("subtract, broadcast", [sample([2, 3]), sample([3], seed: 3)]) { $0[0] - $0[1] }
    records.add("subtract, both broadcast", [sample([2, 1]), sample([3], seed: 3)]) { $0[0] - $0[1] }
    records.add("subtract, scalar", [sample([2, 3]), sample([], seed: 4)]) { $0[0] - $0[1] }
    records.add("multiply", [sample([2, 3]), sample([2, 3], seed: 2)]) { $0[0] * $0[1] }
    records.add("multiply, broadcast", [sample([2, 3]), sample([3], seed: 3)]) { $0[0] * $0[1] }
    records.add("multiply, both broadcast", [sample([2, 1]), sample([3], seed: 3)]) { $0[0] * $0[1] }
    records.add("multiply, scalar", [sample([2, 3]), sample([], seed: 4)]) { $0[0] * $0[1] }
    records.add("divide", [sample([2, 3]), sample([2, 3], seed: 2)]) { $0[0] / $0[1] }
    records.add("divide, broadcast", [sample([2, 3]), sample([3], seed: 3)]) { $0[0] / $0[1] }
    records.add("divide, both broadcast", [sample([2, 1]), sample([3], seed: 3)]) { $0[0] / $0[1] }
    records.add("divide, scalar", [sample([2, 3]), sample([], seed: 4)]) { $0[0] / $0[1] }
    records.add("negate", [sample([2, 3])]) { -$0[0] }
    records.add("number on the left", [sample([2, 3])]) { 2 / $0[0] + 1 - (3 - $0[0]) * 2 }
    records.add("maximum", [sample([2, 3]), sample([2, 3], seed: 2) * 1.03]) { maximum($0[0], $0[1]) * $0[0] }
    records.add("minimum", [sample([2, 3]), sample([2, 3], seed: 2) * 1.03]) { minimum($0[0], $0[1]) * $0[0] }
    records.add("clamped", [sample([2, 3])]) { $0[0].clamped(to: 0.75...1.25) * $0[0] }
    records.add("clamped from below", [sample([2, 3])]) { $0[0].clamped(to: 0.75...) * $0[0] }
    records.add("clamped from above", [sample([2, 3])]) { $0[0].clamped(to: ...1.25) * $0[0] }
    records.add("atan2", [signedSample([2, 3]), signedSample([2, 3], seed: 2) + 0.1]) { atan2($0[0], $0[1]) }
    records.add("atan2, broadcast", [signedSample([2, 1]), signedSample([3], seed: 3)]) { atan2($0[0], $0[1]) }
    records.add("raised", [sample([2, 3])]) { $0[0].raised(to: 2.5) }
    records.add("raised to 2", [signedSample([2, 3])]) { $0[0].raised(to: 2) }
    records.add("raised to -1", [signedSample([2, 3])]) { $0[0].raised(to: -1) }
    records.add("pow", [sample([2, 3]), sample([2, 3], seed: 2)]) { pow($0[0], $0[1]) }
    records.add("pow, broadcast", [sample([2, 3]), sample([3], seed: 3)]) { pow($0[0], $0[1]) }
    records.add("where", [sample([2, 3]), sample([2, 3], seed: 2) * 1.03]) {
      Tensor.where($0[0] .> $0[1], $0[0] * $0[1], $0[1])
    }
    records.add("replacing", [sample([2, 3])]) { ($0[0] * $0[0]).replacing(with: 3, where: $0[0] .> Tensor(1)) }

    records.addError("add", "+: [2, 3] and [2] do not broadcast to one shape", namesCaller: false) {
      zeros(2, 3) + zeros(2)
    }
    records.addError("subtract", "-: [2, 3] and [4, 3] do not broadcast to one shape", namesCaller: false) {
      zeros(2, 3) - zeros(4, 3)
    }
    records.addError("multiply", "*: [2, 3] and [2, 2] do not broadcast to one shape", namesCaller: false) {
      zeros(2, 3) * zeros(2, 2)
    }
    records.addError("divide", "/: [3] and [2, 2] do not broadcast to one shape", namesCaller: false) {
      zeros(3) / zeros(2, 2)
    }
    records.addError("maximum", "maximum: [2, 3] and [2] do not broadcast to one shape") {
      maximum(zeros(2, 3), zeros(2))
    }
    records.addError("minimum", "minimum: [2, 3] and [2] do not broadcast to one shape") {
      minimum(zeros(2, 3), zeros(2))
    }
    records.addError("atan2", "atan2: [2, 3] and [2] do not broadcast to one shape") { atan2(zeros(2, 3), zeros(2)) }
    records.addError("pow", "pow: [2, 3] and [2] do not broadcast to one shape") { pow(zeros(2, 3), zeros(2)) }
    records.addError("where", "where: mask [2], [3] and [3] do not broadcast to one shape") {
      Tensor.where(Tensor<Bool>([true, false]), zeros(3), zeros(3))
    }
    records.addError("replacing", "replacing: [3] and [2] do not broadcast to one shape") {
      zeros(3).replacing(with: 1, where: Tensor<Bool>([true, false]))
    }
  }
}
