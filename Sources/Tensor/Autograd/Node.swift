import CKernels

/// A tracked tensor's place in the recorded graph: a leaf, or the operation that made it.
///
/// Immutable once built, so that a graph can be shared between threads.
package class Node: @unchecked Sendable {
  let name: StaticString

  init(name: StaticString) { self.name = name }

  /// The nodes of the operation's tracked inputs.
  var sourceCount: Int { 0 }
  func source(_ index: Int) -> Node { fatalError("a leaf has no sources") }

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

/// One tracked input of an operation, with the pullback that turns the output's gradient into this input's.
struct Edge<Scalar: TensorScalar> {
  let source: Node
  let shape: [Int]
  let pullback: (Tensor<Scalar>) -> Tensor<Scalar>
}

/// An operation whose inputs have the same scalar type as its output.
final class Operation<Scalar: TensorScalar>: Node, @unchecked Sendable {
  private var edges: [Edge<Scalar>]
  /// A pullback for all edges together, where they share work; then it replaces the edges' own.
  private var jointPullback: ((Tensor<Scalar>) -> [Tensor<Scalar>])?
  /// The output's values (without its node), where a pullback uses them.
  private var savedOutput: Tensor<Scalar>?

  /// The operation's output again, tracked.
  var output: Tensor<Scalar> {
    let saved = savedOutput!
    return Tensor(buffer: saved.buffer, layout: saved.layout, node: self)
  }

  init(
    name: StaticString, edges: [Edge<Scalar>], jointPullback: ((Tensor<Scalar>) -> [Tensor<Scalar>])? = nil
  ) {
    self.edges = edges
    self.jointPullback = jointPullback
    super.init(name: name)
  }

  /// A node with one input whose pullback uses the output.
  init(
    name: StaticString, source: Node, shape: [Int], output: Tensor<Scalar>,
    pullback: @escaping (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>
  ) {
    edges = []
    super.init(name: name)
    savedOutput = output.detached
    edges = [
      Edge(source: source, shape: shape) { [unowned self] gradient in pullback(gradient, self.output) }
    ]
  }

  override var sourceCount: Int { edges.count }
  override func source(_ index: Int) -> Node { edges[index].source }

  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let gradient = pass.slots(of: Scalar.self).take(position) else { return }
    let shares = jointPullback?(gradient)
    for (index, edge) in edges.enumerated() {
      guard let target = pass.position(of: edge.source) else { continue }
      let share = shares?[index] ?? edge.pullback(gradient)
      pass.slots(of: Scalar.self).add(share.summed(to: edge.shape), at: target)
    }
  }

  deinit {
    ReleaseQueue.free {
      let held = (edges, jointPullback)
      edges = []
      jointPullback = nil
      return held
    }
  }
}

/// A conversion between scalar types.
final class Cast<From: TensorScalar, To: TensorScalar>: Node, @unchecked Sendable {
  private var input: Node?

  init(_ input: Node) {
    self.input = input
    super.init(name: "cast")
  }

  override var sourceCount: Int { 1 }
  override func source(_ index: Int) -> Node { input! }

  override func propagate(_ position: Int, in pass: BackwardPass) {
    guard let gradient = pass.slots(of: To.self).take(position), let target = pass.position(of: input!) else { return }
    pass.slots(of: From.self).add(gradient.cast(to: From.self), at: target)
  }

  deinit {
    ReleaseQueue.free {
      let held = input
      input = nil
      return held as Any
    }
  }
}

/// Frees graphs of any depth without recursion.
///
/// What a dying node holds is put into the thread's queue, and only the first dying node empties it. The functions are
/// never inlined: a copy of what was queued that the optimizer keeps alive in a caller would be freed recursively after all.
private final class ReleaseQueue {
  private var items: [Any] = []

  /// Frees what `take` returns; `take` must leave nothing of it behind.
  @inline(never)
  static func free(_ take: () -> Any) {
    if let current = ck_release_queue() {
      Unmanaged<ReleaseQueue>.fromOpaque(current).takeUnretainedValue().items.append(take())
      return
    }
    let queue = ReleaseQueue()
    ck_set_release_queue(Unmanaged.passUnretained(queue).toOpaque())
    queue.append(take)
    while queue.freesOne() {}
    ck_set_release_queue(nil)
  }

  @inline(never)
  private func append(_ take: () -> Any) { items.append(take()) }

  @inline(never)
  private func freesOne() -> Bool {
    let last = items.popLast()
    return withExtendedLifetime(last) { $0 != nil }  // freed after the access to `items` has ended
  }
}

extension Tensor where Scalar: TensorScalar {
  /// Puts a freshly computed tensor on the tape: each pair is an input and the pullback for it.
  ///
  /// A pullback gets the gradient of the output and returns that of its input, computed with differentiable operations.
  /// It may return it in the shape that broadcasting gave the input; the engine sums it back. Pullbacks of inputs that
  /// are not tracked never run.
  func recorded(_ name: StaticString, _ inputs: (Tensor, (Tensor) -> Tensor)...) -> Tensor {
    guard Recording.isOn else { return self }
    var edges: [Edge<Scalar>] = []
    for (input, pullback) in inputs {
      if let source = input.node { edges.append(Edge(source: source, shape: input.shape, pullback: pullback)) }
    }
    guard !edges.isEmpty else { return self }
    return Tensor(buffer: buffer, layout: layout, node: Operation(name: name, edges: edges))
  }

  /// The same for one input whose pullback uses the output too: it gets the gradient and the output.
  func recorded(_ name: StaticString, _ input: Tensor, usingOutput pullback: @escaping (Tensor, Tensor) -> Tensor)
    -> Tensor
  {
    guard Recording.isOn, let source = input.node else { return self }
    let node = Operation(name: name, source: source, shape: input.shape, output: self, pullback: pullback)
    return Tensor(buffer: buffer, layout: layout, node: node)
  }

  /// The same for inputs whose pullbacks share work: one pullback returns the gradients of all inputs.
  func recordedJointly(_ name: StaticString, _ inputs: [Tensor], _ pullback: @escaping (Tensor) -> [Tensor]) -> Tensor {
    guard Recording.isOn, inputs.contains(where: \.isTracked) else { return self }
    let tracked = inputs.indices.filter { inputs[$0].isTracked }
    let edges = tracked.map { Edge<Scalar>(source: inputs[$0].node!, shape: inputs[$0].shape) { $0 } }
    let node = Operation(name: name, edges: edges) { gradient in
      let all = pullback(gradient)
      return tracked.map { all[$0] }
    }
    return Tensor(buffer: buffer, layout: layout, node: node)
  }

  /// Undoes broadcasting: sums over the axes along which `shape` was repeated.
  func summed(to target: [Int]) -> Tensor {
    if shape == target { return self }
    let missing = rank - target.count
    let axes = (0..<rank).filter { $0 < missing || target[$0 - missing] != shape[$0] }
    return sum(axes: axes, keepsAxes: true).reshaped(target)
  }
}
