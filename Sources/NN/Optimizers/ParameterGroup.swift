import Tensor

/// Parameters that share a learning rate and a weight decay.
public struct ParameterGroup<Scalar: TensorScalar> {
  /// What messages and saved state call it.
  public var name: String
  /// The parameters, named.
  public let parameters: [NamedParameter<Scalar>]
  /// The learning rate before the schedule's factor.
  public var learningRate: Double
  /// The weight decay; nil takes the rule's.
  public var weightDecay: Double?

  /// Makes a group; without a name it is called by its position.
  public init(
    _ parameters: [NamedParameter<Scalar>], learningRate: Double, weightDecay: Double? = nil, name: String = ""
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.name = name
  }
}
