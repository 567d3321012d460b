import Foundation

/// Runs a block without storing what its gradient needs; the backward pass runs the block again for it.
///
/// Saves memory for time: of all that the block computes only the result stays. Gradients flow to whatever tracked tensors
/// the block reads, captured ones (a layer's parameters) too, to any order. The block must compute the same both times:
/// what it draws at random or changes, it does through `replayed`, as `Dropout` and `BatchNorm` do, and what it reads must
/// not change before the backward pass; what stands in the place of parameters meanwhile stands there again.
///
/// ```swift
/// let y = checkpointed { block(x) }
/// ```
public func checkpointed<Scalar: TensorScalar>(_ block: @escaping () -> Tensor<Scalar>) -> Tensor<Scalar> {
  guard Recording.isOn else { return block() }
  let (journal, surroundings) = (Journal(), Surroundings.current)
  let precision = Precision.current
  let reader = SourceReader(next: TapeObserver.current)
  let value = journal.running { reader.observing { Recording.with(false) { block() } } }
  if let node = value.node { reader.note(node) }
  guard !reader.sources.isEmpty else { return value }
  let sources = reader.sources
  let rule = Rule<Scalar>.shares(sources.map(Source.init), places: Array(sources.indices)) { gradient, shares in
    let value = journal.running {
      Surroundings.again(surroundings) { Recording.with(true) { withPrecision(precision, block) } }
    }
    require(
      value.shape == gradient.shape,
      "checkpointed: the block returned shape \(value.shape) when it was run again, not \(gradient.shape)")
    guard let root = value.node else { return }
    _ = consume value
    let inner = BackwardPass(root: consume root, wanted: sources)
    let gradients = inner.run(seed: gradient, recording: Recording.isOn)
    for (index, source) in sources.enumerated() {
      if let share = gradients.value(for: source, of: Float.self) { shares.addWhole(share, to: index) }
      if let share = gradients.value(for: source, of: Double.self) { shares.addWhole(share, to: index) }
    }
  }
  let node = Operation("checkpoint", rule)
  node.isBFloat16 = value.array.isBFloat16
  return Tensor(value.array, node: node)
}

/// Runs `draw` once for each place in a checkpointed block: when the block is run again, gives the same value without it.
///
/// For what a layer draws or changes while training: a generator's state, running statistics. Outside such a block it
/// just runs `draw`.
///
/// ```swift
/// var source = replayed { generator.split() }
/// let noise = Tensor<Float>.normal(x.shape, using: &source)
/// ```
@discardableResult
public func replayed<Value>(_ draw: () throws -> Value) rethrows -> Value {
  guard let journal = Journal.current else { return try draw() }
  return try journal.next(draw)
}

/// What a checkpointed block drew, in order.
private final class Journal: @unchecked Sendable {
  @TaskLocal static var current: Journal?

  /// The journal of the block around this one: what is drawn for the first time here may have been drawn before there.
  private let outer = Journal.current
  private var values: [Any] = []
  private var position = 0
  private var isComplete = false
  private let lock = NSLock()

  /// Runs a block that writes into this journal the first time and reads it later; one run at a time.
  func running<Result>(_ block: () -> Result) -> Result {
    lock.lock()
    defer { lock.unlock() }
    position = 0
    defer { isComplete = true }
    return Journal.$current.withValue(self, operation: block)
  }

  func next<Value>(_ draw: () throws -> Value) rethrows -> Value {
    if position == values.count && !isComplete {
      values.append(try Journal.$current.withValue(outer) { try replayed(draw) })
    }
    position += 1
    guard position <= values.count, let value = values[position - 1] as? Value else {
      trap("checkpointed: the block did not draw the same things when it was run again", file: #fileID, line: #line)
    }
    return value
  }
}

/// A state that holds while a body runs, and again whenever a checkpointed block is run that was made meanwhile.
package final class Surroundings: @unchecked Sendable {
  @TaskLocal static var current: Surroundings?

  private let outer = Surroundings.current
  /// Brings the state about, and returns what ends it.
  private let begin: () -> () -> Void

  private init(_ begin: @escaping () -> () -> Void) { self.begin = begin }

  /// Runs a body within the state that `begin` brings about; what that returns ends it.
  package static func holding<Result>(
    _ begin: @escaping () -> () -> Void, _ body: () throws -> Result
  ) rethrows -> Result {
    try Surroundings(begin).holding(body)
  }

  private func holding<Result>(_ body: () throws -> Result) rethrows -> Result {
    let end = begin()
    defer { end() }
    return try Surroundings.$current.withValue(self, operation: body)
  }

  /// Runs a body within earlier surroundings, the outermost first.
  static func again<Result>(_ earlier: Surroundings?, _ body: () throws -> Result) rethrows -> Result {
    guard let earlier else { return try body() }
    return try again(earlier.outer) { try earlier.holding(body) }
  }
}

/// Notes the tracked tensors that a block reads, without those that it made itself for a derivative.
private final class SourceReader: TapeObserver {
  private(set) var sources: [Node] = []
  private var known: Set<ObjectIdentifier> = []
  /// What the block made; kept, so that no other node gets an address of theirs.
  private var own: [Node] = []
  private let next: TapeObserver?

  init(next: TapeObserver?) { self.next = next }

  func note(_ node: Node) {
    if known.insert(ObjectIdentifier(node)).inserted { sources.append(node) }
  }

  private func made(_ node: Node) {
    if known.insert(ObjectIdentifier(node)).inserted { own.append(node) }
  }

  override func begins(at node: Node, after source: Node?) {
    if let source { note(source) }
    made(node)
    next?.begins(at: node, after: source)
  }

  override func sees<In: TensorElement, Out: TensorElement>(
    _ name: StaticString, _ inputs: [Tensor<In>], _ output: Tensor<Out>
  ) {
    for case let node? in inputs.map(\.node) { note(node) }
    if let node = output.node { made(node) }
    next?.sees(name, inputs, output)
  }
}
