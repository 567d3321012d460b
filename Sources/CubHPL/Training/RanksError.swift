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

  /// Compares options and data of all ranks, and the batches with the number of ranks.
  ///
  /// Throws this error, and `UsageError` where a rank would have no picture of a batch.
  static func check(_ plan: ExperimentPlan) throws {
    let group = plan.group
    guard group.size > 1 else { return }
    var settings = plan.settings
    // What may differ between machines.
    (settings.threads, settings.workers, settings.quiet, settings.output) = (1, 1, false, "")
    let identity = RunIdentity(settings, data: plan.data)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let methods = plan.runs.joined().map(\.name).joined(separator: ",")
    let own = try [encoder.encode(identity), Data(methods.utf8)]
    let identities = group.gathered(Array(own[0]))
    let runs = group.gathered(Array(own[1]))
    for rank in 1..<group.size where identities[rank] != identities[0] || runs[rank] != runs[0] {
      let (first, other) = try (
        JSONDecoder().decode(RunIdentity.self, from: Data(identities[0])),
        JSONDecoder().decode(RunIdentity.self, from: Data(identities[rank]))
      )
      let found = try first.differences(from: other, names: ("on rank 0", "on rank \(rank)"))
      throw RankError(
        rank: 0, reason: "\(RanksError.different(rank: rank, differences: found.isEmpty ? ["other runs"] : found))")
    }
    for run in plan.runs.joined() {
      let labels = try plan.data.classes(settings, fold: run.fold).train.labels
      let batches = try settings.sampler.makeSampler(labels: labels, settings: settings, seed: run.seed).batches(
        epoch: 0)
      if let least = batches.map(\.count).min(), least < group.size {
        throw UsageError.conflict(
          "\(least == settings.batch ? "--batch \(least)" : "the last batch of an epoch, of \(counted(least, "picture", "pictures")),") "
            + "has no picture for each of \(group.size) ranks: start fewer, or give another --batch")
      }
    }
  }
}
