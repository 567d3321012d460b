import Tensor

/// Parameters that share a learning rate and a weight decay.
public struct ParameterGroup<Scalar: TensorScalar> {
  /// What messages and saved state call it.
  public var name: String
  /// The parameters, named.
  public let parameters: [NamedParameter<Scalar>]
  /// The learning rate before the schedule's factor; nil takes the optimizer's, so that those of an optimizer all have one.
  public var learningRate: Double?
  /// The weight decay; nil takes the optimizer's.
  public var weightDecay: Double?

  /// Makes a group; without a name it is called by its position.
  public init(
    _ parameters: [NamedParameter<Scalar>], learningRate: Double? = nil, weightDecay: Double? = nil, name: String = ""
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.name = name
  }
}

/// What an optimizer takes a list of: named parameters, which become one group, or groups.
public protocol ParameterGroupConvertible<Scalar> {
  /// The scalar type of the parameters.
  associatedtype Scalar: TensorScalar

  /// The groups that a list stands for.
  static func groups(of list: [Self]) -> [ParameterGroup<Scalar>]
}

extension NamedParameter: ParameterGroupConvertible {
  /// One group of all.
  public static func groups(of list: [NamedParameter]) -> [ParameterGroup<Scalar>] { [ParameterGroup(list)] }
}

extension ParameterGroup: ParameterGroupConvertible {
  /// The list itself.
  public static func groups(of list: [ParameterGroup]) -> [ParameterGroup<Scalar>] { list }
}
