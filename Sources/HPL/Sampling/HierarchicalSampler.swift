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

/// Batches of some categories with some classes of each, categories by their number of classes (open-metric-learning's
/// `CategoryBalanceSampler`).
///
/// A batch has `categoriesPerBatch` different categories, drawn with probabilities that are proportional to their numbers of classes, `classesPerCategory`
/// classes of each and `samplesPerClass` samples of each of these; classes and samples repeat only where there are fewer. An epoch has
/// as many batches as the classes fill of `classesPerCategory` each.
public struct CategorySampler: Sampler {
  private let categories: [[[Int]]]
  private let categoriesPerBatch: Int
  private let classesPerCategory: Int
  private let samplesPerClass: Int
  private let seed: UInt64

  /// Makes a sampler of as many samples as there are labels; `categories` has the category of each class, as a level of
  /// `ClassHierarchy.groupsOfClasses`.
  ///
  /// Throws `SamplerError` if a number is less than 1 or there are fewer categories. Traps for a label without category.
  public init(
    labels: Labels, categories: [Int], categoriesPerBatch: Int, classesPerCategory: Int, samplesPerClass: Int,
    seed: UInt64, file: StaticString = #fileID, line: UInt = #line
  ) throws(SamplerError) {
    guard categoriesPerBatch >= 1, classesPerCategory >= 1, samplesPerClass >= 1 else {
      throw .notPositive(batch: categoriesPerBatch * classesPerCategory, samplesPerClass: samplesPerClass)
    }
    self.categories = grouped(labels, categories, "CategorySampler", file, line)
    guard categoriesPerBatch <= self.categories.count else {
      throw .tooFewGroups(self.categories.count, needed: categoriesPerBatch)
    }
    (self.categoriesPerBatch, self.classesPerCategory) = (categoriesPerBatch, classesPerCategory)
    (self.samplesPerClass, self.seed) = (samplesPerClass, seed)
  }

  /// The batches of an epoch; the same for the same seed and epoch.
  public func batches(epoch: Int) -> [[Int]] {
    var generator = RandomGenerator(seed: seed, epoch: epoch)
    let classes = categories.reduce(0) { $0 + $1.count }
    return (0..<(classes + classesPerCategory - 1) / classesPerCategory).map { _ in
      chosenCategories(&generator).flatMap { category in
        drawn(classesPerCategory, from: categories[category], &generator)
          .flatMap { drawn(samplesPerClass, from: $0, &generator) }
      }
    }
  }

  /// Different categories, one after the other by the classes of those that are left.
  private func chosenCategories(_ generator: inout RandomGenerator) -> [Int] {
    var left = Array(categories.indices)
    return (0..<categoriesPerBatch).map { _ in
      var place = Int.random(in: 0..<left.reduce(0) { $0 + categories[$1].count }, using: &generator)
      let chosen = left.firstIndex { category in
        place -= categories[category].count
        return place < 0
      }!
      return left.remove(at: chosen)
    }
  }
}

/// The samples of each class in each group, both in ascending order of their numbers.
private func grouped(
  _ labels: Labels, _ groups: [Int], _ name: StaticString, _ file: StaticString, _ line: UInt
) -> [[[Int]]] {
  var members: [Int: [Int: [Int]]] = [:]
  for (index, label) in labels.scalars.enumerated() {
    require(
      groups.indices.contains(label), "\(name): label \(label), and groups of \(groups.count) classes", file: file,
      line: line)
    members[groups[label], default: [:]][label, default: []].append(index)
  }
  return members.sorted { $0.key < $1.key }.map { $0.value.sorted { $0.key < $1.key }.map(\.value) }
}

/// So many elements in random order; where there are fewer, all of them and then any once more.
private func drawn<Element>(_ count: Int, from elements: [Element], _ generator: inout RandomGenerator) -> [Element] {
  let order = elements.shuffled(using: &generator)
  return Array(order.prefix(count))
    + (0..<max(0, count - order.count)).map { _ in elements.randomElement(using: &generator)! }
}

/// Every choice of so many numbers of `0..<count`, in ascending order.
private func combinations(of count: Int, _ size: Int) -> [[Int]] {
  guard size > 0 else { return [[]] }
  return (0..<count).flatMap { last in combinations(of: last, size - 1).map { $0 + [last] } }
}
