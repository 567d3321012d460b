import Foundation
import Tensor
import Testing
import Vision
import _TestSupport

@Suite struct LoaderTests {
  static let indices = [[0, 5, 3], [1], [7, 2, 2, 4], [6, 8, 9, 10, 11], [0, 1]]

  /// All batches of an epoch.
  func load(_ loader: Loader, epoch: Int = 0) throws -> [Batch] {
    var result: [Batch] = []
    try loader.forEach(Self.indices, epoch: epoch) { result.append($0) }
    return result
  }

  @Test(arguments: [1, 2, 4, 9], [1, 2, 10])
  func workersDoNotChangeTheResult(workers: Int, prefetch: Int) throws {
    let dataset = pictures()
    let transform: Pipeline = .training(size: 8)
    let expected = try load(Loader(dataset, transform: transform, seed: 3, workers: 0))
    let batches = try load(Loader(dataset, transform: transform, seed: 3, workers: workers, prefetch: prefetch))
    expectEqual(batches.map(\.indices), Self.indices)
    expectEqual(batches.map(\.labels.scalars), Self.indices.map { $0.map { dataset.labels[$0] } })
    for (a, b) in zip(batches, expected) {
      expectEqual(a.images.shape, [a.indices.count, 8, 8, 3])
      expectEqual(a.images.scalars, b.images.scalars)
    }
  }

  @Test func seedsEpochsAndPositionsDiffer() throws {
    let loader = Loader(pictures(), transform: .training(size: 8), seed: 3)
    let first = try load(loader)
    try expectEqual(load(loader)[0].images.scalars, first[0].images.scalars)
    #expect(try load(loader, epoch: 1)[0].images.scalars != first[0].images.scalars)
    let other = Loader(pictures(), transform: .training(size: 8), seed: 4)
    #expect(try load(other)[0].images.scalars != first[0].images.scalars)
    // The same picture twice in a batch gets two crops.
    #expect(first[2].images[1].scalars != first[2].images[2].scalars)
  }

  @Test func withoutRandomnessEpochsAreEqual() throws {
    let loader = Loader(pictures(), transform: .evaluation(size: 8), seed: 3)
    try expectEqual(load(loader)[2].images.scalars, load(loader, epoch: 5)[2].images.scalars)
  }

  @Test(arguments: [0, 1, 3])
  func errorsArriveAtTheirBatch(workers: Int) throws {
    let url = URL(fileURLWithPath: "/nowhere/bird.jpg")
    let other = URL(fileURLWithPath: "/nowhere/other.jpg")
    let samples = pictures(each: 2).samples
    let broken = [other, url].map { ImageDataset.Sample(source: .file($0), label: 0) }
    let dataset = ImageDataset(name: "some", classNames: ["a", "b", "c"], samples: samples + broken)
    let loader = Loader(dataset, transform: .evaluation(size: 8), seed: 1, workers: workers)
    let batches = loader.batches(of: [[0, 1], [2, 3], [4, 7, 6], [5]])
    try expectEqual(batches.next()?.indices, [0, 1])
    try expectEqual(batches.next()?.indices, [2, 3])
    #expect(throws: ImageError.unreadable(file: url.path, reason: "No such file or directory")) { try batches.next() }
    #expect(try batches.next() == nil)
  }

  @Test func loadsOnlySomeBatchesAhead() throws {
    let counter = Counter()
    let loader = Loader(pictures(), transform: Counting(counter: counter), seed: 1, workers: 3, prefetch: 2)
    let batches = loader.batches(of: Array(repeating: [0, 1, 2, 3], count: 10))
    try wait { counter.value == 8 }
    Thread.sleep(forTimeInterval: 0.05)
    expectEqual(counter.value, 8)
    _ = try batches.next()
    try wait { counter.value == 12 }
    Thread.sleep(forTimeInterval: 0.05)
    expectEqual(counter.value, 12)
  }

  @Test(arguments: [0, 1, 4])
  func stoppingEndsTheThreads(workers: Int) throws {
    let counter = Counter()
    let loader = Loader(pictures(), transform: Counting(counter: counter), seed: 1, workers: workers)
    let batches = loader.batches(of: Array(repeating: [0, 1, 2], count: 1000))
    _ = try batches.next()
    batches.cancel()
    #expect(try batches.next() == nil)
    let count = counter.value
    Thread.sleep(forTimeInterval: 0.02)
    expectEqual(counter.value, count)
  }

  @Test func goingAwayEndsTheThreads() throws {
    let counter = Counter()
    let loader = Loader(pictures(), transform: Counting(counter: counter), seed: 1, workers: 2)
    for _ in 0..<50 { _ = try loader.batches(of: Array(repeating: [0, 1], count: 100)).next() }
    let count = counter.value
    Thread.sleep(forTimeInterval: 0.02)
    expectEqual(counter.value, count)
  }

  @Test func errorsInTheBodyEndTheLoading() throws {
    struct Stop: Error {}
    let counter = Counter()
    let loader = Loader(pictures(), transform: Counting(counter: counter), seed: 1, workers: 2, prefetch: 1)
    #expect(throws: Stop.self) { try loader.forEach(Array(repeating: [0], count: 100)) { _ in throw Stop() } }
    #expect(counter.value <= 2)
  }

  @Test func noBatchesEndAtOnce() throws {
    #expect(try Loader(pictures(), transform: .evaluation(size: 8), seed: 1).batches(of: []).next() == nil)
  }

  @Test func loadsFiles() throws {
    try withTemporaryFolder { url in
      let folder = url.appendingPathComponent("birds")
      try CUBFolder.write(pictures(classes: 2, each: 5, height: 30, width: 40), to: folder)
      let dataset = try CUBFolder.read(folder)
      let order = dataset.batches(of: 4)
      var counts: [Int] = []
      try Loader(dataset, transform: .evaluation(size: 8), seed: 1).forEach(order) { counts.append($0.images.shape[0]) }
      expectEqual(counts, [4, 4, 2])
    }
  }

  @Test func nonsenseTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = Loader(pictures(), transform: .evaluation(size: 8), seed: 1, workers: -1)
    }
    await #expect(processExitsWith: .failure) {
      _ = Loader(pictures(), transform: .evaluation(size: 8), seed: 1, prefetch: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = Loader(pictures(), transform: .evaluation(size: 8), seed: 1).batches(of: [[]])
    }
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loader(pictures(), transform: .evaluation(size: 8), seed: 1).batches(of: [[0], [12]])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("batch 1 has index 12 of 12"))
  }

  /// Counts the pictures that pass.
  struct Counting: Transform {
    let counter: Counter

    func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
      counter.increment()
      return image
    }
  }

  /// Waits until something is true, at most ten seconds.
  func wait(until isTrue: () -> Bool) throws {
    for _ in 0..<10_000 where !isTrue() { Thread.sleep(forTimeInterval: 0.001) }
    try #require(isTrue())
  }
}
