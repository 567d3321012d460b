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
      #expect(vectors.shape == [numbers.count, 2])
      #expect(vectors[0..., 1].scalars == numbers.scalars.map { Float($0 * $0) })
      labels.append(numbers.scalars)
    }
    #expect(labels == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
  }

  @Test func everyKindOfPartIsPutTogether() {
    let parts = (0..<3).map { (Tensor<UInt8>([UInt8($0)]), $0, Float($0) / 2, Double($0) / 4, "\($0)") }
    for (bytes, labels, floats, doubles, texts) in DataLoader(parts, batch: 3).epoch(0) {
      #expect(bytes.scalars == [0, 1, 2] && bytes.shape == [3, 1])
      #expect(labels.scalars == [0, 1, 2] && floats.scalars == [0, 0.5, 1] && doubles.scalars == [0, 0.25, 0.5])
      #expect(texts == ["0", "1", "2"])
    }
  }

  @Test func aCollectionOfOnePartNeedsNoTuple() {
    #expect(DataLoader([3, 1, 2], batch: 2).epoch(0).map(\.scalars) == [[3, 1], [2]])
    let slice = [5, 6, 7, 8][1...]
    #expect(DataLoader(slice, batch: 3).epoch(0).map(\.scalars) == [[6, 7, 8]])
  }

  @Test func theLastBatchIsKeptOrDropped() {
    let (kept, dropped) = (DataLoader(Self.samples, batch: 4), DataLoader(Self.samples, batch: 4, dropsLast: true))
    #expect(kept.batchCount == 3 && kept.epoch(0).map(\.1.count) == [4, 4, 2])
    #expect(dropped.batchCount == 2 && dropped.epoch(0).map(\.1.count) == [4, 4])
    #expect(DataLoader(Self.samples, batch: 5, dropsLast: true).batchCount == 2)
    #expect(DataLoader(Self.samples, batch: 11, dropsLast: true).epoch(0).map(\.1.scalars) == [])
  }

  @Test func anEmptyCollectionHasNoBatches() {
    let loader = DataLoader([Int](), batch: 4, isShuffled: true, workers: 2)
    #expect(loader.batchCount == 0 && loader.sampleCount == 0)
    for _ in loader.epoch(0) { Issue.record("a batch of nothing") }
  }

  @Test func shufflingFollowsSeedAndEpoch() {
    func order(_ seed: UInt64, _ epoch: Int) -> [Int] {
      DataLoader(Array(0..<50), batch: 7, isShuffled: true, seed: seed).epoch(epoch).flatMap(\.scalars)
    }
    #expect(order(1, 0) == order(1, 0))
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
    #expect(batches(workers, prefetch) == batches(0, 2))
    #expect(batches(workers, prefetch, epoch: 4) != batches(0, 2))
  }

  @Test func anyBatchesOfIndicesDo() {
    let loader = DataLoader(Self.samples, workers: 2)
    let drawn = sequence(first: 0) { $0 < 3 ? $0 + 1 : nil }.lazy.map { [$0, 9 - $0, $0] }
    #expect(loader.batches(of: drawn).map(\.1.scalars) == [[0, 9, 0], [1, 8, 1], [2, 7, 2], [3, 6, 3]])
  }

  @Test func partsAreTheBatch() {
    func numbers(_ part: Int, of parts: Int) -> [[Double]] {
      DataLoader(0..<11, batch: 5, dropsLast: true, transform: { Double($0) + $1.uniform() })
        .epoch(0, part: part, of: parts).map(\.scalars)
    }
    let whole = numbers(0, of: 1)
    #expect(zip(numbers(0, of: 2), numbers(1, of: 2)).map { $0 + $1 } == whole)
    #expect(numbers(0, of: 2).map(\.count) == [2, 2])
  }

  @Test func batchesArePutTogetherAsAsked() {
    let words = DataLoader(["a", "bcd", "ef"], batch: 3) { texts in
      texts.map { $0.padding(toLength: 3, withPad: ".", startingAt: 0) }.joined()
    }
    #expect(Array(words.epoch(0)) == ["a..bcdef."])
    let sums = DataLoader(
      0..<4, batch: 2, workers: 1, transform: { number, _ in "\(number)" }, collate: { $0.joined(separator: "+") })
    #expect(Array(sums.epoch(0)) == ["0+1", "2+3"])
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
    #expect(try batches.next()?.scalars == [0, 1, 2])
    #expect(throws: Broken(number: 4)) { try batches.next() }
    #expect(try batches.next() == nil)
    var seen: [Int] = []
    #expect(throws: Broken(number: 4)) { try loader.forEach(epoch: 0) { seen += $0.scalars } }
    #expect(seen == [0, 1, 2])
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
    #expect(first == [0, 1, 2, 3, 4])
    let count = made.withLock { $0 }
    #expect(count <= 5 * 4)
    Thread.sleep(forTimeInterval: 0.02)
    #expect(made.withLock { $0 } == count)
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
