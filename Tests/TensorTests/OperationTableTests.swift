import Foundation
import Testing
import _TestSupport

/// Keeps `Documentation/operations.md` true, and every primitive under test.
@Suite struct OperationTableTests {
  static let table = OperationTable(
    OperationTests.records, goldens: (GoldenTests.cases + LinearGoldenTests.cases).map(\.subject),
    errors: OperationTests.errors)

  @Test func theDocumentIsUpToDate() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..").standardized
    let document = root.appendingPathComponent("Documentation/operations.md")
    let coverage = try PyTorchCoverage()
    expectEqual(coverage.mistakes, [])
    let text = Self.table.text + "\n" + coverage.text
    if ProcessInfo.processInfo.environment["HPL_WRITE_DOCUMENTATION"] != nil {
      try FileManager.default.createDirectory(
        at: document.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: document, atomically: true, encoding: .utf8)
    }
    let isUpToDate = try String(contentsOf: document, encoding: .utf8) == text
    #expect(isUpToDate, "run HPL_WRITE_DOCUMENTATION=1 swift test --filter OperationTableTests")
  }

  /// What PyTorch has too is compared with it, except for what draws random numbers.
  @Test func everyOperationOfPyTorchHasGoldens() {
    let without = Self.table.rows.filter { pyTorchNames[$0.name] != nil && $0.goldens == 0 }.map(\.name)
    expectEqual(Set(without), ["dropout"])
  }

  /// Every operation has a misuse that traps, except those that take any tensor.
  @Test func everyOperationHasMisuses() {
    let takesAnything: Set = [
      "abs", "accumulated", "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "ceil", "checkpointed", "cos",
      "cosh", "digamma", "elu", "erf", "erfc", "exp", "exp2", "expm1", "floor", "gelu", "hardSigmoid", "hardSwish",
      "hardTanh", "leakyRelu", "lgamma", "log", "log10", "log1p", "log2", "logit", "mish", "negate", "raised",
      "reciprocal", "relu", "rounded", "rsqrt", "sigmoid", "sign", "silu", "sin", "sinh", "softplus", "softsign",
      "sqrt", "square", "tan", "tanh", "trunc",
    ]
    expectEqual(Set(Self.table.rows.filter { $0.errors == 0 }.map(\.name)), takesAnything)
  }

  @Test func everyPrimitiveHasARecord() throws {
    let names = try primitivesInSources()
    #expect(names.count > 50)
    expectEqual(names.subtracting(Self.table.primitives), [])
  }
}
