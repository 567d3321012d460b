import Foundation

/// Gives the time between two events to the later one: an operation, a pullback without operations, a mark.
final class ProfileRecorder: TapeObserver {
  struct Key: Hashable {
    let name: String
    let isBackward: Bool
  }

  private(set) var rows: [Key: Profile.Row] = [:]
  private(set) var calls: [Profile.Call] = []
  private let tracedCalls: Int
  private var previous: UInt64 = 0
  private var lastKey: Key?
  /// `pullbackCount` at the last event.
  private var lastPullback = 0

  init(tracedCalls: Int) { self.tracedCalls = tracedCalls }

  func start() {
    (previous, lastKey) = (now(), nil)
  }

  func mark(_ name: String) { add(name, isBackward: false, []) }

  override func sees<In: TensorElement, Out: TensorElement>(
    _ name: StaticString, _ inputs: [Tensor<In>], _ output: Tensor<Out>
  ) {
    let isView = inputs.contains { $0.array.storage as AnyObject === output.array.storage }
    add(
      "\(name)", isBackward: pullback != nil, output.shape,
      operations: operationCount("\(name)", inputs.map(\.shape), output.shape),
      bytes: isView ? 0 : inputs.reduce(output.byteCount) { $0 + $1.byteCount })
  }

  override func pulledBack<Scalar: TensorElement>(
    _ gradient: Tensor<Scalar>, through name: StaticString
  ) -> Tensor<Scalar> {
    if lastPullback == pullbackCount, let lastKey {
      extend(lastKey)
    } else {
      add("\(name)", isBackward: true, gradient.shape)
    }
    return gradient
  }

  private func add(_ name: String, isBackward: Bool, _ shape: [Int], operations: Double = 0, bytes: Int = 0) {
    let (start, end) = (previous, now())
    let key = Key(name: name, isBackward: isBackward)
    rows[key, default: .init(operation: name, isBackward: isBackward)].calls += 1
    rows[key]!.seconds += Double(end - start) / 1e9
    rows[key]!.operations += operations
    rows[key]!.bytes += Double(bytes)
    if calls.count < tracedCalls {
      calls.append(Profile.Call(name: name, isBackward: isBackward, start: start, end: end, shape: shape))
    }
    (lastKey, lastPullback) = (key, pullbackCount)
    previous = now()
  }

  /// Gives the time since the last event to that event.
  private func extend(_ key: Key) {
    let end = now()
    rows[key]!.seconds += Double(end - previous) / 1e9
    if calls.count < tracedCalls, !calls.isEmpty { calls[calls.count - 1].end = end }
    previous = end
  }

  private func now() -> UInt64 { DispatchTime.now().uptimeNanoseconds }
}

/// Multiplications and additions of an operation that is made of products, from its shapes; 0 for others.
private func operationCount(_ name: String, _ inputs: [[Int]], _ output: [Int]) -> Double {
  func count(_ shape: [Int]) -> Double { shape.reduce(1) { $0 * Double($1) } }
  /// What one output of a convolution is the sum of.
  func window(_ weight: [Int]) -> Double { count(Array(weight.dropFirst())) }
  switch name {
  case "matmul": return 2 * count(output) * Double(inputs[0].last ?? 0)
  case "conv2d": return 2 * count(output) * window(inputs[1])
  case "conv2dInputGradient": return 2 * count(inputs[0]) * window(inputs[1])
  case "conv2dWeightGradient": return 2 * count(inputs[1]) * window(output)
  default: return 0
  }
}

extension Tensor {
  /// The bytes of the distinct elements.
  fileprivate var byteCount: Int { Swift.min(count, array.storage.count) * array.bytesPerElement }
}
