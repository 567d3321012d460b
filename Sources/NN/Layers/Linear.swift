import Tensor

/// A linear map of the last axis: `x · weightᵀ + bias`.
///
/// `[…, inputs]` gives `[…, outputs]`; the weight is `[outputs, inputs]`, as in PyTorch.
public final class Linear<Scalar: TensorScalar>: Layer {
  /// `[outputs, inputs]`, initialised uniformly in ±1/√inputs.
  public let weight: Parameter<Scalar>
  /// `[outputs]`, if there is one; initialised in the same way.
  public let bias: Parameter<Scalar>?

  /// Makes a linear layer.
  public init(_ inputs: Int, _ outputs: Int, hasBias: Bool = true, using generator: inout RandomGenerator) {
    weight = Parameter(.scaledUniform([outputs, inputs], fanIn: inputs, using: &generator))
    bias = hasBias ? Parameter(.scaledUniform([outputs], fanIn: inputs, using: &generator)) : nil
  }

  /// The mapped tensor; traps unless the input is `[…, inputs]`.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    weight.requireEnd([weight.shape[1]], of: input, "Linear")
    let output = input.matmul(weight.value.transposed())
    return bias.map { output + $0.value } ?? output
  }
}
