import Tensor
import _TestSupport

func linearRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = anySize
    records.add("matmul, matrices", [sample([2, 3]), sample([3, 4], seed: 2)]) { $0[0].matmul($0[1]) }
    records.add("matmul, vector on the left", [sample([3]), sample([3, 4], seed: 2)]) { $0[0].matmul($0[1]) }
    records.add("matmul, vector on the right", [sample([2, 3]), sample([3], seed: 2)]) { $0[0].matmul($0[1]) }
    records.add("matmul, two vectors", [sample([3]), sample([3], seed: 2)]) { $0[0].matmul($0[1]) }
    records.add("matmul, batches", [sample([2, 2, 3]), sample([2, 3, 2], seed: 2)]) { $0[0].matmul($0[1]) }
    records.add("matmul, broadcast batches", [sample([2, 1, 2, 3]), sample([3, 3, 2], seed: 2)]) {
      $0[0].matmul($0[1])
    }
    records.add("matmul, batch with matrix", [sample([2, 2, 3]), sample([3, 4], seed: 2)]) { $0[0].matmul($0[1]) }
    records.add("matmul, matrix with batch", [sample([2, 3]), sample([2, 3, 2], seed: 2)]) { $0[0].matmul($0[1]) }
    records.add("matmul, one row", [sample([1, 3]), sample([3, 1], seed: 2)]) { $0[0].matmul($0[1]) }
    records.add("matmul, transposed", [sample([3, 2]), sample([4, 3], seed: 2)]) {
      $0[0].transposed().matmul($0[1].transposed())
    }
    records.add("normalized", [signedSample([2, 3])]) { $0[0].normalized(along: 1) }
    records.add("normalized along 0", [signedSample([2, 3])]) { $0[0].normalized(along: 0) }

    records.freeSizes = [2, 3]
    records.add(
      "scaledDotProductAttention", [signedSample([2, 3, 4]), sample([2, 5, 4], seed: 2), sample([2, 5, 6], seed: 3)]
    ) {
      squared(scaledDotProductAttention($0[0], $0[1], $0[2]))
    }
    records.freeSizes = []
    records.add(
      "scaledDotProductAttention, heads that lie in tokens",
      [signedSample([1, 4, 2, 3]), sample([1, 5, 2, 3], seed: 2), sample([1, 5, 2, 2], seed: 3)]
    ) { heads in
      let (q, k, v) = (heads[0].transposed(1, 2), heads[1].transposed(1, 2), heads[2].transposed(1, 2))
      return squared(scaledDotProductAttention(q, k, v, scale: 0.7).transposed(1, 2))
    }
    records.add(
      "scaledDotProductAttention, one matrix each",
      [signedSample([3, 2]), sample([4, 2], seed: 2), sample([4, 1], seed: 3)]
    ) {
      squared(scaledDotProductAttention($0[0], $0[1], $0[2]))
    }

    let later = Tensor<Bool>([[false, true, true, true], [false, false, true, true], [true, false, false, true]])
    let padding = Tensor<Bool>([[false, false, true, true], [true, false, false, false]]).unsqueezed(1)
    for (name, hidden) in [("a mask", later), ("a mask for each head", padding)] {
      records.add(
        "scaledDotProductAttention, \(name)",
        [signedSample([2, 3, 2]), sample([2, 4, 2], seed: 2), sample([2, 4, 1], seed: 3)]
      ) {
        squared(scaledDotProductAttention($0[0], $0[1], $0[2], hiding: hidden))
      }
    }

    records.addError(
      "scaledDotProductAttention",
      "scaledDotProductAttention: queries [2, 3], keys [4, 2] and values [4, 2] do not fit"
    ) { scaledDotProductAttention(zeros(2, 3), zeros(4, 2), zeros(4, 2)) }
    records.addError(
      "scaledDotProductAttention",
      "scaledDotProductAttention: queries [2, 3], keys [0, 3] and values [0, 2] do not fit"
    ) { scaledDotProductAttention(zeros(2, 3), zeros(0, 3), zeros(0, 2)) }
    records.addError(
      "scaledDotProductAttention",
      "scaledDotProductAttention: a mask of shape [3, 2] does not broadcast to [2, 3]"
    ) { scaledDotProductAttention(zeros(2, 4), zeros(3, 4), zeros(3, 2), hiding: zeros(3, 2) .> 0) }
    records.addError(
      "matmul", "matmul: [180, 512] and [100, 512] do not multiply (512 ≠ 100); did you mean .transposed()?"
    ) {
      zeros(180, 512).matmul(zeros(100, 512))
    }
    records.addError("matmul", "matmul: [2, 3, 4] and [3, 4, 2] do not multiply (the batch axes do not broadcast)") {
      zeros(2, 3, 4).matmul(zeros(3, 4, 2))
    }
    records.addError("matmul", "matmul: [] and [2, 2] do not multiply: a single number is no matrix") {
      zeros().matmul(zeros(2, 2))
    }
    records.addError("matmul", "matmul: [3] and [4, 2] do not multiply (3 ≠ 4)") { zeros(3).matmul(zeros(4, 2)) }
    records.addError("matmul", "matmul: [3] and [2, 3] do not multiply (3 ≠ 2); did you mean .transposed()?") {
      zeros(3).matmul(zeros(2, 3))
    }
    records.addError("matmul", "matmul: [2, 3] and [2] do not multiply (3 ≠ 2)") { zeros(2, 3).matmul(zeros(2)) }
    records.addError("dot", "dot: [2] and [3] are not two vectors of one length") { zeros(2).dot(zeros(3)) }
    records.addError("outer", "outer: [2] and [3, 1] are not two vectors") { zeros(2).outer(zeros(3, 1)) }
    records.addError("normalized", "normalized: axes [2] do not fit shape [2, 3]") { zeros(2, 3).normalized(along: 2) }
  }
}
