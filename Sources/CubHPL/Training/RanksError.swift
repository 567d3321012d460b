import Collectives
import Foundation

/// Ranks that cannot work together.
enum RanksError: Error, CustomStringConvertible {
  /// A rank does something else than the first.
  case different(rank: Int, differences: [String])

  var description: String {
    switch self {
    case .different(let rank, let differences):
      "rank \(rank) does not do what rank 0 does: \(differences.joined(separator: ", ")); start all ranks with the same command and "
        + "the same data"
    }
  }

  /// Throws this error, on all ranks, where a text differs from that of the first one; `describe` says how, from both.
  static func check(
    _ text: String, over group: Group, _ describe: (_ first: String, _ other: String) throws -> [String]
  ) throws {
    let texts = group.gathered(text)
    for rank in 1..<max(group.size, 1) where texts[rank] != texts[0] {
      throw RankError(
        rank: 0, reason: "\(RanksError.different(rank: rank, differences: try describe(texts[0], texts[rank])))")
    }
  }

  /// Compares what was typed, before any rank does something else than another; what says where files go and how many threads
  /// work may differ.
  ///
  /// With what is wrong with it on this rank, if something is: then it throws `RankError` on all ranks.
  static func check(commandLine: [String], _ wrong: UsageError? = nil, over group: Group) throws {
    var words = Array(commandLine.dropFirst())
    for option in ["--threads", "--workers", "--output"] {
      if let place = words.firstIndex(of: option) { words.removeSubrange(place..<min(place + 2, words.count)) }
      words.removeAll { $0.hasPrefix("\(option)=") }
    }
    words.removeAll { $0 == "--quiet" }
    let problems = group.gathered(wrong.map { "\($0)" } ?? "")
    if let rank = problems.firstIndex(where: { !$0.isEmpty }) {
      throw RankError(rank: rank, reason: problems[rank], cause: wrong)
    }
    try check(words.joined(separator: "\u{0}"), over: group) { first, other in
      ["the command there is \(shellCommand(other.split(separator: "\u{0}").map(String.init)))"]
    }
  }

  /// Compares options and data of all ranks, and the batches with the number of ranks.
  ///
  /// Throws this error, and the same for a rank that would have no picture of a batch.
  static func check(_ plan: ExperimentPlan) throws {
    let group = plan.group
    guard group.size > 1 else { return }
    var settings = plan.settings
    // What may differ between machines.
    (settings.threads, settings.workers, settings.quiet, settings.output) = (1, 1, false, "")
    let identity = RunIdentity(settings, data: plan.data)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // The identity of a run leaves out what runs there are, and where proxies lie.
    let runs = plan.runs.joined().map(\.name).joined(separator: ",") + (settings.shardProxies ? " --shard-proxies" : "")
    try check(runs, over: group) { ["the runs there are \($1), and not \($0)"] }
    try check(String(decoding: try encoder.encode(identity), as: UTF8.self), over: group) { first, other in
      func decoded(_ text: String) throws -> RunIdentity {
        try JSONDecoder().decode(RunIdentity.self, from: Data(text.utf8))
      }
      return try decoded(first).differences(from: decoded(other), names: ("on rank 0", "there"))
    }
    for run in plan.runs.joined() {
      let classes = try plan.data(of: run).classes(run.settings, fold: run.fold)
      let batches = try settings.sampler.makeSampler(of: classes, settings: run.settings, seed: run.seed).batches(
        epoch: 0)
      if let least = batches.map(\.count).min(), least < group.size { throw tooSmall(least, run.settings, group) }
    }
  }

  /// Why a batch cannot be shared out; every rank finds it.
  static func tooSmall(_ least: Int, _ settings: Settings, _ group: Group) -> RankError {
    let batch =
      least == settings.batch
      ? "--batch \(least)" : "the last batch of an epoch, of \(counted(least, "picture", "pictures")),"
    let error = UsageError.conflict(
      "\(batch) has no picture for each of \(group.size) ranks: start fewer, or give another --batch")
    return RankError(rank: 0, reason: "\(error)", cause: error)
  }
}
