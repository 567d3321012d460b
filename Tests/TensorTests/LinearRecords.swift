import Tensor
import _TestSupport

func linearRecords<S: TensorScalar>(_: S.Type) -> [OperationRecord<S>] {
  OperationRecords<S> { records in
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
  }.all
}
