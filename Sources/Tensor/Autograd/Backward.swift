/// One walk over a recorded graph, from a result back to the leaves; it runs once.
///
/// A node that nobody else holds dies as soon as it has been passed, and what it stored for its pullbacks with it. Where the
/// caller keeps the result, the whole graph stays, and can be walked again.
final class BackwardPass {
  private struct Visit {
    let node: Unmanaged<Node>
    /// Where the positions of the node's sources begin in `sources`.
    var firstSource: Int32 = 0
    var sourceCount: Int32 = 0
    /// Whether gradients are asked for here.
    var isWanted = false
    /// Whether the node leads to a wanted one.
    var leads = false
    /// Whether the gradient here is stored as bfloat16.
    var isBFloat16 = false

    var sources: Range<Int> { Int(firstSource)..<Int(firstSource + sourceCount) }
  }

  private let rootPosition: Int
  private let visits: ContiguousArray<Visit>
  /// The nodes that are next to be passed, and the leaves: what the pass itself keeps alive.
  private let held: UnsafeMutablePointer<Node?>
  private let sources: ContiguousArray<Int32>
  /// The operations that lead to a wanted node, each after its sources.
  private let order: ContiguousArray<Int32>
  /// Whether the graph reaches leaves that were not asked for: then the gradients depend on them and are recorded too.
  let reachesOtherLeaves: Bool
  /// Whether the graph reaches an argument of a function that is being differentiated.
  let reachesOpenArgument: Bool
  private let float: Slots<Float>
  private let double: Slots<Double>
  private var observer: TapeObserver?
  private var narrows = false

  /// Orders the graph above a result's node; `wanted` are the nodes asked for, all leaves when nil.
  ///
  /// Uses a stack of its own, because a graph may be a million operations deep.
  init(root: consuming Node, wanted: [Node]?) {
    var numbers = NodeNumbers()
    var visits: ContiguousArray<Visit> = []
    var nodes: ContiguousArray<Unmanaged<Node>> = []  // those at the positions in `sources`
    var sources: ContiguousArray<Int32> = []
    var order: ContiguousArray<Int32> = []
    var stack: ContiguousArray<(position: Int, next: Int)> = []
    var (reachesOtherLeaves, reachesOpenArgument) = (false, false)
    nodes.reserveCapacity(256)

    for node in wanted ?? [] where numbers.number(of: .passUnretained(node)).isNew {
      visits.append(
        Visit(node: .passUnretained(node), isWanted: true, leads: true, isBFloat16: node.isBFloat16))
    }
    /// Numbers a node, and puts it on the stack where it is new.
    func reach(_ node: Unmanaged<Node>) -> Int {
      let (position, isNew) = numbers.number(of: node)
      if !isNew {
        if wanted != nil, visits[position].isWanted, !(node.takeUnretainedValue() is Leaf) { reachesOtherLeaves = true }
        return position
      }
      let first = nodes.count
      node._withUnsafeGuaranteedRef { $0.appendSources(to: &nodes) }
      let count = nodes.count - first
      for _ in 0..<count { sources.append(-1) }
      if count == 0, wanted != nil { reachesOtherLeaves = true }
      let (isBFloat16, isOpenArgument) = node._withUnsafeGuaranteedRef { ($0.isBFloat16, $0.isOpenArgument) }
      if isOpenArgument { reachesOpenArgument = true }
      let isWanted = count == 0 && wanted == nil
      visits.append(
        Visit(
          node: node, firstSource: Int32(first), sourceCount: Int32(count), isWanted: isWanted, leads: isWanted,
          isBFloat16: isBFloat16))
      if count > 0 { stack.append((position, first)) }
      return position
    }
    rootPosition = reach(.passUnretained(root))
    while let (position, next) = stack.last {
      let own = visits[position].sources
      if next < own.upperBound {
        stack[stack.count - 1].next = next + 1
        sources[next] = Int32(reach(nodes[next]))
        continue
      }
      stack.removeLast()
      for source in own where visits[Int(sources[source])].leads {
        visits[position].leads = true
        order.append(Int32(position))
        break
      }
    }
    held = .allocate(capacity: visits.count)
    held.initialize(repeating: nil, count: visits.count)
    held[rootPosition] = consume root
    (self.visits, self.sources, self.order) = (visits, sources, order)
    (self.reachesOtherLeaves, self.reachesOpenArgument) = (reachesOtherLeaves, reachesOpenArgument)
    (float, double) = (Slots(count: visits.count), Slots(count: visits.count))
  }

  deinit {
    held.deinitialize(count: visits.count)
    held.deallocate()
  }

  /// The position of a node's source, nil where no gradient is wanted there.
  @inline(__always)
  func target(of position: Int, _ source: Int) -> Int? {
    let target = Int(sources[Int(visits[position].firstSource) + source])
    return visits[target].leads ? target : nil
  }

  @inline(__always)
  func slots<Scalar: TensorElement>(of: Scalar.Type) -> Slots<Scalar> {
    Scalar.self == Float.self
      ? unsafeDowncast(float, to: Slots<Scalar>.self) : unsafeDowncast(double, to: Slots<Scalar>.self)
  }

  /// Adds what a pullback returns to the gradient of a source, where it is wanted.
  ///
  /// Where the source's shape is nil, it is that of the operation's own gradient.
  @inline(__always)
  func pull<Scalar: TensorElement>(
    _ gradient: Tensor<Scalar>, to source: Int, of position: Int, _ shape: [Int]?, _ node: Node,
    _ pullback: () -> Tensor<Scalar>
  ) {
    guard let target = target(of: position, source) else { return }
    narrow(for: target)
    let share = pullback()
    if shape == nil, share.layout === gradient.layout, observer == nil, !narrows,
      !share.array.isBFloat16
    {
      slots(of: Scalar.self).add(share, at: target)
    } else {
      add(share, shape ?? gradient.shape, at: target, from: node)
    }
  }

  /// Adds a share to the gradient of a source of this shape, which the share may have broadcast.
  @inline(never)
  func add<Scalar: TensorElement>(_ share: Tensor<Scalar>, _ shape: [Int], at target: Int, from node: Node) {
    let share = (observer?.pulledBack(share, through: node.name) ?? share).summed(to: shape)
    // A share that is itself recorded stays as it is.
    let stored = visits[target].isBFloat16 ? share.array.narrowed() : share.array.widened()
    slots(of: Scalar.self).addAsStored(share.node == nil ? Tensor(stored) : share, at: target)
  }

  /// Has a pullback compute as its input's gradient is stored: products for one that is stored as bfloat16 give bfloat16, and
  /// those for a full one multiply what they find, and give full floats.
  @inline(__always)
  func narrow(for target: Int) { narrow(visits[target].isBFloat16) }

  @inline(__always)
  func narrow(_ isBFloat16: Bool) {
    guard narrows != isBFloat16 else { return }
    narrows = isBFloat16
    Engine.narrowing = isBFloat16 ? .everything : .operands
  }

  /// Whether gradients are neither recorded nor observed, so that they may be changed in place.
  var isConstant: Bool { !Recording.isOn && observer == nil }

  /// Runs the pullbacks, the result's first, and returns what arrived at the wanted nodes.
  func run<Scalar: TensorElement>(seed: Tensor<Scalar>, recording: Bool) -> Gradients {
    Recording.with(recording) {
      let before = Engine.narrowing
      Engine.narrowing = .operands
      defer { Engine.narrowing = before }
      observer = TapeObserver.current
      defer { observer?.pullback = nil }
      slots(of: Scalar.self).add(seed, at: rootPosition)
      for position in order.reversed() {
        let position = Int(position)
        visits[position].node._withUnsafeGuaranteedRef { node in
          observer?.pullback = node.name
          node.propagate(position, in: self)
        }
        leave(position)
      }
      var gradients: [ObjectIdentifier: Gradients.Entry] = [:]
      for (position, visit) in visits.enumerated() where visit.isWanted {
        let value: (any Sendable)? = float.take(position) ?? double.take(position)
        guard let value else { continue }
        let node = visit.node.takeUnretainedValue()
        gradients[ObjectIdentifier(node)] = Gradients.Entry(leaf: node, value: value)
      }
      return Gradients(gradients)
    }
  }

  /// Lets a node go, and holds its sources in its stead, unless somebody else holds it.
  @inline(__always)
  private func leave(_ position: Int) {
    guard isKnownUniquelyReferenced(&held[position]) else { return }
    for source in visits[position].sources {
      let source = Int(sources[source])
      if visits[source].leads, held[source] == nil { held[source] = visits[source].node.takeUnretainedValue() }
    }
    held[position] = nil
  }
}
