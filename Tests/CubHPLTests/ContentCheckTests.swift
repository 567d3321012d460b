import ClassTree
import Foundation
import HPL
import Tensor
import TensorFiles
import Testing
import _TestSupport

@testable import CubHPL

/// The numbers of every file that is read back, replaced by numbers that they cannot be: nothing traps, hangs or is taken.
@Suite(.serialized) struct ContentCheckTests {
  private let folder = NSTemporaryDirectory() + UUID().uuidString

  /// As JSON writes them; the last is no JSON.
  private static let numbers = [
    "-1", "0", "1048576", "1099511627776", "4611686018427387904", "9223372036854775807", "-9223372036854775808",
    "9223372036854775808", "1e308", "-1e308", "NaN",
  ]

  /// A finished run, with groups that the data gives and clusters.
  private func withRun(_ body: (_ run: String) throws -> Void) throws {
    try Trained.withCopy { try body("\($0)/runs/hpl-pa-seed-0") }
  }

  /// A JSON text without spaces with its numbers replaced in turn; of a list the first and the last, because what is between them is
  /// checked in the same loop.
  private func mutations(of text: String) -> [String] {
    let first = text.matches(of: /:\[*(-?[0-9][-+.0-9eE]*)(?=[,\]}])/).map { $0.1.startIndex..<$0.1.endIndex }
    let last = text.matches(of: /[,\[](-?[0-9][-+.0-9eE]*)(?=\]+(?:,"|}))/).map { $0.1.startIndex..<$0.1.endIndex }
    return Set(first + last).flatMap { place in Self.numbers.map { text.replacingCharacters(in: place, with: $0) } }
  }

  /// What a reading may end in.
  private func isTyped(_ error: any Error) -> Bool {
    error is CheckpointError || error is UsageError || error is HierarchyFileError || error is HierarchyError
  }

  @Test func aCheckpointsNumbersAreChecked() throws {
    try withRun { run in
      let good = try Safetensors(contentsOf: "\(run)/last.safetensors")
      let text = try #require(good.metadata[Checkpoint.key])
      let mutated = mutations(of: text)
      #expect(mutated.count > 300)
      var refused = 0
      for text in mutated {
        // Without the tensors, which nobody looks at before the text.
        let bad = Safetensors(metadata: [Checkpoint.key: text])
        let path = "\(run)/bad.safetensors"
        try bad.write(to: path, withChecksum: true)
        do {
          let checkpoint = try Checkpoint(contentsOf: path)
          #expect((1...4096).contains(checkpoint.state.identity.settings.dimensions))
        } catch {
          refused += 1
          #expect(isTyped(error), "\(error)")
        }
      }
      #expect(refused > mutated.count / 2)
      for key in ["dimensions", "image_size"] {
        for number in Self.numbers {
          var bad = good
          bad.metadata[Checkpoint.key] = text.replacing(
            try Regex("\"\(key)\":[0-9]+"), with: "\"\(key)\":\(number)")
          try bad.write(to: "\(run)/bad.safetensors", withChecksum: true)
          let line = failure { try TrainedModel(checkpoint: "\(run)/bad.safetensors") }
          #expect(line.contains("bad.safetensors"), "\(key) \(number): \(line)")
        }
      }
    }
  }

  @Test(arguments: ["clusters:2:0.1", "taxonomy:0.1"]) func aCheckpointsGroupsAreChecked(_ level: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let settings = try Harness.settings(
      "--data", ExperimentTests.smallCUB, "--levels", "1,\(level)", "--dimensions", "8")
    var generator = RandomGenerator(seed: 0)
    var tensors = Safetensors()
    settings.backbone.makeNetwork(embedding: 8, using: &generator).save(into: &tensors, prefix: "model.")
    let names = ["x", "y", "z"]
    let groups = try ClassHierarchy(
      classes: names, levels: [.init(name: "", groups: ["a", "b"], parents: [1, 0, 1])])
    try MethodList.standard["hpl-pa"]!.objective(
      settings, classes: 3, taxonomy: groups, using: &generator
    ).proxies!.save(into: &tensors, prefix: "loss.")
    let state = Checkpoint.State(
      identity: .init(settings, data: try TrainingData(DataRequest(settings)) { _ in }), method: "hpl-pa", title: "",
      seed: 0,
      fold: nil, curve: [], seconds: 0, imagesSeen: 0, classNames: names)
    let output = try OutputFolder(within: folder)
    let path = output.file("c.safetensors")
    try Checkpoint(state, tensors).write(to: path)
    func opening() -> String {
      failure { try TrainedModel(Checkpoint(state, tensors), at: path, methods: .standard) }
    }
    expectEqual(failure { try TrainedModel(checkpoint: path) }, "no error")
    for number in [-1, 2, 1 << 20, 1 << 40, 1 << 62, .max, .min] {
      for groups in [[number, 0, 1], [0, 1, number], [number, number, number]] {
        tensors.set(Labels(groups), for: "loss.levels.1.parents")
        let line = opening()
        #expect(line.contains("does not put 3 proxies into") || line.contains("does not fit"), "\(groups): \(line)")
      }
    }
    tensors.set(Labels([0, 1]), for: "loss.levels.1.parents")
    try Checkpoint(state, tensors).write(to: path)
    #expect(failure { try TrainedModel(checkpoint: path) }.contains("does not put 3 proxies"))
  }

  @Test func aResultsNumbersAreChecked() throws {
    try withRun { run in
      let path = "\(run)/result.json"
      let data = try TrainingData(DataRequest(Harness.settings(["--data", ExperimentTests.smallCUB]))) { _ in }
      let good = try #require(try RunFolder.Finished(contentsOf: path))
      let text = String(decoding: try JSONEncoder().encode(good), as: UTF8.self)
      let mutated = mutations(of: text)
      #expect(mutated.count > 1000)
      var refused = 0
      for text in mutated {
        do {
          let finished = try JSONDecoder().decode(
            RunFolder.Finished.self, from: JSONText(text, source: "result.json").data)
          try finished.check()
          try finished.check(queries: data.test.count, items: data.test.count)
          use(finished)
        } catch {
          refused += 1
          #expect(
            error is DecodingError || error is ContentError || error is TensorFileError || error is InvalidValue,
            "\(error)")
        }
      }
      #expect(refused > mutated.count / 2)
      // And as the program finds it: with a checksum, without one, and with one that does not fit.
      let bad = text.replacing(/"parents":\[[0-9]+/, with: "\"parents\":[1152921504606846976")
      try JSONText.encoded(JSONDecoder().decode(RunFolder.Finished.self, from: Data(bad.utf8)))
        .write(to: URL(fileURLWithPath: path))
      #expect(failure { _ = try RunFolder.Finished(contentsOf: path) }.contains("result.hierarchy[0].parents: 11529"))
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let line = failure { _ = try RunFolder.Finished(contentsOf: path) }
      #expect(line.contains("it has no checksum; delete the file to have the run measured again"))
      let inspect = ["inspect", "--checkpoint", "\(run)/last.safetensors"]
      #expect(failure { try Harness.run(inspect) }.contains("result.json: it has no checksum"))
    }
  }

  /// What a report makes of a result.
  private func use(_ finished: RunFolder.Finished) {
    let summary = Summary([finished.result])
    _ = [
      Table.text(for: summary), Table.hierarchical(summary), Table.convergence(summary), Table.coarseLevels(summary),
    ]
    _ = ReportDotChart(metric: .mapAtR, summary: summary).drawing.markup.description
    _ = ReportCurveChart.losses(summary).map(\.chart.drawing.markup.description)
    _ = finished.study?.confusion.map(ReportHeatMap.init)?.drawing.markup.description
    _ = finished.projection?.clusters?.names
    let classes = (0..<6).map { ReportContent.Node(title: "\($0)") }
    _ = ReportContent.Node.tree(levels: finished.result.hierarchy, classes: classes)
  }

  @Test(arguments: [
    "last.safetensors", "../../model.safetensors", "../../proxies.safetensors", "result.json", "../../hierarchy.json",
  ])
  func aFlippedBitIsNeverAccepted(_ name: String) throws {
    try withRun { run in
      let path = "\(run)/\(name)"
      let good = try Data(contentsOf: URL(fileURLWithPath: path))
      var generator = RandomGenerator(seed: 5)
      let model = "\(run)/../../model.safetensors"
      let checkpoint = try Checkpoint(contentsOf: model)
      // In the header of a large file, and everywhere.
      let bits =
        (0..<100).map { _ in Int(generator.next() % UInt64(8 * good.count)) }
        + (0..<100).map { _ in Int(generator.next() % UInt64(min(8 * good.count, 20_000))) } + Array(0..<64)
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      func write(_ byte: UInt8, at place: Int) throws {
        try file.seek(toOffset: UInt64(place))
        try file.write(contentsOf: [byte])
      }
      for bit in bits {
        try write(good[bit / 8] ^ 1 << (bit % 8), at: bit / 8)
        defer { try? write(good[bit / 8], at: bit / 8) }
        let line = failure {
          switch name {
          case "result.json": _ = try RunFolder.Finished(contentsOf: path)
          case "../../hierarchy.json": _ = try ClassHierarchy(contentsOf: path, classes: checkpoint.state.classNames)
          case "../../proxies.safetensors": _ = try TrainedModel(checkpoint, at: model, methods: .standard)
          default: _ = try Checkpoint(contentsOf: path)
          }
        }
        #expect(line != "no error", "bit \(bit)")
      }
    }
  }
}
