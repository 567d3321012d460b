import HPL
import Tensor

/// How pictures come together in batches.
enum SamplerKind: String, CaseIterable, Codable, Sendable {
  /// Some classes with some pictures each.
  case balanced
  /// In random order; a smaller last batch is left out.
  case shuffled
  /// Random classes with some random pictures each.
  case randomClasses = "random-classes"
  /// Two groups of the data's finest level, with some classes each.
  case hierarchical

  /// Makes the sampler of the classes to train on.
  ///
  /// Throws `SamplerError` or `UsageError` where batches do not fit the data.
  func makeSampler(of classes: TrainingClasses, settings: Settings, seed: UInt64) throws -> any Sampler {
    let labels = classes.train.labels
    switch self {
    case .randomClasses:
      return try RandomClassSampler(
        labels: Labels(labels), batch: settings.batch, samplesPerClass: settings.samplesPerClass, seed: seed)
    case .hierarchical:
      guard let taxonomy = classes.taxonomy else {
        throw UsageError.conflict(
          "--sampler hierarchical needs groups of classes, and the data has none: see --taxonomy")
      }
      return try HierarchicalSampler(
        labels: Labels(labels), groups: taxonomy.groups(on: taxonomy.levels.count), batch: settings.batch,
        samplesPerClass: settings.samplesPerClass, seed: seed)
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
