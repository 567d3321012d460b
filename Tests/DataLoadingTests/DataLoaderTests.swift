import Foundation
import Synchronization
import Tensor
import Testing
import _TestSupport

@testable import DataLoading

/// Batches of any collection: which samples they hold, on how many threads, and how they end.
@Suite struct DataLoaderTests {
  /// Ten samples: a vector, and its number.
  static let samples = (0..<10).map { (Tensor<Float>([Float($0), Float($0 * $0)]), $0) }

  @Test func tuplesBecomeTuplesOfTensors() {
    var labels: [[Int]] = []
    for (vectors, numbers) in DataLoader(Self.samples, batch: 4).epoch(0) {
      expectEqual(vectors.shape, [numbers.count, 2])
      expectEqual(vectors[0..., 1].scalars, numbers.scalars.map { Float($0 * $0) })
      labels.append(numbers.scalars)
    }
    expectEqual(labels, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
  }

  @Test func everyKindOfPartIsPutTogether() {
    let parts = (0..<3).map { index -> (Tensor<UInt8>, Int, Float, Double, String) in
      (Tensor([UInt8(index)]), index, Float(index) / 2, Double(index) / 4, "\(index)")
    }
    for (bytes, labels, floats, doubles, texts) in DataLoader(parts, batch: 3).epoch(0) {
      expectEqual(bytes.scalars, [0, 1, 2])
      expectEqual(bytes.shape, [3, 1])
      expectEqual(labels.scalars, [0, 1, 2])
      expectEqual(floats.scalars, [0, 0.5, 1])
      expectEqual(doubles.scalars, [0, 0.25, 0.5])
      expectEqual(texts, ["0", "1", "2"])
    }
  }

  @Test func aCollectionOfOnePartNeedsNoTuple() {
    expectEqual(DataLoader([3, 1, 2], batch: 2).epoch(0).map(\.scalars), [[3, 1], [2]])
    let slice = [5, 6, 7, 8][1...]
    expectEqual(DataLoader(slice, batch: 3).epoch(0).map(\.scalars), [[6, 7, 8]])
  }

  @Test func theLastBatchIsKeptOrDropped() {
    let (kept, dropped) = (DataLoader(Self.samples, batch: 4), DataLoader(Self.samples, batch: 4, dropsLast: true))
    expectEqual(kept.batchCount, 3)
    expectEqual(kept.epoch(0).map(\.1.count), [4, 4, 2])
    expectEqual(dropped.batchCount, 2)
    expectEqual(dropped.epoch(0).map(\.1.count), [4, 4])
    expectEqual(DataLoader(Self.samples, batch: 5, dropsLast: true).batchCount, 2)
    expectEqual(DataLoader(Self.samples, batch: 11, dropsLast: true).epoch(0).map(\.1.scalars), [])
  }

  @Test func anEmptyCollectionHasNoBatches() {
    let loader = DataLoader([Int](), batch: 4, isShuffled: true, workers: 2)
    expectEqual(loader.batchCount, 0)
    expectEqual(loader.sampleCount, 0)
    for _ in loader.epoch(0) { Issue.record("a batch of nothing") }
  }

  @Test func shufflingFollowsSeedAndEpoch() {
    func order(_ seed: UInt64, _ epoch: Int) -> [Int] {
      DataLoader(Array(0..<50), batch: 7, isShuffled: true, seed: seed).epoch(epoch).flatMap(\.scalars)
    }
    expectEqual(order(1, 0), order(1, 0))
    #expect(order(1, 0).sorted() == Array(0..<50) && order(1, 0) != Array(0..<50))
    #expect(order(1, 0) != order(1, 1) && order(1, 0) != order(2, 0))
  }

  /// Random numbers of a sample follow from seed, epoch and position, and so do batches.
  @Test(arguments: [0, 1, 2, 5], [1, 2, 10])
  func workersDoNotChangeTheResult(workers: Int, prefetch: Int) {
    func batches(_ workers: Int, _ prefetch: Int, epoch: Int = 3) -> [[Double]] {
      let loader = DataLoader(
        0..<23, batch: 4, isShuffled: true, seed: 9, workers: workers, prefetch: prefetch,
        transform: { number, generator in Double(number) + generator.uniform() })
      return loader.epoch(epoch).map(\.scalars)
    }
    expectEqual(batches(workers, prefetch), batches(0, 2))
    #expect(batches(workers, prefetch, epoch: 4) != batches(0, 2))
  }

  @Test func anyBatchesOfIndicesDo() {
    let loader = DataLoader(Self.samples, workers: 2)
    let drawn = sequence(first: 0) { $0 < 3 ? $0 + 1 : nil }.lazy.map { [$0, 9 - $0, $0] }
    expectEqual(loader.batches(of: drawn).map(\.1.scalars), [[0, 9, 0], [1, 8, 1], [2, 7, 2], [3, 6, 3]])
  }

  @Test func partsAreTheBatch() {
    func numbers(_ part: Int, of parts: Int) -> [[Double]] {
      DataLoader(0..<11, batch: 5, dropsLast: true, transform: { Double($0) + $1.uniform() })
        .epoch(0, part: part, of: parts).map(\.scalars)
    }
    let whole = numbers(0, of: 1)
    expectEqual(zip(numbers(0, of: 2), numbers(1, of: 2)).map { $0 + $1 }, whole)
    expectEqual(numbers(0, of: 2).map(\.count), [2, 2])
  }

  @Test func batchesArePutTogetherAsAsked() {
    let words = DataLoader(["a", "bcd", "ef"], batch: 3) { texts in
      texts.map { $0.padding(toLength: 3, withPad: ".", startingAt: 0) }.joined()
    }
    expectEqual(Array(words.epoch(0)), ["a..bcdef."])
    let sums = DataLoader(
      0..<4, batch: 2, workers: 1, transform: { number, _ in "\(number)" }, collate: { $0.joined(separator: "+") })
    expectEqual(Array(sums.epoch(0)), ["0+1", "2+3"])
  }

  struct Broken: Error, Equatable { let number: Int }

  @Test(arguments: [0, 1, 3])
  func errorsArriveAtTheirBatch(workers: Int) throws {
    let loader = DataLoader(
      0..<10, batch: 3, workers: workers,
      transform: { number, _ throws(Broken) in
        if number == 4 || number == 5 { throw Broken(number: number) }
        return number
      })
    let batches = loader.epoch(0)
    try expectEqual(batches.next()?.scalars, [0, 1, 2])
    #expect(throws: Broken(number: 4)) { try batches.next() }
    #expect(try batches.next() == nil)
    var seen: [Int] = []
    #expect(throws: Broken(number: 4)) { try loader.forEach(epoch: 0) { seen += $0.scalars } }
    expectEqual(seen, [0, 1, 2])
    #expect(throws: Broken(number: 0)) { try loader.forEach(epoch: 0) { throw Broken(number: $0.scalars[0]) } }
  }

  /// A loop that ends early leaves no thread behind: nothing is made afterwards, and the job is freed.
  @Test(arguments: [0, 1, 4])
  func leavingTheLoopEndsTheThreads(workers: Int) throws {
    let made = Mutex(0)
    let loader = DataLoader(
      0..<10_000, batch: 5, workers: workers,
      transform: { number, _ in
        made.withLock { $0 += 1 }
        return number
      })
    var first: [Int] = []
    for labels in loader.epoch(0) {
      first = labels.scalars
      break
    }
    expectEqual(first, [0, 1, 2, 3, 4])
    let count = made.withLock { $0 }
    #expect(count <= 5 * 4)
    Thread.sleep(forTimeInterval: 0.02)
    expectEqual(made.withLock { $0 }, count)
  }

  @Test(arguments: [0, 1, 4])
  func stoppingFreesEverything(workers: Int) throws {
    weak var job: LoadingJob<Int, Labels, Never>?
    do {
      let order = LoadingOrder(
        Array(repeating: [0, 1, 2], count: 1000), among: 3, part: 0, of: 1, file: #fileID, line: #line)
      let started = LoadingJob<Int, Labels, Never>(
        order, workers: workers, prefetch: 2, load: { index, _ in index }, collate: { Labels($0) })
      job = started
      let batches = LoadedBatches(started)
      _ = batches.next()
      batches.cancel()
      #expect(batches.next() == nil)
    }
    for _ in 0..<10_000 where job != nil { Thread.sleep(forTimeInterval: 0.001) }
    #expect(job == nil)
  }

  @Test func makesOnlySomeBatchesAhead() throws {
    let made = Mutex(0)
    let loader = DataLoader(
      0..<100, batch: 4, workers: 3, prefetch: 2,
      transform: { number, _ in
        made.withLock { $0 += 1 }
        return number
      })
    func settled(_ count: Int) -> Bool {
      for _ in 0..<10_000 where made.withLock({ $0 }) < count { Thread.sleep(forTimeInterval: 0.001) }
      Thread.sleep(forTimeInterval: 0.05)
      return made.withLock { $0 } == count
    }
    let batches = loader.epoch(0)
    #expect(settled(8))
    _ = batches.next()
    #expect(settled(12))
  }

  @Test func nonsenseTraps() async {
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DataLoader([1], batch: 0)
    }
    let sizeMessage = text(size?.standardErrorContent)
    #expect(sizeMessage.contains("batches of 0, 0 workers, 2 batches ahead"))
    let index = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DataLoader([1, 2]).batches(of: [[0], [2]])
    }
    let indexMessage = text(index?.standardErrorContent)
    #expect(indexMessage.contains("DataLoader: batch 1 has index 2 of 2"))
    #expect(indexMessage.contains("DataLoaderTests.swift"))
    let part = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DataLoader([1, 2, 3], batch: 2).epoch(0, part: 0, of: 2)
    }
    let partMessage = text(part?.standardErrorContent)
    #expect(partMessage.contains("batch 1 of 1 samples leaves part 0 of 2 empty"))
  }
}
