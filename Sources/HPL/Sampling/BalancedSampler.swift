import ClassTree
import Tensor

/// Batches of `batch / samplesPerClass` different classes with `samplesPerClass` samples each, side by side.
///
/// A class's samples are shuffled every epoch and dealt in groups. The last group of a class is filled up with samples
/// that the class has already dealt; only a class with fewer samples than a group repeats one within it. An epoch has
/// as many batches as all groups fill, the last one filled up with further groups. So every sample comes at least once
/// an epoch, except in a class with more groups than the epoch has batches: there, another random part each epoch.
public struct BalancedSampler: Sampler {
  /// The sample indices of each class, classes in ascending order of their labels.
  private let classes: [[Int]]
  private let classesPerBatch: Int
  private let samplesPerClass: Int
  private let seed: UInt64

  /// Makes a sampler of as many samples as there are labels.
  ///
  /// Throws `SamplerError` if the batch size is no multiple of the samples per class or needs more classes than there
  /// are.
  public init(labels: Labels, batch: Int, samplesPerClass: Int, seed: UInt64) throws(SamplerError) {
    try self.init(membersOfClasses(labels), batch: batch, samplesPerClass: samplesPerClass, seed: seed)
  }

  /// Makes a sampler of samples that may have several classes.
  ///
  /// A sample is dealt for each of its classes, and may come for two of them in one batch; one without a class does not come. Throws
  /// as the other.
  public init(memberships: Memberships, batch: Int, samplesPerClass: Int, seed: UInt64) throws(SamplerError) {
    try self.init(membersOfClasses(memberships), batch: batch, samplesPerClass: samplesPerClass, seed: seed)
  }

  private init(_ classes: [[Int]], batch: Int, samplesPerClass: Int, seed: UInt64) throws(SamplerError) {
    try requireBatches(of: classes.count, batch: batch, samplesPerClass: samplesPerClass)
    self.classes = classes
    classesPerBatch = batch / samplesPerClass
    self.samplesPerClass = samplesPerClass
    self.seed = seed
  }

  /// The batches of an epoch; the same for the same seed and epoch.
  public func batches(epoch: Int) -> [[Int]] {
    var generator = RandomGenerator(seed: seed, epoch: epoch)
    var deals = classes.map { groups(of: $0, &generator) }
    let groupCount = deals.reduce(0) { $0 + $1.count }
    var classesByGroupsLeft = [[Int]](repeating: [], count: 1 + (deals.map(\.count).max() ?? 0))
    for (index, groups) in deals.enumerated() { classesByGroupsLeft[groups.count].append(index) }

    let batchCount = (groupCount + classesPerBatch - 1) / classesPerBatch
    var batches = (0..<batchCount).map { _ in
      nextClasses(&classesByGroupsLeft, &generator).flatMap { index in
        deals[index].popLast() ?? groups(of: classes[index], &generator)[0]
      }
    }
    batches.shuffle(using: &generator)
    return batches
  }

  /// A class's samples in random order, in groups of equal size.
  private func groups(of members: [Int], _ generator: inout RandomGenerator) -> [[Int]] {
    let order = members.shuffled(using: &generator)
    return stride(from: 0, to: order.count, by: samplesPerClass).map { start in
      (start..<start + samplesPerClass).map { order[$0 % order.count] }
    }
  }

  /// The classes with most groups left, which of equals is random; takes one group from each.
  ///
  /// No other order leaves fewer groups behind.
  private func nextClasses(_ classesByGroupsLeft: inout [[Int]], _ generator: inout RandomGenerator) -> [Int] {
    var chosen: [(index: Int, left: Int)] = []
    for left in classesByGroupsLeft.indices.reversed() {
      while chosen.count < classesPerBatch, !classesByGroupsLeft[left].isEmpty {
        let last = classesByGroupsLeft[left].count - 1
        classesByGroupsLeft[left].swapAt(Int.random(in: 0...last, using: &generator), last)
        chosen.append((classesByGroupsLeft[left].removeLast(), left))
      }
    }
    for (index, left) in chosen { classesByGroupsLeft[max(left - 1, 0)].append(index) }
    return chosen.map(\.index).shuffled(using: &generator)
  }
}

/// The sample indices of each class, classes in ascending order of their labels.
func membersOfClasses(_ labels: Labels) -> [[Int]] {
  var members: [Int: [Int]] = [:]
  for (index, label) in labels.scalars.enumerated() { members[label, default: []].append(index) }
  return members.sorted { $0.key < $1.key }.map(\.value)
}

/// The same of the classes that have samples.
func membersOfClasses(_ memberships: Memberships) -> [[Int]] { memberships.members.filter { !$0.isEmpty } }

/// Throws where batches cannot be made of so many classes.
func requireBatches(of classes: Int, batch: Int, samplesPerClass: Int) throws(SamplerError) {
  guard batch >= 1, samplesPerClass >= 1 else {
    throw .notPositive(batch: batch, samplesPerClass: samplesPerClass)
  }
  guard batch.isMultiple(of: samplesPerClass) else {
    throw .notDivisible(batch: batch, samplesPerClass: samplesPerClass)
  }
  guard batch / samplesPerClass <= classes else {
    throw .tooFewClasses(classes, batch: batch, samplesPerClass: samplesPerClass)
  }
}
