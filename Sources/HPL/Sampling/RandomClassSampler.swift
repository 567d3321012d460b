import ClassTree
import Tensor

/// Batches of random classes with `samplesPerClass` random samples each: what the authors of Proxy-Anchor (Kim et al., CVPR 2020) and HIER (Kim
/// et al., CVPR 2023; 2 samples a class) train with.
///
/// The classes of a batch are different; a sample may come several times, even in one batch, and some do not come in an epoch, which
/// has as many batches as the samples fill. `BalancedSampler` deals each sample once.
public struct RandomClassSampler: Sampler {
  /// The sample indices of each class, classes in ascending order of their labels.
  private let classes: [[Int]]
  private let count: Int
  private let batch: Int
  private let samplesPerClass: Int
  private let seed: UInt64

  /// Makes a sampler of as many samples as there are labels.
  ///
  /// Throws `SamplerError` if the batch size is no multiple of the samples per class or needs more classes than there are.
  public init(labels: Labels, batch: Int, samplesPerClass: Int, seed: UInt64) throws(SamplerError) {
    try self.init(membersOfClasses(labels), labels.count, batch: batch, samplesPerClass: samplesPerClass, seed: seed)
  }

  /// Makes a sampler of samples that may have several classes, for each of which they may be drawn; one without a class does not come.
  ///
  /// Throws as the other.
  public init(memberships: Memberships, batch: Int, samplesPerClass: Int, seed: UInt64) throws(SamplerError) {
    try self.init(
      membersOfClasses(memberships), memberships.count, batch: batch, samplesPerClass: samplesPerClass, seed: seed)
  }

  private init(
    _ classes: [[Int]], _ count: Int, batch: Int, samplesPerClass: Int, seed: UInt64
  ) throws(SamplerError) {
    try requireBatches(of: classes.count, batch: batch, samplesPerClass: samplesPerClass)
    (self.classes, self.count) = (classes, count)
    (self.batch, self.samplesPerClass, self.seed) = (batch, samplesPerClass, seed)
  }

  /// The batches of an epoch, at least one; the same for the same seed and epoch.
  public func batches(epoch: Int) -> [[Int]] {
    var generator = RandomGenerator(seed: seed, epoch: epoch)
    return (0..<max(1, count / batch)).map { _ in
      classes.shuffled(using: &generator).prefix(batch / samplesPerClass).flatMap { members in
        (0..<samplesPerClass).map { _ in members.randomElement(using: &generator)! }
      }
    }
  }
}
