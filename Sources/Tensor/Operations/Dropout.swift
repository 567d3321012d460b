extension Tensor where Scalar: TensorScalar {
  /// Sets each element to zero with a probability and divides the others by `1 − probability` to keep the mean.
  ///
  /// Srivastava et al., 2014. The generator decides; the same state drops the same elements. Dropped elements get no
  /// gradient, even infinite ones. Probability 1 gives zeros. Traps for a probability outside `0...1`.
  public func dropout(
    _ probability: Double, using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require((0...1).contains(probability), "dropout: \(probability) is not in 0...1", file: file, line: line)
    if probability == 0 { return self }
    let keeps = Tensor.uniform(shape, using: &generator) .>= Tensor(Scalar(probability))
    if probability == 1 { return Tensor.where(Tensor<Bool>(false), self, Tensor(0)) }
    return Tensor.where(keeps, self * Scalar(1 / (1 - probability)), Tensor(0))
  }
}
