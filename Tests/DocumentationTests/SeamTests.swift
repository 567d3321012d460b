import Foundation
import Testing
import _TestSupport

/// The engine's functions are the only way from operations, layers and losses to memory, kernels and threads.
@Suite struct SeamTests {
  /// What must not know how numbers are computed.
  static let above = ["Sources/Tensor/Operations", "Sources/NN", "Sources/HPL", "Sources/Models"]

  /// Pointers, memory, kernels and threads, as Swift code names them: a pattern of Foundation's, which is much faster than a `Regex`.
  private static let below =
    #"\b(Unsafe\w*|withUnsafe\w*|(ck|CK)_\w+|import (C[A-Z]\w+|Dispatch|Glibc)|parallel\(|forEachShare\(|Threads\.|DispatchQueue\b)"#
    + #"|\.(pointer|target|storage)\b|\bBuffer<"#

  @Test(arguments: above) func nothingAboveTheSeamGoesAroundIt(_ folder: String) {
    let files = swiftFiles(in: folder)
    #expect(!files.isEmpty)
    for file in files {
      for (index, line) in readLines(file).enumerated() where !line.drop(while: { $0 == " " }).hasPrefix("//") {
        let found = line.range(of: Self.below, options: .regularExpression).map { String(line[$0]) }
        expectEqual(found, nil, "\(file):\(index + 1) holds \(found ?? "")")
      }
    }
  }

  /// An operation that computes in Swift would have to read single numbers first: these do, and why.
  @Test func operationsReadNoNumbers() {
    let reading = swiftFiles(in: "Sources/Tensor/Operations").filter { file in
      readLines(file).contains { $0.range(of: #"\.(scalars|item)\b"#, options: .regularExpression) != nil }
    }
    // The numbers of the rows of near pairs; the number that a message names.
    expectEqual(reading.map { String($0.split(separator: "/").last!) }.sorted(), ["Casting.swift", "Distances.swift"])
  }

  @Test func theEngineKnowsNoTape() {
    for file in swiftFiles(in: "Sources/Tensor/Engine") + swiftFiles(in: "Sources/Tensor/Storage") {
      let code = readLines(file).filter { !$0.drop(while: { $0 == " " }).hasPrefix("//") }.joined(separator: "\n")
      let found = code.range(
        of: #"\b(Node|Leaf|Recording|TapeObserver|Gradients|recorded)\b"#, options: .regularExpression
      ).map { String(code[$0]) }
      expectEqual(found, nil, "\(file) names \(found ?? "")")
    }
  }

  /// Another engine can record a call only if everything in it is a value.
  @Test func theEngineTakesNoClosures() {
    for file in swiftFiles(in: "Sources/Tensor/Engine") where file.contains("/Engine+") {
      let code = readLines(file).joined(separator: "\n")
      for match in code.matches(of: /\n  static func (\w+)[^(]*/) {
        let parameters = balanced(code[match.range.upperBound...])
        #expect(!parameters.contains("->"), "\(file): \(match.1) takes a closure")
      }
    }
  }

  /// What stands between a text's first bracket and the one that closes it.
  private func balanced(_ text: Substring) -> Substring {
    var depth = 0
    let end = text.indices.first { index in
      depth += text[index] == "(" ? 1 : text[index] == ")" ? -1 : 0
      return depth == 0
    }
    return text[..<(end ?? text.endIndex)]
  }

  @Test func theTableListsTheEngine() {
    let rows = readLines("Documentation/architecture.md").drop { $0 != "## The seam" }.dropFirst()
      .prefix { !$0.hasPrefix("## ") }.filter { $0.hasPrefix("| `") }
    let documented = rows.flatMap { row in
      String(row.split(separator: "|")[0]).matches(of: /`(\w+)`/).map { String($0.1) }
    }
    let functions = swiftFiles(in: "Sources/Tensor/Engine").filter { $0.contains("/Engine+") }.flatMap { file in
      readLines(file).compactMap { $0.firstMatch(of: /^  static func (\w+)/).map { String($0.1) } }
    }
    #expect(functions.count > 40)
    expectEqual(Set(documented).count, documented.count)
    expectEqual(
      Set(documented).symmetricDifference(functions), [], "these are in the table or in the code, not in both")
  }

  private func swiftFiles(in folder: String) -> [String] {
    let root = packageFolder.appendingPathComponent(folder).path
    let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".swift") }.sorted().map { "\(folder)/\($0)" }
  }
}
