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
