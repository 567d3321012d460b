import Tensor
import _TestSupport

func decompositionRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = [3, 4]
    records.add("cholesky", [signedSample([3, 3])]) { try! positive($0[0]).cholesky() }
    records.add("cholesky, batch", [signedSample([2, 2, 2])]) { try! positive($0[0]).cholesky() }
    records.add("triangularSolve", [signedSample([3, 3]), sample([3, 2], seed: 2)]) {
      regular($0[0]).triangularSolve($0[1])
    }
    records.add("triangularSolve, upper", [signedSample([3, 3]), sample([3, 2], seed: 2)]) {
      regular($0[0]).triangularSolve($0[1], isUpper: true)
    }
    records.add("triangularSolve, unit diagonal", [sample([3, 3]), sample([3, 2], seed: 2)]) {
      $0[0].triangularSolve($0[1], hasUnitDiagonal: true)
    }
    records.add("triangularSolve, upper unit diagonal", [sample([3, 3]), sample([3, 2], seed: 2)]) {
      $0[0].triangularSolve($0[1], isUpper: true, hasUnitDiagonal: true)
    }
    records.add("triangularSolve, vector", [signedSample([3, 3]), sample([3], seed: 2)]) {
      regular($0[0]).triangularSolve($0[1])
    }
    records.add("triangularSolve, broadcast", [signedSample([2, 2, 2]), sample([2, 3], seed: 2)]) {
      regular($0[0]).triangularSolve($0[1])
    }
    records.add("solve", [signedSample([3, 3]), sample([3, 2], seed: 2)]) { try! regular($0[0]).solve($0[1]) }
    records.add("solve, vector", [signedSample([3, 3]), sample([3], seed: 2)]) { try! regular($0[0]).solve($0[1]) }
    records.add("solve, broadcast", [signedSample([2, 2]), sample([2, 2, 1], seed: 2)]) {
      try! regular($0[0]).solve($0[1])
    }
    records.add("inverse", [signedSample([2, 2, 2])]) { try! regular($0[0]).inverse() }
    records.add("determinant", [signedSample([2, 3, 3])]) { regular($0[0]).determinant() }
    records.add("logDeterminant", [signedSample([2, 3, 3])]) { regular($0[0]).logDeterminant().logMagnitude }
    records.add("qr, q", [signedSample([4, 3])]) { regular($0[0]).qr().q }
    records.add("qr, r", [signedSample([4, 3])]) { regular($0[0]).qr().r }
    records.add("qr, square batch", [signedSample([2, 2, 2])]) {
      let (q, r) = regular($0[0]).qr(); return squared(q) + r
    }
    records.add("qr, wide", [signedSample([2, 4])]) {
      let (q, r) = regular($0[0]).qr(); return q.sum() * r
    }
    records.add("svd, s", [signedSample([4, 3])]) { try! regular($0[0]).svd().s }
    records.add("svd, tall", [signedSample([4, 2])]) { decomposed(regular($0[0])) }
    records.add("svd, wide", [signedSample([2, 4])]) { decomposed(regular($0[0])) }
    records.add("svd, square batch", [signedSample([2, 2, 2])]) { decomposed(regular($0[0])) }
    records.add("symmetricEigen, values", [signedSample([3, 3])]) { try! symmetric($0[0]).symmetricEigen().values }
    records.add("symmetricEigen", [signedSample([2, 3, 3])]) {
      let (values, vectors) = try! symmetric($0[0]).symmetricEigen()
      return squared(vectors) * (values.unsqueezed(-2) + 1)
    }

    records.addError("cholesky", "cholesky: [2, 3] is no square matrix") { try zeros(2, 3).cholesky() }
    records.addError("triangularSolve", "triangularSolve: matrix [2, 2] does not fit the right-hand side [3, 1]") {
      zeros(2, 2).triangularSolve(zeros(3, 1))
    }
    records.addError("solve", "solve: matrix [2, 2] does not fit the right-hand side [3, 1]") {
      try zeros(2, 2).solve(zeros(3, 1))
    }
    records.addError("inverse", "inverse: [2, 3] is no square matrix") { try zeros(2, 3).inverse() }
    records.addError("determinant", "determinant: [2, 3] is no square matrix") { zeros(2, 3).determinant() }
    records.addError("logDeterminant", "logDeterminant: [3] is no square matrix") { zeros(3).logDeterminant() }
    records.addError("qr", "qr: shape [3] has fewer than two axes") { zeros(3).qr() }
    records.addError("svd", "svd: shape [3] has fewer than two axes") { try zeros(3).svd() }
    records.addError("symmetricEigen", "symmetricEigen: [2, 3] is no square matrix") {
      try zeros(2, 3).symmetricEigen()
    }
  }
}

/// Something far from singular, whatever the rows: with 3, 4, … added to the diagonal.
func regular<S: TensorScalar>(_ x: Tensor<S>) -> Tensor<S> {
  let (rows, columns) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
  let size = max(rows, columns)
  if size == 0 { return x }
  let diagonal = Tensor<S>.linspace(from: 3, through: S(2 + size), count: size).diagonalMatrix()
  return x + diagonal.sliced(along: 0, 0..<rows).sliced(along: 1, 0..<columns)
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
