import Foundation
import Tensor

/// How an optimizer changes a parameter: the arithmetic of `SGD`, `AdamW`, …, or your own.
///
/// A value that holds the options. What is kept for each parameter from step to step has a type of its own, `State`: a structure of
/// tensors, a single tensor, or nothing (`Void`).
///
/// ```swift
/// struct HeavyBall<Scalar: TensorScalar>: OptimizerRule {
///   var momentum = 0.9
///   var stateNames: StateNames { ["momentum": \.self] }  // the state is one tensor, zeros at first
///   func updated(
///     _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Tensor<Scalar>, step: OptimizerStep<Scalar>
///   ) -> Tensor<Scalar> {
///     state = state * Scalar(momentum) + gradient
///     return value - state * step.learningRate
///   }
/// }
/// let optimizer = Optimizer(HeavyBall(), model.parameters, learningRate: 1e-2)
/// ```
public protocol OptimizerRule<Scalar>: Sendable {
  /// The scalar type of the parameters.
  associatedtype Scalar: TensorScalar
  /// What is kept for each parameter.
  associatedtype State

  /// The state of a parameter before its first step.
  func state(for value: Tensor<Scalar>) -> State

  /// The tensors of the state by the names that they have in files, such as `["mean": \.mean, "variance": \.variance]`.
  ///
  /// Each has the parameter's shape, so that rows of the parameter can be changed, shared out and saved with theirs. What has no name
  /// here is not saved.
  var stateNames: StateNames { get }

  /// The weight decay of groups that have none of their own; 0 unless a rule says otherwise.
  var weightDecay: Double { get }

  /// Whether what becomes of an element depends on nothing but its own value, gradient and state, so that a parameter may be
  /// changed part by part, and its rows lie on several ranks; false unless a rule says otherwise.
  var isElementwise: Bool { get }

  /// The new value of a parameter.
  func updated(
    _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout State, step: OptimizerStep<Scalar>
  ) -> Tensor<Scalar>
}

extension OptimizerRule {
  /// Names of tensors, and where in the state they are.
  public typealias StateNames = KeyValuePairs<String, WritableKeyPath<State, Tensor<Scalar>>>

  /// A rule decays no weights.
  public var weightDecay: Double { 0 }

  /// A rule may look at the parameter as a whole.
  public var isElementwise: Bool { false }
}

extension OptimizerRule where State == Void {
  /// Nothing.
  public func state(for value: Tensor<Scalar>) -> State { () }

  /// None.
  public var stateNames: StateNames { [:] }
}

extension OptimizerRule where State == Tensor<Scalar> {
  /// Zeros.
  public func state(for value: Tensor<Scalar>) -> State { .zeros(value.shape) }
}

/// What a rule is told about a step, besides value, gradient and state.
public struct OptimizerStep<Scalar: TensorScalar>: Sendable {
  /// Which step of this parameter it is, from 1.
  public let count: Int
  /// The group's learning rate, the schedule's factor included.
  public let learningRate: Scalar
  /// The group's weight decay, or the rule's.
  public let weightDecay: Scalar

  /// What averages that start at 0 and keep `beta` of themselves in a step must be divided by: `1 − beta^count`.
  public func biasCorrection(_ beta: Double) -> Scalar { Scalar(1 - pow(Double(Scalar(beta)), Double(count))) }
}
