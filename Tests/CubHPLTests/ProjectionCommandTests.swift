import Foundation
import Testing
import _TestSupport

@testable import CubHPL

@Suite(.serialized) struct ProjectionCommandTests {
  private let folder = NSTemporaryDirectory() + UUID().uuidString

  private func failure(_ arguments: [String]) -> String {
    CubHPLTests.failure { try Harness.run(["tsne"] + arguments) }
  }

  @Test func drawsTwoModelsOfOneRun() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let checkpoints = try ["proxy-anchor", "hpl-pa"].flatMap { ["--checkpoint", try Trained.checkpoint($0)] }
    for split in ["test", "train"] {
      let output = "\(folder)/\(split)"
      let arguments =
        ["tsne", "--data", ExperimentTests.smallCUB, "--quiet"] + checkpoints + ["--split", split, "--output", output]
      try Harness.run(arguments)
      try expectEqual(
        FileManager.default.contentsOfDirectory(atPath: output).sorted(), ["tsne.csv", "tsne.html", "tsne.svg"])
      let table = try String(contentsOfFile: "\(output)/tsne.csv", encoding: .utf8).split(separator: "\n")
      expectEqual(table[0], "picture,coarse cluster,class,Proxy-Anchor x,Proxy-Anchor y,HPL-PA x,HPL-PA y")
      expectEqual(table.count, 25)
      let page = try String(contentsOfFile: "\(output)/tsne.html", encoding: .utf8)
      #expect(page.contains("Every point shows its picture") && page.contains("--split \(split)"))
    }
  }

  @Test func refusesWhatItCannotDraw() throws {
    #expect(failure([]).contains("tsne needs --checkpoint"))
    #expect(failure(["--checkpoint", "/nowhere/last.safetensors"]).contains("/nowhere/last.safetensors"))
    #expect(failure(["--checkpoint", "\(ExperimentTests.smallCUB)/images.txt"]).contains("images.txt"))
    #expect(throws: UsageError.self) { try Harness.run(["tsne", "--checkpoint", "a", "--split", "middle"]) }
  }
}
