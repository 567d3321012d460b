import Foundation
import Testing
import _TestSupport

/// What the compiler says where somebody writes what does not exist: the line after `// ` is a part of it.
@Suite struct CompilerMessageTests {
  private static let mistakes = """
    _ = x > 0  // write a .> b for a mask
    _ = 0 <= x  // write b .>= a for a mask, the tensor first
    _ = x < y  // write a .< b for a mask
    _ = x[x >= 1]  // write a .>= b for a mask
    _ = x == 0  // write a .== b for a mask
    if x == y {}  // (a .== b).allTrue or a.allClose(to: b) for one truth
    if x != y {}  // (a .!= b).anyTrue for one truth
    _ = mask && mask  // write a .& b for a mask
    _ = mask || mask  // write a .| b for a mask
    _ = !mask  // write .!a for a mask
    x[0] = y  // x.replacing(at: …, with: …) makes a new one
    _ = x[0, 1.5]  // positions of a tensor are integers
    _ = x[0..<2, y]  // positions of a tensor are integers: Int, ranges of Int, Tensor<Int>
    _ = x[bytes]  // bytes are no positions; write mask.cast(to: Bool.self)
    _ = x["rows"]  // axes of a tensor have no names
    _ = x.replacing(at: ..., 0, with: y)  // write .ellipsis for ...
    """
  private static let fine = """
    _ = x[0..<2, 1][i, ...][..., .newAxis][0, ..., 1..<3][-1, .range(by: 2), ..., [0, 1]]
    _ = x[x .> 0][labels, labels].replacing(at: 0, .ellipsis, 1..., with: 2).adding(y, at: ...2, ..<(-1))
    let same = labels[0].item == i && !(mask.allTrue || x[0].item > 1)
    _ = same
    """

  @Test func mistakesAreExplained() throws {
    let lines = Self.mistakes.split(separator: "\n")
    let messages = try errors(in: lines.map { $0.split(separator: "  // ")[0] }.joined(separator: "\n"))
    for (number, line) in lines.enumerated() {
      let expected = String(line.split(separator: "  // ")[1])
      #expect(messages[number, default: ""].contains(expected), "\(line)")
    }
  }

  @Test func whatIsRightCompiles() throws { try expectEqual(errors(in: Self.fine), [:]) }

  /// The compiler's errors in the body of a function of tensors, by line from 0.
  private func errors(in body: String) throws -> [Int: String] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).swift")
    defer { try? FileManager.default.removeItem(at: file) }
    let arguments =
      "_ x: inout Tensor<Float>, _ y: Tensor<Float>, _ i: Int, mask: Tensor<Bool>, labels: Labels, bytes: Tensor<UInt8>"
    try "import Tensor\nfunc test(\(arguments)) {\n\(body)\n}\n".write(to: file, atomically: true, encoding: .utf8)
    let products = try #require(Bundle.main.executableURL).deletingLastPathComponent()
    let sources = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Sources").standardized
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swiftc", "-swift-version", "6", "-typecheck", "-I", products.path, "-I",
      products.appendingPathComponent("Modules").path, "-I", sources.appendingPathComponent("COpenBLAS").path, "-Xcc",
      "-fmodule-map-file=\(products.appendingPathComponent("CKernels.build/module.modulemap").path)", "-Xcc",
      "-I\(sources.appendingPathComponent("CVector/include").path)", file.path,
    ]
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    var messages: [Int: String] = [:]
    for match in text.matches(of: /\.swift:(\d+):\d+: error: (.*)/) {
      messages[Int(match.1)! - 3, default: ""] += String(match.2)
    }
    expectEqual(process.terminationStatus, (messages.isEmpty ? 0 : 1), "\(text)")
    return messages
  }
}
