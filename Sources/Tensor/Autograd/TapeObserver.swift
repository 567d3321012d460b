import CKernels

/// Somebody who watches a thread's operations and pullbacks: to look for NaNs, to measure time, or to note what a
/// block reads.
class TapeObserver {
  /// The recorded name of the operation whose pullback is running, if one is.
  final var pullback: StaticString? {
    didSet { pullbackCount += 1 }
  }
  /// Changes whenever another pullback begins or the last one has ended.
  final private(set) var pullbackCount = 0

  /// The thread's observer.
  static var current: TapeObserver? {
    ck_tape_observer().map { Unmanaged<TapeObserver>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Called for each operation, recorded or not.
  func sees<In: TensorElement, Out: TensorElement>(
    _ name: StaticString, _ inputs: [Tensor<In>], _ output: Tensor<Out>
  ) {}

  /// Called for each node that is made for an argument of a derivative, with the node that it continues, if any.
  func begins(at node: Node, after source: Node?) {}

  /// Called with what each pullback returned; gives what shall be used in its place.
  func pulledBack<Scalar: TensorElement>(_ gradient: Tensor<Scalar>, through name: StaticString) -> Tensor<Scalar> {
    gradient
  }

  static func saw<In: TensorElement, Out: TensorElement>(
    _ name: StaticString, _ inputs: [Tensor<In>], _ output: Tensor<Out>
  ) {
    current?.sees(name, inputs, output)
  }

  /// Runs `body` on this thread under this observer alone.
  final func observing<Result>(_ body: () throws -> Result) rethrows -> Result {
    try TapeObserver.with(self, body)
  }

  /// Runs `body` under no observer.
  static func unobserved<Result>(_ body: () throws -> Result) rethrows -> Result { try with(nil, body) }

  private static func with<Result>(_ observer: TapeObserver?, _ body: () throws -> Result) rethrows -> Result {
    let (mode, before) = (Recording.mode, ck_tape_observer())
    ck_set_tape_observer(observer.map { Unmanaged.passUnretained($0).toOpaque() })
    Recording.mode = observer == nil ? mode.subtracting(.isObserved) : mode.union(.isObserved)
    defer {
      ck_set_tape_observer(before)
      Recording.mode = mode
    }
    return try withExtendedLifetime(observer) { try body() }
  }
}
