/// The gradients of one result with respect to the tracked tensors it was computed from.
///
/// A value, keyed by the identity of the tracked tensor: nothing to reset between steps, nothing shared.
public struct Gradients: Sendable {
  struct Entry: Sendable {
    let leaf: Node
    let value: any Sendable
  }

  private var entries: [ObjectIdentifier: Entry]

  init(_ entries: [ObjectIdentifier: Entry]) { self.entries = entries }

  /// The gradient for a tracked tensor, in its shape.
  ///
  /// Traps for a tensor that was never tracked, and for one that the result does not depend on: there
  /// `gradients[ifPresent:]` is nil.
  public subscript<Scalar: TensorScalar>(
    _ tensor: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    guard let gradient = value(for: tensor, file, line) else {
      trap(
        "Gradients: none has arrived at this tensor of shape \(tensor.shape), because the result does not depend on it; "
          + "each .tracked() is a leaf of its own, and [ifPresent:] is nil where there is none", file: file, line: line)
    }
    return gradient
  }

  /// The gradient for a tracked tensor, or nil where the result does not depend on it.
  ///
  /// Traps for a tensor that was never tracked.
  public subscript<Scalar: TensorScalar>(
    ifPresent tensor: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar>? {
    value(for: tensor, file, line)
  }

  private func value<Scalar: TensorScalar>(
    for tensor: Tensor<Scalar>, _ file: StaticString, _ line: UInt
  ) -> Tensor<Scalar>? {
    guard let node = tensor.node else {
      trap("Gradients: a tensor of shape \(tensor.shape) is not tracked; use .tracked()", file: file, line: line)
    }
    return entries[ObjectIdentifier(node)].map { $0.value as! Tensor<Scalar> }
  }

  /// The gradient for an argument of a differentiated function; where none has arrived, zeros if that is allowed.
  func arrived<Scalar: TensorScalar>(
    at leaf: Tensor<Scalar>, _ name: StaticString, _ allowsUnused: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor<Scalar> {
    if let gradient = value(for: leaf, file, line) { return gradient }
    require(
      allowsUnused,
      "\(name): the function's result does not depend on an argument of shape \(leaf.shape); pass allowsUnused: true "
        + "if its gradient is meant to be zero", file: file, line: line)
    return .zeros(leaf.shape)
  }

  /// The number of tracked tensors that a gradient has arrived at.
  public var count: Int { entries.count }

  /// Replaces the gradient for a tracked tensor, as gradient clipping does.
  ///
  /// Traps for a tensor that was never tracked, and for a gradient of another shape.
  public mutating func set<Scalar: TensorScalar>(
    _ gradient: Tensor<Scalar>, for tensor: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let node = tensor.node, gradient.shape == tensor.shape else {
      trap(
        "Gradients: \(gradient.shape) is no gradient for \(tensor.isTracked ? "a" : "an untracked") tensor of shape \(tensor.shape)",
        file: file, line: line)
    }
    entries[ObjectIdentifier(node)] = Entry(leaf: node, value: gradient)
  }

  /// Adds the gradients of another result: what accumulates a step over several batches.
  public mutating func add(_ other: Gradients) {
    entries.merge(other.entries) { own, other in Entry(leaf: own.leaf, value: sum(own.value, other.value)) }
  }

  /// The gradient that arrived at a node, if it is of this scalar type.
  package func value<Scalar: TensorScalar>(for node: Node, of: Scalar.Type) -> Tensor<Scalar>? {
    entries[ObjectIdentifier(node)]?.value as? Tensor<Scalar>
  }

  /// The leaves of parameters that a gradient has arrived at.
  package var parameterLeaves: [Leaf] { entries.values.compactMap { $0.leaf as? Leaf }.filter(\.isParameter) }
}

/// The sum of two gradients for one leaf.
private func sum(_ a: any Sendable, _ b: any Sendable) -> any Sendable {
  if let a = a as? Tensor<Float> { return a + (b as! Tensor<Float>) }
  return (a as! Tensor<Double>) + (b as! Tensor<Double>)
}

extension Tensor where Scalar: TensorScalar {
  /// The same values as a leaf of the graph: what is computed from it can be differentiated with respect to it.
  public func tracked() -> Tensor { Tensor(array, node: Leaf()) }

  /// The same values as the given leaf.
  package func tracked(as leaf: Leaf) -> Tensor { Tensor(array, node: leaf) }

  /// The gradients of this number with respect to every tracked tensor that it was computed from.
  ///
  /// Traps unless the tensor has one element; multiply by a weight and sum first where it has more. Traps for a tensor that
  /// was computed from no tracked one, unless `allowsUntracked`: then there are no gradients. The gradients themselves are
  /// not recorded, so that they are constants in whatever is computed from them; for higher orders use `gradient(at:of:)`. So it
  /// traps inside a function that is being differentiated, where it reaches that function's argument.
  ///
  /// Where nothing else holds the tensor, as in `loss(model(x)).backward()`, what was stored for the gradients is freed on the
  /// way. Where a variable holds it, the graph stays and can be differentiated again; `valueWithGradients` gives value and
  /// gradients without that.
  public consuming func backward(
    allowsUntracked: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Gradients {
    let shape = shape
    require(
      count == 1, "backward: the result has shape \(shape); reduce it to one number first", file: file, line: line)
    guard let node else {
      require(
        allowsUntracked,
        "backward: the result, of shape \(shape), was computed from no tracked tensor: nothing would get a gradient. "
          + (Recording.isOn
            ? "It was made inside withoutRecording, detached, or made from constants (frozen parameters are); use "
            : "This is inside withoutRecording, where nothing is recorded; use ")
          + "a parameter's value or .tracked(), outside withoutRecording, or pass allowsUntracked: true", file: file,
        line: line)
      return Gradients([:])
    }
    _ = consume self
    let pass = BackwardPass(root: consume node, wanted: nil)
    require(
      !pass.reachesOpenArgument,
      "backward: the result depends on the argument of a function that is being differentiated; these gradients would be constants "
        + "there, and second derivatives zeros: use gradient(at:of:) instead, or start at the argument's .detached.tracked()",
      file: file, line: line)
    return pass.run(seed: Tensor<Scalar>.ones(shape), recording: false)
  }

  /// A leaf for one differentiation: constant tensors become leaves, tracked ones stay connected to the outer graph.
  func leaf() -> Tensor {
    let place = Source(self, to: layout).map { Operation<Scalar>("identity", .one($0) { $0 }) } ?? Leaf()
    TapeObserver.current?.begins(at: place, after: node)
    return Tensor(array, node: place)
  }
}
