/// A tracked tensor's place in the recorded graph: a leaf, or the operation that made it.
///
/// Immutable once built, so that a graph can be shared between threads.
package class Node: @unchecked Sendable {
  let name: StaticString
  /// Whether the tensor here is stored as bfloat16, and so its gradient; set before anybody else sees the node.
  final var isBFloat16 = false
  /// Whether this is the place of an argument of a function that is being differentiated: until the function returns.
  final var isOpenArgument = false

  init(name: StaticString) { self.name = name }

  /// Appends the nodes of the operation's tracked inputs, in order, to a list that does not keep them alive; a leaf has none.
  func appendSources(to list: inout ContiguousArray<Unmanaged<Node>>) {}

  /// Takes the gradient that has arrived here and hands each source its share.
  func propagate(_ position: Int, in pass: BackwardPass) {}
}

/// A tensor that gradients are asked for.
package final class Leaf: Node, @unchecked Sendable {
  /// Set for the leaf of a trainable parameter: an optimizer must know it.
  package let isParameter: Bool

  package init(isParameter: Bool = false) {
    self.isParameter = isParameter
    super.init(name: "leaf")
  }
}

/// A tracked input of an operation: its node, and its shape where that is not the output's, as it mostly is.
struct Source {
  let node: Node
  let shape: [Int]?

  init(_ node: Node) { (self.node, shape) = (node, nil) }

  /// Nil for an input that is not tracked.
  @inline(__always)
  init?<Scalar>(_ input: borrowing Tensor<Scalar>, to output: Layout) {
    guard let node = input.node else { return nil }
    self.node = node
    shape = input.layout === output || input.layout.shape == output.shape ? nil : input.layout.shape
  }
}

/// How the gradient of an operation's output becomes those of its tracked inputs.
///
/// Not copyable, so that a walk over the graph counts no references.
enum Rule<Scalar: TensorElement>: ~Copyable {
  typealias PullbackUsing = (_ gradient: Tensor<Scalar>, _ used: Tensor<Scalar>) -> Tensor<Scalar>

  case one(Source, Tensor<Scalar>.Pullback)
  case two(Source, Tensor<Scalar>.Pullback, Source, Tensor<Scalar>.Pullback)
  /// One input; the pullback gets the output, too, which is kept without its node: that would be a cycle.
  case output(Source, NDArray<Scalar>, PullbackUsing)
  /// An operation that is linear in each of two inputs, which it keeps: each pullback gets the other input.
  case factors((Tensor<Scalar>, [Int]?, PullbackUsing), (Tensor<Scalar>, [Int]?, PullbackUsing))
  /// Any inputs, of any scalar type: one pullback hands out all the shares, by an input's place in the list of inputs, for
  /// which the numbers say its place among the tracked ones (−1 for the others).
  case shares([Source], places: [Int], (Tensor<Scalar>, Shares) -> Void)
  /// What is left of a node that is dying.
  case released
}

/// An operation with tracked inputs.
final class Operation<Scalar: TensorElement>: Node, @unchecked Sendable {
  /// Let go of only when the node dies.
  @exclusivity(unchecked)
  private var rule: Rule<Scalar>

  @inline(__always)
  init(_ name: StaticString, _ rule: consuming Rule<Scalar>) {
    self.rule = rule
    super.init(name: name)
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  override func appendSources(to list: inout ContiguousArray<Unmanaged<Node>>) {
    switch rule {
    case .one(let source, _): list.append(.passUnretained(source.node))
    case .output(let source, _, _): list.append(.passUnretained(source.node))
    case .two(let first, _, let second, _):
      list.append(.passUnretained(first.node))
      list.append(.passUnretained(second.node))
    case .factors(let first, let second):
      list.append(.passUnretained(first.0.node!))
      list.append(.passUnretained(second.0.node!))
    case .shares(let sources, _, _): for source in sources { list.append(.passUnretained(source.node)) }
    case .released: break
    }
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let arrived = pass.slots(of: Scalar.self).take(position) else { return }
    let gradient = isBFloat16 ? narrowed(arrived) : arrived
    switch rule {
    case .one(let source, let pullback):
      pass.pull(gradient, to: 0, of: position, source.shape, self) { pullback(gradient) }
    case .two(let first, let firstPullback, let second, let secondPullback):
      pass.pull(gradient, to: 0, of: position, first.shape, self) { firstPullback(gradient) }
      pass.pull(gradient, to: 1, of: position, second.shape, self) { secondPullback(gradient) }
    case .output(let source, let output, let pullback):
      pass.pull(gradient, to: 0, of: position, source.shape, self) { pullback(gradient, Tensor(output, node: self)) }
    case .factors(let first, let second):
      pass.pull(gradient, to: 0, of: position, first.1, self) { first.2(gradient, second.0) }
      pass.pull(gradient, to: 1, of: position, second.1, self) { second.2(gradient, first.0) }
    case .shares(let sources, let places, let pullback):
      pass.narrow(sources[0].node.isBFloat16)  // for what all shares have in common
      let shares = Shares(
        pass: pass, node: self, position: position, sources: sources, places: places, shape: gradient.shape)
      pullback(gradient, shares)
    case .released: break
    }
  }

  /// A gradient stored as bfloat16, unless it is recorded.
  @inline(never)
  private func narrowed(_ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
    gradient.node == nil ? Tensor(gradient.array.narrowed()) : gradient
  }

  deinit { ReleaseQueue.free({ rule = .released }, orLater: remove) }

  /// What the node holds, as another node.
  @inline(never)
  private func remove() -> Any {
    let other = Operation(name, .released)
    swap(&rule, &other.rule)
    return other
  }
}
