/// Stops the program over a programmer's error; `fatalError` speaks in release builds too, `precondition` does not.
func trap(_ message: String, file: StaticString, line: UInt) -> Never {
  fatalError("Vision: \(message)", file: file, line: line)
}
