import Tensor

extension Gradients {
  /// The joint Euclidean norm of the gradients of some parameters; 0 where none of them has one.
  ///
  /// Of parameters in shards it is the norm of all ranks' rows, which all must ask for together.
  public func norm<Scalar: TensorScalar>(of parameters: [NamedParameter<Scalar>]) -> Scalar {
    withoutRecording {
      parameters.reduce(Scalar(0)) { sum, named in
        // A rank without a gradient for its rows takes part in the others' sum.
        let own = named.parameter.gradient(in: self).map { ($0 * $0).sum() } ?? Tensor(0)
        return sum + (named.parameter.shard.map { $0.group.sum(own) } ?? own).item
      }.squareRoot()
    }
  }

  /// Scales the gradients of some parameters down to a joint Euclidean norm, and returns the norm they had.
  ///
  /// As PyTorch's `clip_grad_norm_`. Of parameters in shards it is the norm of all ranks' rows, which all must ask for together. A norm that is NaN or infinite is returned and nothing changed.
  @discardableResult
  public mutating func clipNorm<Scalar: TensorScalar>(
    of parameters: [NamedParameter<Scalar>], to limit: Scalar
  ) -> Scalar {
    let norm = norm(of: parameters)
    let factor = limit / (norm + 1e-6)
    guard norm.isFinite, factor < 1 else { return norm }
    for named in parameters {
      guard let gradient = named.parameter.gradient(in: self) else { continue }
      named.parameter.setGradient(gradient * factor, in: &self)
    }
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

extension Array {
  /// The joint Euclidean norm of parameters as they are now; of those in shards with the rows of all ranks, which all must ask together.
  public func norm<Scalar: TensorScalar>() -> Scalar where Element == NamedParameter<Scalar> {
    withoutRecording {
      reduce(Scalar(0)) { sum, named in
        let value = named.parameter.value.detached
        let own = (value * value).sum()
        return sum + (named.parameter.shard.map { $0.group.sum(own) } ?? own).item
      }.squareRoot()
    }
  }
}
