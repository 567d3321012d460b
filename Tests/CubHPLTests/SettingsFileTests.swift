import Foundation
import TensorFiles
import Testing
import _TestSupport

@testable import CubHPL

/// An experiment's settings as a file: to repeat it, to vary it, and what such a file may not say.
@Suite(.serialized) struct SettingsFileTests {
  private static let training = [
    "--data", ExperimentTests.smallCUB, "--method", "proxy-anchor,hpl-pa", "--image-size", "32", "--epochs", "2",
    "--dimensions", "8", "--warm-up", "1", "--threads", "2",
  ]

  /// What differs between the results of two experiments, but for times and where they lie.
  private func differences(_ one: Results, _ other: Results) throws -> Set<String> {
    func fields(_ results: Results) throws -> [String: String] {
      var results = results
      // What was a smaller default is a plain one where it is taken from a file.
      (results.command, results.date, results.options.output, results.smallerDefaults) = ("", "", "", nil)
      for index in results.runs.indices {
        (results.runs[index].seconds, results.runs[index].imagesPerSecond, results.runs[index].costs) = (1, 1, nil)
      }
      let object = try JSONSerialization.jsonObject(with: results.json()) as? [String: Any] ?? [:]
      let options = object["options"] as? [String: Any] ?? [:]
      return try object.filter { $0.key != "options" }.merging(options) { own, _ in own }.mapValues {
        let data = try JSONSerialization.data(withJSONObject: $0, options: [.sortedKeys, .fragmentsAllowed])
        return String(decoding: data, as: UTF8.self)
      }
    }
    let (a, b) = (try fields(one), try fields(other))
    return Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }
  }

  @Test func anExperimentIsRepeatedAndVaried() throws {
    try inTemporaryFolder { folder in
      let first = try Harness.results(Self.training, in: "\(folder)/first")
      let file = "\(folder)/first/settings.json"
      let again = try Harness.results(["--config", file], in: "\(folder)/again")
      #expect(try differences(first, again).isEmpty)
      let varied = try Harness.results(["--config", file, "--lr", "0.002"], in: "\(folder)/varied")
      try expectEqual(differences(first, varied), ["learning_rate", "runs"], "what followed the default stays too")
      expectEqual(varied.options.learningRate, 0.002)
      expectEqual(varied.options.proxyLearningRate, 0.1)
      // What a file says of the first experiment, its child says too.
      func content(_ name: String) throws -> [String: Any] {
        let text = try JSONText(contentsOf: "\(folder)/\(name)/settings.json")
        #expect(text.hasChecksum)
        return try JSONSerialization.jsonObject(with: text.data) as? [String: Any] ?? [:]
      }
      let (one, two) = (try content("first"), try content("again"))
      func part(_ content: [String: Any], _ key: String) -> [String: String] {
        (content[key] as? [String: Any] ?? [:]).mapValues { "\($0)" }
      }
      let (set, defaulted) = (part(one, "set"), part(one, "defaulted"))
      expectEqual(set, part(two, "set"))
      expectEqual(defaulted, part(two, "defaulted"))
      expectEqual(set["method"], "proxy-anchor,hpl-pa")
      expectEqual(set["epochs"], "2")
      expectEqual(set["data"], ExperimentTests.smallCUB)
      expectEqual(defaulted["levels"], "1.0,clusters:3:0.1")
      expectEqual(defaulted["batch"], "24")
      expectEqual(defaulted["lr"], "0.001")
      #expect(Set(set.keys).isDisjoint(with: defaulted.keys) && set["output"] == nil && defaulted["ema"] == nil)
      #expect(one["command"] as? String == "train" && one["version"] as? String == Program.version)
    }
  }

  @Test func theSameFolderGoesOnFromItsOwnFile() throws {
    try inTemporaryFolder { folder in
      let arguments = Self.training.map { $0 == "proxy-anchor,hpl-pa" ? "triplet" : $0 }
        .filter { !["--warm-up", "1"].contains($0) }
      let first = try Harness.results(arguments, in: "\(folder)/out")
      let more = try Harness.results(["--config", "\(folder)/out/settings.json", "--seeds", "2"], in: "\(folder)/out")
      #expect(more.runs.count == 2 && more.runs[0] == first.runs[0], "taken from its folder")
      let line = failure {
        try Harness.results(["--config", "\(folder)/out/settings.json", "--ema", "0.5"], in: "\(folder)/out")
      }
      #expect(line.contains("ema (there none, now 0.5)"), "\(line)")
    }
  }

  /// What was a default gives way to what is typed, as a default does; what was set is held against it.
  @Test func whatIsTypedWins() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/s.json"
      let text = """
        {"command": "train", "set": {"freeze-batch-norm": true, "weights": "w.pth", "miner": "hard", "method": "triplet"},
         "defaulted": {"epochs": 16, "warm-up": 2, "batch": 60, "samples-per-class": 4, "seed": 18446744073709551615}}
        """
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      func settings(_ arguments: String...) throws -> Settings {
        let command = try Invocation(["cub-hpl", "--config", file] + arguments)
        guard case .run(let command) = command, let train = command as? TrainCommand else { throw CancellationError() }
        return try Settings(train.given)
      }
      try expectEqual(settings("--epochs", "2", "--seed", "3").warmUp, 1)
      try expectEqual(settings("--batch", "3", "--seed", "3").samplesPerClass, 3)
      #expect(try settings("--seed", "3").freezeBatchNorm)
      #expect(try !settings("--seed", "3", "--freeze-batch-norm=false").freezeBatchNorm)
      expectEqual(
        failure { try settings() },
        "cub-hpl: --seed \(UInt64.max) is too large for --seeds 1 (with the options of \(file))")
      expectEqual(
        failure { try settings("--seed", "1", "--method", "arcface") },
        "cub-hpl: --miner chooses pairs, and none of the methods compares pairs: arcface (with the options of \(file))")
    }
  }

  @Test(arguments: [
    (#"{"command": "train", "set": {"epochz": 3}}"#, "set.epochz: is no option of train; did you mean epochs?"),
    (#"{"command": "train", "set": {"over": "w1"}}"#, "set.over: is no option of train"),
    (#"{"command": "train", "defaulted": {"epochs": "3"}}"#, "defaulted.epochs: must be a number, not a text"),
    (#"{"command": "train", "set": {"method": ["hpl-pa"]}}"#, "set.method: must be a text, not a list or nothing"),
    (#"{"command": "train", "set": {"quiet": 1}}"#, "set.quiet: must be true or false, not a number"),
    (#"{"command": "train", "set": {"epochs": 0}}"#, "set.epochs: '0' must be at least 1"),
    (#"{"command": "train", "set": {"epochs": 1.5}}"#, "set.epochs: '1.5' must be a whole number from 1 to 100000"),
    (#"{"command": "train", "set": {"levels": "x"}}"#, "set.levels: 'x' in level 'x': 'x' is not a weight"),
    (#"{"command": "train", "set": {"lr": 0.1}, "defaulted": {"lr": 0.1}}"#, "defaulted.lr: stands in set as well"),
    (#"{"command": "train", "set": {"output": "x"}}"#, "set.output: is of one experiment alone: give --output"),
    (#"{"command": "train", "set": 3}"#, "set: must be an object, not a number"),
    (#"{"command": "train", "sets": {}}"#, "sets: is unknown; the keys are command, version, set and defaulted"),
    (#"{"command": "sweep"}"#, "command: the file is of the command 'sweep', and this is train"),
    (#"{"command": 3}"#, "command: must be a text, not a number"),
    (#"{"set": {}}"#, "command: is missing"),
    (
      #"{"command": "train", "version": "9"}"#,
      "version: 9 is not 0.1.0; take the key out to start from it all the same"
    ),
    (#"[1]"#, "the whole: must be an object with the keys command, version, set and defaulted"),
    (#"{"command": "train", "set": {"epochs": }}"#, "is no JSON: line 1, set.epochs"),
    (#"{"checksum": "00000000", "command": "train"}"#, "checksum: does not fit the rest"),
  ])
  func aFileThatCannotBeIsOneLine(_ text: String, _ message: String) throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/s.json"
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      let line = failure { try Harness.run(["--config", file]) }
      #expect(line.hasPrefix("cub-hpl: \(file)") && line.contains(message), "\(line)")
    }
  }

  @Test func aFileThatIsNotThereIsOneLine() {
    #expect(failure { try Harness.run(["--config", "/nowhere/s.json"]) }.contains("/nowhere/s.json: cannot be read"))
  }
}
