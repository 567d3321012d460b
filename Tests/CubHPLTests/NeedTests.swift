import Testing
import _TestSupport

@testable import CubHPL

/// An option says what it needs, and without that it is refused: the rule, for every option that needs something.
@Suite struct NeedTests {
  /// For each option with needs a command line in which each of them is missing in turn.
  private static let missing: [String: [[String]]] = [
    "--dataset cub": [[]], "--taxonomy t.tsv": [[]], "--class-split interleaved": [[]], "--skip-broken": [[]],
    "--miner hard": [["--method", "arcface"]], "--levels 1.0": [["--method", "arcface"]],
    "--hierarchy h.json": [["--method", "arcface"], ["--method", "hpl-pa", "--levels", "1,clusters:3:0.1"]],
    "--level-ramp 2": [["--method", "arcface"], ["--method", "hpl-pa", "--levels", "1"]],
    "--warm-up 1": [["--method", "arcface"], ["--method", "hpl-pa", "--levels", "1"]],
    "--recluster 3": [
      ["--method", "arcface"], ["--method", "hpl-pa", "--levels", "1"],
      ["--method", "hpl-pa", "--levels", "1,taxonomy:0.1"],
    ],
    "--shard-proxies": [["--method", "happier"]], "--sampling-rate 0.5": [["--method", "triplet"]],
    "--proxy-lr 0.1": [["--method", "triplet"]],
    "--freeze-batch-norm": [[], ["--backbone", "vit-s16", "--weights", "w.pth"]],
    "--sync-batch-norm": [["--backbone", "vit-s16"]], "--head-warm-up 1": [[]],
    "--samples-per-class 2": [["--sampler", "shuffled"]], "--validation-classes 2": [["--protocol", "mlrc"]],
    "--patience 3": [[], ["--validation-classes", "2", "--epochs", "3"]],
    "--precision-at 5": [["--protocol", "mlrc"]], "--whiten": [["--protocol", "mlrc"]],
    "--expand-queries 5": [["--protocol", "mlrc"]], "--rerank": [["--protocol", "mlrc"]],
    "--pictures 2000": [["--over", "w1"]],
  ]

  @Test(arguments: missing.keys.sorted())
  func whatIsMissingIsSaid(_ option: String) throws {
    let words = option.split(separator: " ").map(String.init)
    let command: any Command.Type = words[0] == "--pictures" ? SweepCommand.self : TrainCommand.self
    let declared = try #require(command.options(.standard).first { $0.name == words[0] })
    let lines = Self.missing[option]!
    expectEqual(lines.count, declared.needs.count, "a line for each need of \(words[0])")
    let reasons = lines.map { line in failure { try Invocation(["cub-hpl", command.word] + line + words) } }
    for reason in reasons { #expect(reason.hasPrefix("cub-hpl: \(words[0]) "), "\(reason)") }
    expectEqual(Set(reasons).count, lines.count, "each need has its own reason")
  }

  @Test func everyNeedIsTested() {
    let options = TrainingOptions.all(of: .sweep).filter { !$0.needs.isEmpty }.map(\.name)
    expectEqual(Set(options), Set(Self.missing.keys.map { String($0.prefix { $0 != " " }) }))
  }

  /// What turns a flag off needs nothing.
  @Test func flagsMayBeOff() throws {
    #expect(try !Harness.settings("--freeze-batch-norm=false", "--head-warm-up", "0").freezeBatchNorm)
  }
}
