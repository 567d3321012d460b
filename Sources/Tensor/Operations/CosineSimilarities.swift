extension Tensor where Scalar: TensorScalar {
  /// The cosine of the angle of every row with every row of `other`: `[…, m, d]` and `[…, n, d]` to `[…, m, n]`.
  ///
  /// Rows are divided by `max(‖x‖, epsilon)`, so that a row of zeros has cosine 0 with everything; its gradient is that of
  /// a division by ε: huge, and other rows get none through it, all as in PyTorch. Two matrices are fused, forward and
  /// backward: products of the rows as they are, scaled by the inverse lengths, so that nothing of the rows' size is
  /// copied. Traps where the shapes do not fit.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func cosineSimilarities(
    to other: Tensor, epsilon: Scalar = 1e-12, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireRows("cosineSimilarities", other, file, line)
    guard rank == 2, other.rank == 2 else {
      return normalized(along: -1, epsilon: epsilon)
        .matmul(other.normalized(along: -1, epsilon: epsilon).transposed(), file: file, line: line)
    }
    let (cosines, inverses, rows) = Engine.cosineSimilarities(array, other.array, epsilon: epsilon)
    return Tensor(cosines).recorded("cosineSimilarities", [self, other]) { g, shares in
      if Recording.isOn {
        let unit = normalized(along: 1, epsilon: epsilon)
        let otherUnit = other.normalized(along: 1, epsilon: epsilon)
        shares.add(normalizedGradient(g.matmul(otherUnit), epsilon), to: 0)
        shares.add(other.normalizedGradient(g.transposed().matmul(unit), epsilon), to: 1)
      } else {
        let (a, b) = Engine.cosineSimilaritiesPullback(
          g.array, cosines: cosines, rows.0, rows.1, inverses: inverses, epsilon: epsilon,
          wants: (shares.isWanted(0), shares.isWanted(1)))
        if let a { shares.add(Tensor(a), to: 0) }
        if let b { shares.add(Tensor(b), to: 1) }
      }
    }
  }

  /// The gradient of a matrix from that of its normalised rows, in differentiable operations.
  private func normalizedGradient(_ g: Tensor, _ epsilon: Scalar) -> Tensor {
    let squares = (self * self).sum(along: 1, keepsAxes: true)
    let isTiny = squares.detached .<= Tensor(epsilon * epsilon)
    let inverse = rsqrt(squares.replacing(with: 1, where: isTiny)).replacing(with: 1 / epsilon, where: isTiny)
    let unit = self * inverse
    let radial = (unit * g).sum(along: 1, keepsAxes: true).replacing(with: 0, where: isTiny)
    return (g - unit * radial) * inverse
  }
}
