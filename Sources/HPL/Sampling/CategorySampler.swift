import Tensor

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
