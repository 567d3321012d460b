import Tensor

extension Gradients {
  /// Scales the gradients of some parameters down to a joint Euclidean norm, and returns the norm they had.
  ///
  /// As PyTorch's `clip_grad_norm_`. Of parameters in shards it is the norm of all ranks' rows, which all must ask for together. A norm that is NaN or infinite is returned and nothing changed.
  @discardableResult
  public mutating func clipNorm<Scalar: TensorScalar>(
    of parameters: [NamedParameter<Scalar>], to limit: Scalar
  ) -> Scalar {
    let present = parameters.compactMap { named in named.parameter.gradient(in: self).map { (named.parameter, $0) } }
    let norm = withoutRecording {
      present.reduce(Scalar(0)) { sum, entry in
        let own = (entry.1 * entry.1).sum()
        return sum + (entry.0.shard.map { $0.group.sum(own) } ?? own).item
      }.squareRoot()
    }
    let factor = limit / (norm + 1e-6)
    guard norm.isFinite, factor < 1 else { return norm }
    for (parameter, gradient) in present { parameter.setGradient(gradient * factor, in: &self) }
    return norm
  }

  /// Clamps every element of the gradients of some parameters to ±limit, as PyTorch's `clip_grad_value_`.
  public mutating func clipValues<Scalar: TensorScalar>(of parameters: [NamedParameter<Scalar>], to limit: Scalar) {
    for named in parameters {
      guard let gradient = named.parameter.gradient(in: self) else { continue }
      named.parameter.setGradient(gradient.clamped(to: -limit...limit), in: &self)
    }
  }
}
