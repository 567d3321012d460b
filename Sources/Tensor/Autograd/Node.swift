/// A tracked tensor's place in the recorded graph: a leaf, or the operation that made it.
///
/// Immutable once built, so that a graph can be shared between threads.
package class Node: @unchecked Sendable {
  let name: StaticString

  init(name: StaticString) { self.name = name }

  /// Tells the pass the nodes of the operation's tracked inputs, in order; a leaf has none.
  func visitSources(_ visitor: inout SourceVisitor) {}

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

/// A list of nodes that somebody else keeps alive.
struct SourceVisitor {
  private(set) var sources: ContiguousArray<Unmanaged<Node>> = []

  init() { sources.reserveCapacity(256) }

  @inline(__always)
  mutating func visit(_ source: Node) { sources.append(.passUnretained(source)) }
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
enum Rule<Scalar: TensorElement> {
  typealias Pullback = Tensor<Scalar>.Pullback
  typealias PullbackUsing = (_ gradient: Tensor<Scalar>, _ used: Tensor<Scalar>) -> Tensor<Scalar>

  case one(Source, Pullback)
  case two(Source, Pullback, Source, Pullback)
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

  init(name: StaticString, _ rule: Rule<Scalar>) {
    self.rule = rule
    super.init(name: name)
  }

  override func visitSources(_ visitor: inout SourceVisitor) {
    switch rule {
    case .one(let source, _), .output(let source, _, _): visitor.visit(source.node)
    case .two(let first, _, let second, _):
      visitor.visit(first.node)
      visitor.visit(second.node)
    case .factors(let first, let second):
      visitor.visit(first.0.node!)
      visitor.visit(second.0.node!)
    case .shares(let sources, _, _): for source in sources { visitor.visit(source.node) }
    case .released: break
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let gradient = pass.slots(of: Scalar.self).take(position) else { return }
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
      let shares = Shares(
        pass: pass, node: self, position: position, sources: sources, places: places, shape: gradient.shape)
      pullback(gradient, shares)
    case .released: break
    }
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() { rule = .released }

  @inline(never)
  private func remove() -> Any {
    defer { release() }
    return rule
  }
}

/// Where a pullback for several inputs puts their shares of a gradient; an input is named by its place in their list.
struct Shares {
  fileprivate let pass: BackwardPass
  fileprivate let node: Node
  fileprivate let position: Int
  fileprivate let sources: [Source]
  fileprivate let places: [Int]
  /// The gradient's shape.
  fileprivate let shape: [Int]

  /// Adds an input's share, in the input's shape or one that broadcasting gave it.
  func add<Scalar: TensorElement>(_ share: Tensor<Scalar>, to input: Int) {
    guard let target = target(input) else { return }
    pass.add(share, sources[places[input]].shape ?? shape, at: target, from: node)
  }

  /// Adds an input's share whose shape is the input's, whatever the gradient's is.
  func addWhole<Scalar: TensorElement>(_ share: Tensor<Scalar>, to input: Int) {
    if let target = target(input) { pass.add(share, share.shape, at: target, from: node) }
  }

  /// Adds elements at some row-major positions, all different, of an input's gradient; false where there is none that may be
  /// written to.
  func addInPlace<Scalar: TensorElement>(_ elements: Tensor<Scalar>, at positions: Tensor<Int>, to input: Int) -> Bool {
    target(input).map { pass.addInPlace(elements, positions, at: $0) } ?? true
  }

  /// Whether an input's gradient is asked for.
  func isWanted(_ input: Int) -> Bool { target(input) != nil }

  private func target(_ input: Int) -> Int? { places[input] < 0 ? nil : pass.target(of: position, places[input]) }
}
