import CKernels

/// Whether operations on tracked tensors are recorded, for the current thread.
enum Recording {
  static var isOn: Bool { ck_recording_suspensions() <= 0 }

  /// Runs `body` with recording switched on or off.
  static func with<Result>(_ isOn: Bool, _ body: () throws -> Result) rethrows -> Result {
    let before = ck_recording_suspensions()
    let change = (isOn ? 0 : 1) - before
    ck_add_recording_suspensions(change)
    defer { ck_add_recording_suspensions(-change) }
    return try body()
  }
}

/// Runs `body` without recording operations: what it returns is constant with regard to gradients.
///
/// Use it for evaluation and wherever no gradient is wanted; it saves time and memory.
public func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Recording.with(false, body)
}
