import CKernels

/// What happens to operations on tracked tensors, for the current thread.
enum Recording {
  /// The thread's switches: all off means that operations are recorded and nobody looks on.
  struct Mode: OptionSet {
    let rawValue: Int32

    /// Operations are not recorded.
    static let isSuspended = Mode(rawValue: 1)
    /// A `TapeObserver` sees every operation.
    static let isObserved = Mode(rawValue: 2)
  }

  static var mode: Mode {
    get { Mode(rawValue: ck_tape_mode()) }
    set { ck_set_tape_mode(newValue.rawValue) }
  }

  static var isOn: Bool { ck_tape_mode() & Mode.isSuspended.rawValue == 0 }

  /// Whether operations are neither recorded nor observed.
  static var isIdle: Bool { mode == .isSuspended }

  /// Runs `body` with recording switched on or off.
  static func with<Result>(_ isOn: Bool, _ body: () throws -> Result) rethrows -> Result {
    let before = mode
    mode = isOn ? before.subtracting(.isSuspended) : before.union(.isSuspended)
    defer { mode = before }
    return try body()
  }
}

/// Runs `body` without recording operations: what it returns is constant with regard to gradients.
///
/// Use it for evaluation and wherever no gradient is wanted; it saves time and memory.
public func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Recording.with(false, body)
}
