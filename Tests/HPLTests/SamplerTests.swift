import HPL
import Tensor
import Testing
import _TestSupport

@Suite struct BalancedSamplerTests {
  private func sampler(sizes: [Int], batch: Int, samplesPerClass: Int, seed: UInt64 = 1) throws -> (
    sampler: BalancedSampler, labels: [Int]
  ) {
    var generator = RandomGenerator(seed: 77)
    let labels = sizes.enumerated().flatMap { label, size in [Int](repeating: label * 10 - 20, count: size) }
      .shuffled(using: &generator)
    return (
      try BalancedSampler(labels: Labels(labels), batch: batch, samplesPerClass: samplesPerClass, seed: seed), labels
    )
  }

  @Test(arguments: [
    [6, 6, 6, 6, 6, 6, 6, 6], [5, 7, 6, 4, 9, 5, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 8], [12, 8, 3, 1, 1, 1, 2, 20],
    [3, 3, 3, 3], [1, 1, 1, 1, 1],
  ])
  func givesEveryBatchItsClassesAndEverySampleABatch(sizes: [Int]) throws {
    let (sampler, labels) = try sampler(sizes: sizes, batch: 12, samplesPerClass: 3)
    for epoch in 0..<5 {
      let batches = sampler.batches(epoch: epoch)
      let groups = sizes.reduce(0) { $0 + ($1 + 2) / 3 }
      expectEqual(batches.count, (groups + 3) / 4)
      for batch in batches {
        expectEqual(batch.count, 12)
        let classes = Dictionary(grouping: batch) { labels[$0] }
        expectEqual(classes.count, 4)
        for (label, samples) in classes {
          expectEqual(samples.count, 3)
          expectEqual(Set(samples).count, min(3, labels.count { $0 == label }))
        }
        for start in stride(from: 0, to: 12, by: 3) {
          expectEqual(Set(batch[start..<start + 3].map { labels[$0] }).count, 1)
        }
      }
      let largest = sizes.map { ($0 + 2) / 3 }.max()!
      if largest <= batches.count { expectEqual(Set(batches.joined()), Set(labels.indices)) }
    }
  }

  @Test func coversALargeClassOverTheEpochs() throws {
    let (sampler, labels) = try sampler(sizes: [40, 2, 2, 2], batch: 8, samplesPerClass: 2)
    var seen = Set<Int>()
    for epoch in 0..<30 { seen.formUnion(sampler.batches(epoch: epoch).joined()) }
    expectEqual(seen, Set(labels.indices))
  }

  @Test func repeatsNothingWhereClassesFit() throws {
    let (sampler, labels) = try sampler(
      sizes: [Int](repeating: 6, count: 8), batch: 12, samplesPerClass: 3)
    expectEqual(sampler.batches(epoch: 3).joined().sorted(), Array(labels.indices))
  }

  @Test func spreadsLargeClassesOverTheEpoch() throws {
    let (sampler, labels) = try sampler(sizes: [8] + [Int](repeating: 2, count: 10), batch: 4, samplesPerClass: 2)
    let isFirst = (0..<30).map { sampler.batches(epoch: $0)[0].contains { labels[$0] == -20 } }
    #expect(isFirst.contains(true) && isFirst.contains(false))
  }

  @Test func mixesClassesWithinAnEpoch() throws {
    let (sampler, labels) = try sampler(sizes: [Int](repeating: 12, count: 16), batch: 12, samplesPerClass: 3)
    let groups = sampler.batches(epoch: 0).map { batch in Set(batch.map { labels[$0] }) }
    #expect(Set(groups).count > 12)
  }

  @Test func dependsOnSeedAndEpochAlone() throws {
    func batches(_ seed: UInt64, _ epoch: Int) throws -> [[Int]] {
      try sampler(sizes: [5, 7, 6, 4], batch: 6, samplesPerClass: 2, seed: seed).sampler.batches(epoch: epoch)
    }
    try expectEqual(batches(1, 2), batches(1, 2))
    #expect(try batches(1, 2) != batches(1, 3))
    #expect(try batches(1, 2) != batches(2, 2))
    #expect(try batches(1, 2) != batches(2, 1))
  }

  @Test func refusesBatchesThatCannotBe() {
    let labels = Labels([0, 0, 1, 1, 2, 2])
    #expect(throws: SamplerError.notDivisible(batch: 7, samplesPerClass: 2)) {
      try BalancedSampler(labels: labels, batch: 7, samplesPerClass: 2, seed: 1)
    }
    #expect(throws: SamplerError.tooFewClasses(3, batch: 8, samplesPerClass: 2)) {
      try BalancedSampler(labels: labels, batch: 8, samplesPerClass: 2, seed: 1)
    }
    #expect(throws: SamplerError.notPositive(batch: 4, samplesPerClass: 0)) {
      try BalancedSampler(labels: labels, batch: 4, samplesPerClass: 0, seed: 1)
    }
    #expect(throws: SamplerError.notPositive(batch: 0, samplesPerClass: 2)) {
      try BalancedSampler(labels: labels, batch: 0, samplesPerClass: 2, seed: 1)
    }
    #expect("\(SamplerError.notDivisible(batch: 7, samplesPerClass: 2))".contains("try 6"))
    #expect("\(SamplerError.tooFewClasses(3, batch: 8, samplesPerClass: 2))".contains("at most 6"))
  }
}

@Suite struct ShuffledSamplerTests {
  @Test func visitsEverySampleOnce() throws {
    let sampler = try ShuffledSampler(count: 10, batch: 4, seed: 1)
    let batches = sampler.batches(epoch: 0)
    expectEqual(batches.map(\.count), [4, 4, 2])
    expectEqual(batches.joined().sorted(), Array(0..<10))
    expectEqual(batches, sampler.batches(epoch: 0))
    #expect(batches != sampler.batches(epoch: 1))
    #expect(try batches != ShuffledSampler(count: 10, batch: 4, seed: 2).batches(epoch: 0))
  }

  @Test func dropsASmallLastBatchIfAsked() throws {
    let sampler = try ShuffledSampler(count: 10, batch: 4, seed: 1, dropsLast: true)
    expectEqual(sampler.batches(epoch: 0).map(\.count), [4, 4])
    try expectEqual(ShuffledSampler(count: 8, batch: 4, seed: 1, dropsLast: true).batches(epoch: 0).count, 2)
    #expect(try ShuffledSampler(count: 0, batch: 4, seed: 1).batches(epoch: 0).isEmpty)
    #expect(try ShuffledSampler(count: 3, batch: 4, seed: 1, dropsLast: true).batches(epoch: 0).isEmpty)
  }

  @Test func refusesEmptyBatches() {
    #expect(throws: SamplerError.notPositive(batch: 0, samplesPerClass: 1)) {
      try ShuffledSampler(count: 10, batch: 0, seed: 1)
    }
  }
}
