import Collectives
import Tensor

/// A tensor that a module owns and that training changes: a weight, a running statistic, or something that it remembers.
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
    /// What the module remembers, such as earlier embeddings, a count or a seed; saved and loaded, but neither differentiated nor averaged.
    case memory
  }

  /// Whether it is a weight, a statistic or a memory.
  public let role: Role
  /// Whether it is left out of differentiation and optimisation for now.
  public var isFrozen = false
  /// Where the other rows are, if these are some of the rows of a larger parameter.
  public let shard: ParameterShard?
  /// The rows that take part for now, in ascending order; nil for all.
  public private(set) var activeRows: Tensor<Int>?
  private var leaf = Leaf(isParameter: true)
  private var stored: Tensor<Scalar>
  /// The longest name that a walk over a module has found it under, for messages.
  var path: String?
  /// What stands for the value for a while: a weight that is computed from it, or moved to check gradients.
  private var substitute: Tensor<Scalar>?

  /// Makes a parameter with its first value; with a `shard`, of which `value` are the rows of this rank.
  ///
  /// Traps where the rows are not those of the shard.
  public init(
    _ value: Tensor<Scalar>, role: Role = .weight, shard: ParameterShard? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      shard == nil || value.shape.first == shard!.rows.count,
      "Parameter: a value of shape \(value.shape) for the rows \(shard?.rows ?? 0..<0)", file: file, line: line)
    stored = value.storedInFull
    self.role = role
    self.shard = shard
  }

  /// The current value; tracked, so that gradients flow to it, unless it is frozen or no weight.
  public var value: Tensor<Scalar> { substitute ?? (isTrainable ? stored.tracked(as: leaf) : stored) }

  /// Runs `body` with other tensors in the place of some parameters' values, such as those that a function is differentiated at.
  ///
  /// Checkpointed blocks find them there whenever they are run.
  static func substituting<Result>(
    _ values: [Tensor<Scalar>], for parameters: [Parameter], _ body: () throws -> Result
  ) rethrows -> Result {
    try Surroundings.holding(
      {
        let before = parameters.map(\.substitute)
        for (parameter, value) in zip(parameters, values) { parameter.substitute = value }
        return { for (parameter, value) in zip(parameters, before) { parameter.substitute = value } }
      }, body)
  }

  /// The rows that take part for now, as a leaf of their own; all of them if none were chosen.
  ///
  /// A gradient that arrives here changes these rows alone, and of an optimizer's state theirs.
  public var activeValue: Tensor<Scalar> {
    guard let activeRows else { return value }
    let rows = constant(rows: activeRows)
    return isTrainable ? rows.tracked(as: leaf) : rows
  }

  /// Chooses the rows, all different, that take part from now on (`activeValue`); nil for all.
  ///
  /// Gradients of an earlier choice are strangers to an optimizer from then on. Traps for a row that does not exist.
  public func activate(rows: Tensor<Int>?, file: StaticString = #fileID, line: UInt = #line) {
    if let rows {
      require(
        rows.rank == 1 && rows.scalars.allSatisfy { (0..<shape[0]).contains($0) },
        "Parameter: rows \(rows.shape) are not all of shape \(shape)", file: file, line: line)
    }
    if activeRows != nil || rows != nil { leaf = Leaf(isParameter: true) }
    activeRows = rows
  }

  /// The size along each axis; of a shard, the rows of this rank.
  public var shape: [Int] { stored.shape }

  /// The shape, of a shard that of all ranks' rows together.
  public var wholeShape: [Int] { shard.map { [$0.count] + shape.dropFirst() } ?? shape }

  /// The value, of a shard with the rows of all ranks, which all must ask for together; a constant.
  public var wholeValue: Tensor<Scalar> { whole(stored) }

  /// What belongs to the parameter, such as a moment of an optimizer, with the rows of all ranks.
  func whole(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
    withoutRecording { shard.map { $0.group.gathered(tensor.detached) } ?? tensor.detached }
  }

  /// Of all rows those of this rank.
  func own(_ whole: Tensor<Scalar>) -> Tensor<Scalar> {
    withoutRecording { shard.map { whole.take(Tensor<Int>(Array($0.rows))) } ?? whole }
  }

  /// Whether gradients flow to it.
  public var isTrainable: Bool { role == .weight && !isFrozen }

  /// Replaces the value.
  ///
  /// Traps where the shape differs.
  public func update(_ value: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line) {
    require(
      value.shape == shape, "Parameter: a value of shape \(value.shape) for shape \(shape)", file: file, line: line)
    stored = value.storedInFull
  }

  /// Some rows of the value, outside of any graph.
  func constant(rows: Tensor<Int>) -> Tensor<Scalar> { withoutRecording { stored.take(rows) } }

  /// Replaces some rows of the value.
  func update(rows: Tensor<Int>, _ values: Tensor<Scalar>) { stored.replaceRows(rows, with: values.detached) }

  /// The gradient that arrived here, or nil where the result does not depend on it.
  public func gradient(in gradients: Gradients) -> Tensor<Scalar>? {
    gradients.value(for: leaf, of: Scalar.self)
  }

  /// Replaces the gradient that arrived here.
  public func setGradient(_ gradient: Tensor<Scalar>, in gradients: inout Gradients) {
    gradients.set(gradient, for: (activeRows == nil ? stored : activeValue).tracked(as: leaf))
  }

  /// What its place in the graph is known by.
  var leafIdentity: ObjectIdentifier { ObjectIdentifier(leaf) }
}

/// Which rows of a larger parameter lie on this rank; the others lie on the other ranks of a group.
public struct ParameterShard: Sendable {
  /// The ranks.
  public let group: Group
  /// The rows of this rank.
  public let rows: Range<Int>
  /// The rows of all ranks.
  public let count: Int

  /// Makes a shard; the rows of the ranks, one after another, must be all rows.
  public init(_ group: Group, rows: Range<Int>, of count: Int) {
    (self.group, self.rows, self.count) = (group, rows, count)
  }
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
