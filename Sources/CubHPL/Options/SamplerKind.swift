import HPL
import Tensor

/// How pictures come together in batches.
enum SamplerKind: String, CaseIterable, Codable, Sendable {
  /// Some classes with some pictures each.
  case balanced
  /// In random order; a smaller last batch is left out.
  case shuffled

  /// Makes the sampler of some pictures' classes.
  ///
  /// Throws `SamplerError` or `UsageError` where batches do not fit the data.
  func makeSampler(labels: [Int], settings: Settings, seed: UInt64) throws -> any Sampler {
    switch self {
    case .balanced:
      return try BalancedSampler(
        labels: Labels(labels), batch: settings.batch, samplesPerClass: settings.samplesPerClass, seed: seed)
    case .shuffled:
      guard labels.count >= settings.batch else {
        throw UsageError.conflict("--batch \(settings.batch) is more than the \(labels.count) pictures to train on")
      }
      return try ShuffledSampler(count: labels.count, batch: settings.batch, seed: seed, dropsLast: true)
    }
  }
}
