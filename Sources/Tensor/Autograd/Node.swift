/// A tracked tensor's place in the recorded graph: a leaf, or the operation that made it.
///
/// Immutable once built, so that a graph can be shared between threads.
package class Node: @unchecked Sendable {
  let name: StaticString

  init(name: StaticString) { self.name = name }

  /// Whether this is the graph's end: nothing was recorded before it.
  var isLeaf: Bool { false }

  /// Tells the pass the nodes of the operation's tracked inputs, in order.
  func visitSources(_ visitor: inout SourceVisitor) {}

  /// Takes the gradient that has arrived here and hands each source its share.
  func propagate(_ position: Int, in pass: BackwardPass) {}
}

/// A list of nodes that somebody else keeps alive.
struct SourceVisitor {
  private(set) var sources: ContiguousArray<Unmanaged<Node>> = []

  init() { sources.reserveCapacity(256) }

  /// Whether the graph converts between scalar types.
  var meetsCast = false

  @inline(__always)
  mutating func visit(_ source: Unmanaged<Node>) { sources.append(source) }
}

/// A tensor that gradients are asked for.
package final class Leaf: Node, @unchecked Sendable {
  /// Set for the leaf of a trainable parameter: an optimizer must know it.
  package let isParameter: Bool

  override var isLeaf: Bool { true }

  package init(isParameter: Bool = false) {
    self.isParameter = isParameter
    super.init(name: "leaf")
  }
}

/// One tracked input of an operation, with the pullback that turns the output's gradient into this input's.
struct Edge<Scalar: TensorScalar> {
  let source: Node
  let shape: [Int]
  let pullback: (Tensor<Scalar>) -> Tensor<Scalar>
}

/// An operation with any number of tracked inputs of its output's scalar type.
final class Operation<Scalar: TensorScalar>: Node, @unchecked Sendable {
  private var edges: [Edge<Scalar>]
  /// A pullback for all edges together, where they share work; then it replaces the edges' own.
  private var jointPullback: ((Tensor<Scalar>) -> [Tensor<Scalar>])?

  init(
    name: StaticString, edges: [Edge<Scalar>], jointPullback: ((Tensor<Scalar>) -> [Tensor<Scalar>])? = nil
  ) {
    self.edges = edges
    self.jointPullback = jointPullback
    super.init(name: name)
  }

  override func visitSources(_ visitor: inout SourceVisitor) {
    for edge in edges { visitor.visit(.passUnretained(edge.source)) }
  }

  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let gradient = pass.slots(of: Scalar.self).take(position) else { return }
    let shares = jointPullback?(gradient)
    for (index, edge) in edges.enumerated() {
      guard let target = pass.target(of: position, index) else { continue }
      pass.add(shares?[index] ?? edge.pullback(gradient), edge.shape, at: target, from: self)
    }
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() {
    edges = []
    jointPullback = nil
  }

  @inline(never)
  private func remove() -> Any {
    defer { release() }
    return (edges, jointPullback)
  }
}

/// An operation with one tracked input.
final class UnaryOperation<Scalar: TensorScalar>: Node, @unchecked Sendable {
  private var link: Link<Scalar>

  init(name: StaticString, _ edge: Edge<Scalar>) {
    link = Link(edge)
    super.init(name: name)
  }

  override func visitSources(_ visitor: inout SourceVisitor) { visitor.visit(link.source) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let gradient = pass.slots(of: Scalar.self).take(position), let target = pass.target(of: position, 0) else {
      return
    }
    pass.add(link.pullback!(gradient), link.shape, at: target, from: self)
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() { link.take().release() }

  @inline(never)
  private func remove() -> Any { link.take().owned }
}

/// An operation with two tracked inputs.
final class BinaryOperation<Scalar: TensorScalar>: Node, @unchecked Sendable {
  private var first: Link<Scalar>
  private var second: Link<Scalar>

  init(name: StaticString, _ first: Edge<Scalar>, _ second: Edge<Scalar>) {
    self.first = Link(first)
    self.second = Link(second)
    super.init(name: name)
  }

  override func visitSources(_ visitor: inout SourceVisitor) {
    visitor.visit(first.source)
    visitor.visit(second.source)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let gradient = pass.slots(of: Scalar.self).take(position) else { return }
    if let target = pass.target(of: position, 0) {
      pass.add(first.pullback!(gradient), first.shape, at: target, from: self)
    }
    if let target = pass.target(of: position, 1) {
      pass.add(second.pullback!(gradient), second.shape, at: target, from: self)
    }
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() {
    first.take().release()
    second.take().release()
  }

  @inline(never)
  private func remove() -> Any { (first.take().owned, second.take().owned) }
}

/// An edge as an operation holds it: the source is counted by hand, so that a walk over the graph costs no counting.
private struct Link<Scalar: TensorScalar> {
  let source: Unmanaged<Node>
  let shape: [Int]
  private(set) var pullback: ((Tensor<Scalar>) -> Tensor<Scalar>)?

  @inline(__always)
  init(_ edge: Edge<Scalar>) {
    source = .passRetained(edge.source)
    shape = edge.shape
    pullback = edge.pullback
  }

  /// Takes out what is to be freed.
  @inline(__always)
  mutating func take() -> Held { Held(source: source, pullback: pullback.take()) }

  /// What frees source and pullback.
  struct Held {
    let source: Unmanaged<Node>
    let pullback: ((Tensor<Scalar>) -> Tensor<Scalar>)?

    @inline(__always)
    func release() { source.release() }

    /// Both, as something that frees them when it dies.
    var owned: Any { (source.takeRetainedValue(), pullback as Any) }
  }
}

/// An operation with one tracked input whose pullback uses the output.
final class OutputOperation<Scalar: TensorScalar>: Node, @unchecked Sendable {
  typealias Pullback = (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>

  private let source: Unmanaged<Node>
  private let shape: [Int]
  /// The output's values, without its node: that would be a cycle.
  private let output: Tensor<Scalar>
  private var pullback: Pullback?

  init(name: StaticString, source: Node, shape: [Int], output: Tensor<Scalar>, pullback: @escaping Pullback) {
    self.source = .passRetained(source)
    self.shape = shape
    self.output = output.detached
    self.pullback = pullback
    super.init(name: name)
  }

  override func visitSources(_ visitor: inout SourceVisitor) { visitor.visit(source) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let gradient = pass.slots(of: Scalar.self).take(position), let target = pass.target(of: position, 0) else {
      return
    }
    let output = Tensor(buffer: output.buffer, layout: output.layout, node: self)
    pass.add(pullback!(gradient, output), shape, at: target, from: self)
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() {
    pullback = nil
    source.release()
  }

  @inline(never)
  private func remove() -> Any { (pullback.take()!, source.takeRetainedValue()) }
}

/// A conversion between scalar types.
final class Cast<From: TensorScalar, To: TensorScalar>: Node, @unchecked Sendable {
  private var input: Node?

  init(_ input: Node) {
    self.input = input
    super.init(name: "cast")
  }

  override func visitSources(_ visitor: inout SourceVisitor) {
    visitor.visit(.passUnretained(input!))
    visitor.meetsCast = true
  }

  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let gradient = pass.slots(of: To.self).take(position), let target = pass.target(of: position, 0) else {
      return
    }
    pass.add(gradient.cast(to: From.self), gradient.shape, at: target, from: self)
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() { input = nil }

  @inline(never)
  private func remove() -> Any { input.take()! }
}
