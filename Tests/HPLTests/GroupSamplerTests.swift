import HPL
import Tensor
import Testing
import _TestSupport

/// The samplers that draw super classes or any classes.
@Suite struct GroupSamplerTests {
  /// Seven classes of three super classes; the fourth class has a single sample.
  private let groups = [0, 0, 1, 1, 1, 2, 2]
  private let labels = [0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6, 6]

  private func expectSeeded(_ sampler: (UInt64) throws -> any Sampler) throws {
    try expectEqual(sampler(1).batches(epoch: 2), sampler(1).batches(epoch: 2))
    #expect(try sampler(1).batches(epoch: 2) != sampler(1).batches(epoch: 3))
    #expect(try sampler(1).batches(epoch: 2) != sampler(2).batches(epoch: 2))
  }

  @Test func everyPairOfSuperClassesComesFourTimes() throws {
    let sampler = { seed in
      try HierarchicalSampler(labels: Labels(labels), groups: groups, batch: 10, samplesPerClass: 2, seed: seed)
    }
    let batches = try sampler(1).batches(epoch: 0)
    var pairs: [Set<Int>: Int] = [:]
    for batch in batches {
      let classes = Dictionary(grouping: batch) { labels[$0] }
      pairs[Set(classes.keys.map { groups[$0] }), default: 0] += 1
      // Two classes fit into a part of five, with one place left.
      expectEqual(batch.count, 8)
      expectEqual(classes.count, 4)
      for (label, samples) in classes { #expect(samples.count == 2 && (label == 3 || Set(samples).count == 2)) }
      for group in Set(classes.keys.map { groups[$0] }) { expectEqual(classes.keys.count { groups[$0] == group }, 2) }
    }
    expectEqual(pairs, [[0, 1]: 4, [0, 2]: 4, [1, 2]: 4])
    try expectSeeded(sampler)
  }

  @Test func threeSuperClassesAndShortBatches() throws {
    let batches = try HierarchicalSampler(
      labels: Labels(labels), groups: groups, batch: 18, samplesPerClass: 2, groupsPerBatch: 3,
      batchesPerCombination: 2, seed: 1
    ).batches(epoch: 0)
    // Super classes of two classes fill four of six places.
    #expect(batches.count == 2 && batches.allSatisfy { $0.count == 14 })
  }

  @Test func categoriesComeByTheirNumberOfClasses() throws {
    let sampler = { seed in
      try CategorySampler(
        labels: Labels(labels), categories: groups, categoriesPerBatch: 2, classesPerCategory: 2, samplesPerClass: 3,
        seed: seed)
    }
    var counts = [0, 0, 0]
    for epoch in 0..<500 {
      let batches = try sampler(1).batches(epoch: epoch)
      expectEqual(batches.count, 4)
      for batch in batches {
        let classes = Dictionary(grouping: batch) { labels[$0] }
        let categories = Set(classes.keys.map { groups[$0] })
        expectEqual(batch.count, 12)
        expectEqual(classes.count, 4)
        expectEqual(categories.count, 2)
        for (label, samples) in classes {
          let size = labels.count { $0 == label }
          expectEqual(samples.count, 3)
          expectEqual(Set(samples).count, (size < 3 && size > 1 ? 2 : min(3, size)))
        }
        for category in categories { counts[category] += 1 }
      }
    }
    // Weights 2/7, 3/7, 2/7 without replacement: 1 − (2/7·2/5 + 2/7·2/5) = 27/35 for the large one.
    #expect(abs(Double(counts[1]) / 2000 - 27.0 / 35) < 0.03 && abs(Double(counts[0] - counts[2])) / 2000 < 0.05)
    try expectSeeded(sampler)
  }

  @Test func fewClassesOfACategoryRepeat() throws {
    let batches = try CategorySampler(
      labels: Labels(labels), categories: groups, categoriesPerBatch: 1, classesPerCategory: 4, samplesPerClass: 2,
      seed: 1
    ).batches(epoch: 0)
    #expect(batches.count == 2 && batches.allSatisfy { $0.count == 8 })
  }

  @Test func randomClassesHaveRandomSamples() throws {
    let sampler = { seed in
      try RandomClassSampler(labels: Labels(labels), batch: 6, samplesPerClass: 2, seed: seed)
    }
    var seen: Set<Int> = []
    for epoch in 0..<40 {
      let batches = try sampler(1).batches(epoch: epoch)
      expectEqual(batches.count, 3)
      for batch in batches {
        let classes = stride(from: 0, to: 6, by: 2).map { (labels[batch[$0]], labels[batch[$0 + 1]]) }
        #expect(classes.allSatisfy { $0.0 == $0.1 } && Set(classes.map(\.0)).count == 3)
        seen.formUnion(batch)
      }
    }
    expectEqual(seen, Set(labels.indices))
    try expectSeeded(sampler)
  }

  @Test func refusesBatchesThatCannotBe() {
    #expect(throws: SamplerError.notDivisibleAmongGroups(batch: 9, groups: 2, samplesPerClass: 2)) {
      try HierarchicalSampler(labels: Labels(labels), groups: groups, batch: 9, samplesPerClass: 2, seed: 1)
    }
    #expect(throws: SamplerError.tooFewGroups(3, needed: 4)) {
      try HierarchicalSampler(
        labels: Labels(labels), groups: groups, batch: 8, samplesPerClass: 2, groupsPerBatch: 4, seed: 1)
    }
    #expect(throws: SamplerError.tooFewGroups(3, needed: 4)) {
      try CategorySampler(
        labels: Labels(labels), categories: groups, categoriesPerBatch: 4, classesPerCategory: 1, samplesPerClass: 1,
        seed: 1)
    }
    #expect(throws: SamplerError.tooFewClasses(7, batch: 16, samplesPerClass: 2)) {
      try RandomClassSampler(labels: Labels(labels), batch: 16, samplesPerClass: 2, seed: 1)
    }
    #expect("\(SamplerError.notDivisibleAmongGroups(batch: 9, groups: 2, samplesPerClass: 2))".hasSuffix("try 8"))
  }

  @Test func aLabelWithoutGroupTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try HierarchicalSampler(labels: Labels([0, 3]), groups: [0, 1], batch: 2, samplesPerClass: 1, seed: 1)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("HierarchicalSampler: label 3, and groups of 2 classes"))
  }
}
