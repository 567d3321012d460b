import Tensor
import _TestSupport

func decompositionRecords<S: TensorScalar>(_: S.Type) -> [OperationRecord<S>] {
  /// Square matrices far from singular.
  func regular(_ shape: [Int], seed: UInt64 = 1) -> Tensor<Double> {
    signedSample(shape, seed: seed) + Tensor<Double>.eye(shape[shape.count - 1]) * 3
  }
  return OperationRecords<S> { records in
    records.add("cholesky", [regular([3, 3])]) { try! positive($0[0]).cholesky() }
    records.add("cholesky, batch", [regular([2, 2, 2])]) { try! positive($0[0]).cholesky() }
    records.add("triangularSolve", [regular([3, 3]), sample([3, 2], seed: 2)]) { $0[0].triangularSolve($0[1]) }
    records.add("triangularSolve, upper", [regular([3, 3]), sample([3, 2], seed: 2)]) {
      $0[0].triangularSolve($0[1], isUpper: true)
    }
    records.add("triangularSolve, unit diagonal", [sample([3, 3]), sample([3, 2], seed: 2)]) {
      $0[0].triangularSolve($0[1], hasUnitDiagonal: true)
    }
    records.add("triangularSolve, upper unit diagonal", [sample([3, 3]), sample([3, 2], seed: 2)]) {
      $0[0].triangularSolve($0[1], isUpper: true, hasUnitDiagonal: true)
    }
    records.add("triangularSolve, vector", [regular([3, 3]), sample([3], seed: 2)]) { $0[0].triangularSolve($0[1]) }
    records.add("triangularSolve, broadcast", [regular([2, 2, 2]), sample([2, 3], seed: 2)]) {
      $0[0].triangularSolve($0[1])
    }
    records.add("solve", [regular([3, 3]), sample([3, 2], seed: 2)]) { try! $0[0].solve($0[1]) }
    records.add("solve, vector", [regular([3, 3]), sample([3], seed: 2)]) { try! $0[0].solve($0[1]) }
    records.add("solve, broadcast", [regular([2, 2]), sample([2, 2, 1], seed: 2)]) { try! $0[0].solve($0[1]) }
    records.add("inverse", [regular([2, 2, 2])]) { try! $0[0].inverse() }
    records.add("determinant", [regular([2, 3, 3])]) { $0[0].determinant() }
    records.add("logDeterminant", [regular([2, 3, 3])]) { $0[0].logDeterminant().logMagnitude }
    records.add("qr, q", [signedSample([4, 3])]) { $0[0].qr().q }
    records.add("qr, r", [signedSample([4, 3])]) { $0[0].qr().r }
    records.add("qr, square batch", [regular([2, 2, 2])]) {
      let (q, r) = $0[0].qr(); return squared(q) + r
    }
    records.add("qr, wide", [signedSample([2, 4])]) {
      let (q, r) = $0[0].qr(); return q.sum() * r
    }
    records.add("svd, s", [signedSample([4, 3])]) { try! $0[0].svd().s }
    records.add("svd, tall", [signedSample([4, 2])]) { decomposed($0[0]) }
    records.add("svd, wide", [signedSample([2, 4])]) { decomposed($0[0]) }
    records.add("svd, square batch", [regular([2, 2, 2])]) { decomposed($0[0]) }
    records.add("symmetricEigen, values", [regular([3, 3])]) { try! symmetric($0[0]).symmetricEigen().values }
    records.add("symmetricEigen", [regular([2, 3, 3])]) {
      let (values, vectors) = try! symmetric($0[0]).symmetricEigen()
      return squared(vectors) * (values.unsqueezed(-2) + 1)
    }
  }.all
}

private func symmetric<S: TensorScalar>(_ x: Tensor<S>) -> Tensor<S> { x + x.transposed() }

private func positive<S: TensorScalar>(_ x: Tensor<S>) -> Tensor<S> {
  x.matmul(x.transposed()) + Tensor.eye(x.shape[x.rank - 1])
}

/// Something of all three factors that does not depend on the signs of singular vectors.
private func decomposed<S: TensorScalar>(_ x: Tensor<S>) -> Tensor<S> {
  let (u, s, v) = try! x.svd()
  return Tensor.concatenated([squared(u), squared(v), u.sum(along: -2, keepsAxes: true) * v], along: -2)
    * (s.unsqueezed(-2) + 1)
}
