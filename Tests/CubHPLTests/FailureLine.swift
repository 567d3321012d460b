@testable import CubHPL

/// What the program would print of the error that `body` throws.
func failure<Result>(_ body: () throws -> Result) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return Failure.line(for: error)
  }
}
