import Tensor

/// A tensor that a module owns and that training changes: a weight, or a running statistic.
///
/// A reference: the module, the optimizer and the file loader mean the same parameter. Its place in the graph stays the
/// same for life, so gradients are found by it.
public final class Parameter<Scalar: TensorScalar> {
  /// What a parameter is for.
  public enum Role: Sendable {
    /// Changed by an optimizer.
    case weight
    /// Changed by the module itself while training, such as a running mean; saved and loaded, but never differentiated.
    case statistic
  }

  /// Whether it is a weight or a statistic.
  public let role: Role
  /// Whether it is left out of differentiation and optimisation for now.
  public var isFrozen = false
  private let leaf = Leaf(isParameter: true)
  private var stored: Tensor<Scalar>

  /// Makes a parameter with its first value.
  public init(_ value: Tensor<Scalar>, role: Role = .weight) {
    stored = value.detached
    self.role = role
  }

  /// The current value; tracked, so that gradients flow to it, unless it is frozen or a statistic.
  public var value: Tensor<Scalar> {
    isTrainable ? stored.tracked(as: leaf) : stored
  }

  /// The size along each axis.
  public var shape: [Int] { stored.shape }

  /// Whether gradients flow to it.
  public var isTrainable: Bool { role == .weight && !isFrozen }

  /// Replaces the value.
  ///
  /// Traps where the shape differs.
  public func update(_ value: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line) {
    require(
      value.shape == shape, "Parameter: a value of shape \(value.shape) for shape \(shape)", file: file, line: line)
    stored = value.detached
  }

  /// The gradient that arrived here, or nil where the result does not depend on it.
  public func gradient(in gradients: Gradients) -> Tensor<Scalar>? {
    gradients[ifPresent: stored.tracked(as: leaf)]
  }

  /// Replaces the gradient that arrived here.
  public func setGradient(_ gradient: Tensor<Scalar>, in gradients: inout Gradients) {
    gradients.set(gradient, for: stored.tracked(as: leaf))
  }

  /// What its place in the graph is known by.
  var leafIdentity: ObjectIdentifier { ObjectIdentifier(leaf) }
}

/// A parameter and its dotted name, such as `layer1.0.conv1.weight`.
public struct NamedParameter<Scalar: TensorScalar> {
  /// The path of property names and positions from the module that was asked.
  public let name: String
  /// The parameter.
  public let parameter: Parameter<Scalar>

  /// Names a parameter that belongs to no module, for an optimizer's group.
  public init(name: String, parameter: Parameter<Scalar>) {
    (self.name, self.parameter) = (name, parameter)
  }
}
