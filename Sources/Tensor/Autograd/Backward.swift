/// One walk over a recorded graph, from a result back to the leaves.
final class BackwardPass {
  /// The nodes that lead to a wanted leaf, each after its sources.
  private var order: [Node] = []
  private var positions: [ObjectIdentifier: Int] = [:]
  /// Whether the graph reaches leaves that were not asked for: then the gradients depend on them and are recorded too.
  private(set) var reachesOtherLeaves = false
  private let float = Slots<Float>()
  private let double = Slots<Double>()

  /// Orders the graph above `root`; `wanted` are the leaves, all there are when nil.
  ///
  /// Uses a stack of its own, because a graph may be a million operations deep.
  init(root: Node, wanted: [ObjectIdentifier: Node]?) {
    var leads: [ObjectIdentifier: Bool] = [:]
    var stack: [(node: Node, next: Int)] = [(root, 0)]
    leads[ObjectIdentifier(root)] = false
    while let (node, next) = stack.last {
      let id = ObjectIdentifier(node)
      let isWanted = wanted.map { $0[id] != nil } ?? (node is Leaf)
      if !isWanted, next < node.sourceCount {
        stack[stack.count - 1].next += 1
        let source = node.source(next)
        if leads.updateValue(leads[ObjectIdentifier(source)] ?? false, forKey: ObjectIdentifier(source)) == nil {
          stack.append((source, 0))
        }
        continue
      }
      stack.removeLast()
      if isWanted {
        leads[id] = true
        if wanted != nil, node.sourceCount > 0 { reachesOtherLeaves = true }
      } else if node is Leaf {
        reachesOtherLeaves = true
      } else {
        leads[id] = (0..<node.sourceCount).contains { leads[ObjectIdentifier(node.source($0))]! }
      }
      if leads[id]! {
        positions[id] = order.count
        order.append(node)
      }
    }
    float.values = Array(repeating: nil, count: order.count)
    double.values = Array(repeating: nil, count: order.count)
  }

  func position(of node: Node) -> Int? { positions[ObjectIdentifier(node)] }

  func slots<Scalar: TensorScalar>(of: Scalar.Type) -> Slots<Scalar> {
    Scalar.self == Float.self
      ? unsafeDowncast(float, to: Slots<Scalar>.self) : unsafeDowncast(double, to: Slots<Scalar>.self)
  }

  /// Runs the pullbacks, the result's first, and returns what arrived at the leaves.
  func run<Scalar: TensorScalar>(seed: Tensor<Scalar>, wanted: [ObjectIdentifier: Node]?, recording: Bool) -> Gradients
  {
    Recording.with(recording) {
      guard !order.isEmpty else { return Gradients([:]) }
      slots(of: Scalar.self).add(seed, at: order.count - 1)
      var gradients: [ObjectIdentifier: Gradients.Entry] = [:]
      for position in order.indices.reversed() {
        let node = order[position]
        let id = ObjectIdentifier(node)
        if wanted.map({ $0[id] != nil }) ?? (node is Leaf) {
          let value: (any Sendable)? = float.take(position) ?? double.take(position)
          if let value { gradients[id] = Gradients.Entry(leaf: node, value: value) }
        } else {
          node.propagate(position, in: self)
        }
      }
      return Gradients(gradients)
    }
  }
}

/// The gradients that have arrived at each node so far, for one scalar type.
final class Slots<Scalar: TensorScalar> {
  fileprivate var values: [Tensor<Scalar>?] = []

  func take(_ position: Int) -> Tensor<Scalar>? {
    defer { values[position] = nil }
    return values[position]
  }

  func add(_ gradient: Tensor<Scalar>, at position: Int) {
    if let sum = take(position) {
      values[position] = sum + gradient
    } else {
      values[position] = gradient
    }
  }
}
