import Testing

// `#expect(a == b)` and `#expect(a < b)` as functions: the compiler takes a twentieth of the macro's time for them, which adds up
// over thousands. The issue names the caller's line and says both values.

/// That a value is the expected one.
@inline(never)
package func expectEqual<Value: Equatable>(
  _ value: Value, _ expected: Value, _ comment: @autoclosure () -> Comment? = nil,
  fileID: String = #fileID, filePath: String = #filePath, line: Int = #line, column: Int = #column
) {
  if value == expected { return }
  record(
    "\(value) is not \(expected)", comment(),
    SourceLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// That a value is below a bound; a NaN is not.
@inline(never)
package func expectLess<Value: Comparable>(
  _ value: Value, _ bound: Value, _ comment: @autoclosure () -> Comment? = nil,
  fileID: String = #fileID, filePath: String = #filePath, line: Int = #line, column: Int = #column
) {
  if value < bound { return }
  record(
    "\(value) is not below \(bound)", comment(),
    SourceLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

private func record(_ failure: String, _ comment: Comment?, _ location: SourceLocation) {
  Issue.record("\(failure)\(comment.map { "\n\($0)" } ?? "")", sourceLocation: location)
}
