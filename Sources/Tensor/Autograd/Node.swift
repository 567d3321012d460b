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
  /// The input's shape; nil where it is the output's, as it mostly is.
  let shape: [Int]?
  let pullback: Tensor<Scalar>.Pullback

  @inline(__always)
  init(
    source: Node, of input: borrowing Tensor<Scalar>, to output: borrowing Tensor<Scalar>,
    pullback: @escaping Tensor<Scalar>.Pullback
  ) {
    (self.source, shape, self.pullback) = (source, input.layout.shape(unlike: output.layout), pullback)
  }
}

extension Layout {
  /// The shape, or nil where the other layout has the same.
  @inline(__always)
  fileprivate func shape(unlike other: Layout) -> [Int]? { self === other || shape == other.shape ? nil : shape }
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
      let share = shares?[index] ?? edge.pullback(gradient)
      pass.add(share, edge.shape, like: gradient, at: target, from: self)
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
  /// Let go of only when the node dies.
  @exclusivity(unchecked)
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
    pass.add(link.pullback!(gradient), link.shape, like: gradient, at: target, from: self)
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() { link.release() }

  @inline(never)
  private func remove() -> Any { link.remove() }
}

/// An operation with two tracked inputs.
final class BinaryOperation<Scalar: TensorScalar>: Node, @unchecked Sendable {
  /// Let go of only when the node dies, like the second.
  @exclusivity(unchecked)
  private var first: Link<Scalar>
  @exclusivity(unchecked)
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
      pass.add(first.pullback!(gradient), first.shape, like: gradient, at: target, from: self)
    }
    if let target = pass.target(of: position, 1) {
      pass.add(second.pullback!(gradient), second.shape, like: gradient, at: target, from: self)
    }
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() {
    first.release()
    second.release()
  }

  @inline(never)
  private func remove() -> Any { (first.remove(), second.remove()) }
}

/// An operation that is linear in each of two tracked inputs: it holds the inputs, and each pullback gets the other one.
final class BilinearOperation<Scalar: TensorScalar>: Node, @unchecked Sendable {
  typealias Pullback = (_ gradient: Tensor<Scalar>, _ other: Tensor<Scalar>) -> Tensor<Scalar>

  /// Let go of only when the node dies.
  @exclusivity(unchecked)
  private var inputs: (Tensor<Scalar>, Tensor<Scalar>)?
  private let sources: (Unmanaged<Node>, Unmanaged<Node>)
  private let shapes: ([Int]?, [Int]?)
  private let first: Pullback
  private let second: Pullback

  init(
    name: StaticString, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, to output: borrowing Tensor<Scalar>,
    _ first: @escaping Pullback, _ second: @escaping Pullback
  ) {
    inputs = (a, b)
    sources = (.passUnretained(a.node!), .passUnretained(b.node!))
    shapes = (a.layout.shape(unlike: output.layout), b.layout.shape(unlike: output.layout))
    (self.first, self.second) = (first, second)
    super.init(name: name)
  }

  override func visitSources(_ visitor: inout SourceVisitor) {
    visitor.visit(sources.0)
    visitor.visit(sources.1)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let gradient = pass.slots(of: Scalar.self).take(position) else { return }
    if let target = pass.target(of: position, 0) {
      pass.add(first(gradient, inputs!.1), shapes.0, like: gradient, at: target, from: self)
    }
    if let target = pass.target(of: position, 1) {
      pass.add(second(gradient, inputs!.0), shapes.1, like: gradient, at: target, from: self)
    }
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() { inputs = nil }

  @inline(never)
  private func remove() -> Any {
    defer { release() }
    return inputs as Any
  }
}

/// An edge as an operation holds it: the source is counted by hand, so that a walk over the graph costs no counting.
private struct Link<Scalar: TensorScalar> {
  let source: Unmanaged<Node>
  let shape: [Int]?
  private(set) var pullback: Tensor<Scalar>.Pullback?

  @inline(__always)
  init(_ edge: Edge<Scalar>) {
    source = .passRetained(edge.source)
    shape = edge.shape
    pullback = edge.pullback
  }

  /// Frees source and pullback.
  @inline(__always)
  mutating func release() {
    pullback = nil
    source.release()
  }

  /// Source and pullback, as something that frees them when it dies.
  mutating func remove() -> Any {
    defer { pullback = nil }
    return (source.takeRetainedValue(), pullback as Any)
  }
}

/// An operation with one tracked input whose pullback uses the output.
final class OutputOperation<Scalar: TensorScalar>: Node, @unchecked Sendable {
  typealias Pullback = (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>

  private let source: Unmanaged<Node>
  /// The input's shape, where it is not the output's.
  private let shape: [Int]?
  /// The output's values, without its node: that would be a cycle.
  private let output: Tensor<Scalar>
  /// Let go of only when the node dies.
  @exclusivity(unchecked)
  private var pullback: Pullback?

  init(
    name: StaticString, source: Node, of input: Tensor<Scalar>, output: Tensor<Scalar>, pullback: @escaping Pullback
  ) {
    self.source = .passRetained(source)
    shape = input.layout.shape(unlike: output.layout)
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
    pass.add(pullback!(gradient, output), shape, like: gradient, at: target, from: self)
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

/// An operation that picks elements of its input: zeros, which are most of the input's gradient, are made only where no
/// gradient has arrived yet.
final class PickingOperation<Scalar: TensorScalar>: Node, @unchecked Sendable {
  private let source: Unmanaged<Node>
  private let shape: [Int]
  /// Row-major positions in the input, all different.
  private let positions: Labels

  init(name: StaticString, source: Node, shape: [Int], positions: Labels) {
    self.source = .passRetained(source)
    (self.shape, self.positions) = (shape, positions)
    super.init(name: name)
  }

  override func visitSources(_ visitor: inout SourceVisitor) { visitor.visit(source) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let gradient = pass.slots(of: Scalar.self).take(position), let target = pass.target(of: position, 0),
      !pass.addInPlace(gradient, positions, at: target)
    else { return }
    let share = gradient.scatteredRows(positions, into: [Layout.count(of: shape)]).reshaped(shape)
    pass.add(share, shape, like: gradient, at: target, from: self)
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() { source.release() }

  @inline(never)
  private func remove() -> Any { source.takeRetainedValue() }
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
    let share = gradient.cast(to: From.self)
    pass.add(share, nil, like: share, at: target, from: self)
  }

  deinit { ReleaseQueue.free(release, orLater: remove) }

  @inline(never)
  private func release() { input = nil }

  @inline(never)
  private func remove() -> Any { input.take()! }
}
