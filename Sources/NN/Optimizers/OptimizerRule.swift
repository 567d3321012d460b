import Tensor

/// How an optimizer changes a parameter: `SGD`, `Adam`, `AdamW`, or one of your own.
///
/// A value: what it keeps for each parameter is handed to it.
///
/// ```swift
/// struct SignDescent: OptimizerRule {
///   var weightDecay = 0.0
///   var stateNames: [String] { [] }
///   func updated<Scalar: TensorScalar>(
///     _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout OptimizerState<Scalar>, learningRate: Scalar,
///     weightDecay: Scalar
///   ) -> Tensor<Scalar> { value - (sign(gradient) + value * weightDecay) * learningRate }
/// }
/// ```
public protocol OptimizerRule: Sendable {
  /// The weight decay of groups that have none of their own.
  var weightDecay: Double { get }

  /// The names of the tensors that are kept for each parameter, such as `momentum`; files have them too.
  var stateNames: [String] { get }

  /// Whether what becomes of an element depends on nothing but its own value, gradient and state, so that a large parameter may be
  /// changed part by part; false unless a rule says otherwise.
  var isElementwise: Bool { get }

  /// The new value of a parameter.
  func updated<Scalar: TensorScalar>(
    _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout OptimizerState<Scalar>, learningRate: Scalar,
    weightDecay: Scalar
  ) -> Tensor<Scalar>
}

extension OptimizerRule {
  /// A rule may look at the parameter as a whole.
  public var isElementwise: Bool { false }
}

/// What an optimizer keeps for a parameter: tensors by the names of its rule, zeros at first, and how often it was changed.
public struct OptimizerState<Scalar: TensorScalar> {
  /// The parameter's own steps, counted from 1.
  public internal(set) var step = 0
  let names: [String]
  private(set) var tensors: [Tensor<Scalar>]

  init(names: [String], shape: [Int]) {
    self.names = names
    tensors = names.map { _ in .zeros(shape) }
  }

  /// The tensor of a name; traps for one that the rule does not have.
  public subscript(name: String) -> Tensor<Scalar> {
    get { tensors[position(of: name)] }
    set { tensors[position(of: name)] = newValue }
  }

  /// The same of some rows.
  func rows(_ rows: Tensor<Int>) -> OptimizerState {
    var part = self
    for index in tensors.indices { part.tensors[index] = tensors[index].take(rows) }
    return part
  }

  /// Takes some rows from another state.
  mutating func replace(_ rows: Tensor<Int>, by part: OptimizerState) {
    for index in tensors.indices { tensors[index].replaceRows(rows, with: part.tensors[index]) }
  }

  private func position(of name: String) -> Int {
    guard let position = names.firstIndex(of: name) else {
      trap("OptimizerState: nothing is called '\(name)', only \(names)", file: #fileID, line: #line)
    }
    return position
  }
}
