import Tensor

/// Batches of some super classes each, so that negatives are of the same super class often (pytorch-metric-learning's `HierarchicalSampler`).
///
/// An epoch has `batchesPerCombination` batches of each combination of `groupsPerBatch` super classes. Each of these fills its equal part of
/// the batch with classes in random order, `samplesPerClass` samples of each, which repeat only where a class has fewer. What does not fit
/// any more, and what a super class is short of, is missing in the batch.
public struct HierarchicalSampler: Sampler {
  /// For each super class in ascending order, the sample indices of its classes.
  private let groups: [[[Int]]]
  private let batch: Int
  private let samplesPerClass: Int
  private let groupsPerBatch: Int
  private let batchesPerCombination: Int
  private let seed: UInt64

  /// Makes a sampler of as many samples as there are labels; `groups` has the super class of each class, as a level of
  /// `ClassHierarchy.groupsOfClasses`.
  ///
  /// Throws `SamplerError` if a batch cannot be divided among the super classes, if the samples of a class do not fit into a part,
  /// or if there are fewer super classes. Traps for a label without group.
  public init(
    labels: Labels, groups: [Int], batch: Int, samplesPerClass: Int, groupsPerBatch: Int = 2,
    batchesPerCombination: Int = 4, seed: UInt64, file: StaticString = #fileID, line: UInt = #line
  ) throws(SamplerError) {
    guard batch >= 1, samplesPerClass >= 1, groupsPerBatch >= 1, batchesPerCombination >= 1 else {
      throw .notPositive(batch: batch, samplesPerClass: samplesPerClass)
    }
    guard batch.isMultiple(of: groupsPerBatch), batch / groupsPerBatch >= samplesPerClass else {
      throw .notDivisibleAmongGroups(batch: batch, groups: groupsPerBatch, samplesPerClass: samplesPerClass)
    }
    self.groups = grouped(labels, groups, "HierarchicalSampler", file, line)
    guard groupsPerBatch <= self.groups.count else { throw .tooFewGroups(self.groups.count, needed: groupsPerBatch) }
    (self.batch, self.samplesPerClass, self.groupsPerBatch) = (batch, samplesPerClass, groupsPerBatch)
    (self.batchesPerCombination, self.seed) = (batchesPerCombination, seed)
  }

  /// The batches of an epoch; the same for the same seed and epoch.
  public func batches(epoch: Int) -> [[Int]] {
    var generator = RandomGenerator(seed: seed, epoch: epoch)
    let classes = batch / groupsPerBatch / samplesPerClass
    var batches: [[Int]] = []
    for combination in combinations(of: groups.count, groupsPerBatch) {
      for _ in 0..<batchesPerCombination {
        var batch: [Int] = []
        for group in combination {
          for members in groups[group].shuffled(using: &generator).prefix(classes) {
            batch += drawn(samplesPerClass, from: members, &generator)
          }
        }
        batches.append(batch.shuffled(using: &generator))
      }
    }
    return batches.shuffled(using: &generator)
  }
}

/// Every choice of so many numbers of `0..<count`, in ascending order.
private func combinations(of count: Int, _ size: Int) -> [[Int]] {
  guard size > 0 else { return [[]] }
  return (0..<count).flatMap { last in combinations(of: last, size - 1).map { $0 + [last] } }
}
