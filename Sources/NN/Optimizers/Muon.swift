import Tensor

/// Muon (Jordan et al., 2024), as PyTorch defines it: momentum whose matrices are brought near to orthogonal ones, with decoupled
/// weight decay.
///
/// For the matrices of hidden layers; biases, norms, embeddings and the last layer are another optimizer's, such as `AdamW`'s. Some
/// Newton–Schulz iterations bring all singular values of the momentum near to 1, roughly, in the precision of the parameters
/// (PyTorch's are made of bfloat16).
public final class Muon<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// By how much a step is longer than the learning rate, which depends on the matrix's outputs and inputs.
  public enum Scaling: Sendable {
    /// `√max(1, outputs / inputs)` (Jordan).
    case original
    /// `0.2 · √max(outputs, inputs)`: steps as long as AdamW's, for its learning rates (Liu et al., 2025).
    case matchingAdamW
    /// `√(outputs / inputs)` (Bernstein).
    case spectral
  }

  /// Makes the optimizer for named parameters, or for groups of them; traps unless all of them are matrices.
  public init<Member: ParameterGroupConvertible<Scalar>>(
    _ parameters: [Member], learningRate: Double = 1e-3, momentum: Double = 0.95, isNesterov: Bool = true,
    weightDecay: Double = 0.1, iterations: Int = 5, scaling: Scaling = .original, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let other = Member.groups(of: parameters).flatMap(\.parameters).first { $0.parameter.shape.count != 2 }
    require(
      other == nil,
      "Muon: parameter '\(other?.name ?? "")' of shape \(other?.parameter.shape ?? []) is no matrix; give it to AdamW",
      file: file, line: line)
    super.init(
      Rule(
        momentum: momentum, isNesterov: isNesterov, weightDecay: weightDecay, iterations: iterations, scaling: scaling),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: OptimizerRule {
    let momentum: Double
    let isNesterov: Bool
    package let weightDecay: Double
    let iterations: Int
    let scaling: Scaling

    package var stateNames: StateNames { ["momentum": \.self] }

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Tensor<Scalar>, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let momentum = Scalar(momentum)
      state = state * momentum + gradient * (1 - momentum)
      let direction = orthogonalized(isNesterov ? gradient * (1 - momentum) + state * momentum : state)
      let (outputs, inputs) = (Double(value.shape[0]), Double(value.shape[1]))
      let scale =
        switch scaling {
        case .original: max(1, outputs / inputs).squareRoot()
        case .matchingAdamW: 0.2 * max(outputs, inputs).squareRoot()
        case .spectral: (outputs / inputs).squareRoot()
        }
      return value * (1 - step.learningRate * step.weightDecay) - direction * (step.learningRate * Scalar(scale))
    }

    /// A matrix with the same singular vectors, whose singular values are near to 1: a polynomial of the fifth degree, again and again.
    private func orthogonalized(_ matrix: Tensor<Scalar>) -> Tensor<Scalar> {
      let isTall = matrix.shape[0] > matrix.shape[1]
      var x = isTall ? matrix.transposed() : matrix
      x = x / max(x.norm().item, 1e-7)
      for _ in 0..<iterations {
        let gram = x.matmul(x.transposed())
        x = x * 3.4445 + (gram * -4.7750 + gram.matmul(gram) * 2.0315).matmul(x)
      }
      return isTall ? x.transposed() : x
    }
  }
}
