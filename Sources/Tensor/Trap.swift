import Synchronization

/// Ends the program because of a programmer's error, naming the caller's file and line.
///
/// Unlike `precondition`, this speaks in release builds too.
@usableFromInline
package func trap(_ message: @autoclosure () -> String, file: StaticString, line: UInt) -> Never {
  fatalError(message(), file: file, line: line)
}

/// Traps unless the condition holds.
package func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition() { trap(message(), file: file, line: line) }
}

/// What happens when the system gives no more memory for tensors: a trap, unless a program has something better to say.
package enum OutOfMemory {
  private static let handler = Mutex<(@Sendable (_ bytes: Int) -> Never)?>(nil)

  /// Ends the process by `handler` from now on.
  package static func answer(with handler: @escaping @Sendable (_ bytes: Int) -> Never) {
    Self.handler.withLock { $0 = handler }
  }

  static func report(_ bytes: Int) -> Never {
    if let handler = handler.withLock({ $0 }) { handler(bytes) }
    trap("out of memory: \(bytes) bytes", file: #fileID, line: #line)
  }
}
