import HPL
import Tensor

/// How pictures come together in batches.
enum SamplerKind: NamedChoice, Sendable {
  /// Some classes with some pictures each.
  case balanced
  /// In random order; a smaller last batch is left out.
  case shuffled
  /// Random classes with some random pictures each.
  case randomClasses
  /// Two groups of the data's coarsest level, with some classes each.
  case hierarchical
  /// One of the program that calls this one.
  case own(NamedSampler)

  static let allCases: [SamplerKind] = [.balanced, .shuffled, .randomClasses, .hierarchical]

  var rawValue: String {
    switch self {
    case .balanced: "balanced"
    case .shuffled: "shuffled"
    case .randomClasses: "random-classes"
    case .hierarchical: "hierarchical"
    case .own(let part): part.name
    }
  }

  static func unknown(_ name: String) -> SamplerKind { .own(NamedSampler(unknown: name)) }

  /// Makes the sampler of the classes to train on.
  ///
  /// Throws `SamplerError` or `UsageError` where batches do not fit the data, and what a sampler of another program throws.
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
    case .own(let part):
      return try part.make!(
        .init(
          labels: Labels(labels), groups: classes.taxonomy?.groupsOfClasses ?? [], batch: settings.batch,
          samplesPerClass: settings.samplesPerClass, seed: seed))
    }
  }
}
