import Tensor

/// Makes batches of the samples of a collection, in order or shuffled, on background threads where it is told to.
///
/// ```swift
/// let loader = DataLoader(samples, batch: 32, isShuffled: true, seed: 1)  // [(Tensor<Float>, Int)]
/// for epoch in 0..<10 {
///   for (images, labels) in loader.epoch(epoch) {
///     // Tensor<Float>, Labels
///   }
/// }
/// ```
///
/// Where making a sample can fail, `while let batch = try batches.next()` or `forEach` takes the place of `for`. What a batch holds
/// depends on the seed, the epoch and the position in the epoch, never on the number of workers.
public struct DataLoader<Batch, Failure: Error>: Sendable {
  /// The number of samples.
  public let sampleCount: Int
  /// The number of samples in a batch of `epoch`.
  public let batchSize: Int
  /// Whether each epoch has an order of its own.
  public let isShuffled: Bool
  /// Whether an epoch leaves out the last samples where they do not fill a batch.
  public let dropsLast: Bool
  /// The seed of the order and of everything random in the transform.
  public let seed: UInt64
  /// The number of background threads; with 0 the caller's thread does the work.
  public let workers: Int
  /// The number of batches whose samples are made before they are asked for.
  public let prefetch: Int

  private let start: @Sendable (LoadingOrder, _ epoch: Int) -> LoadedBatches<Batch, Failure>

  /// Makes a loader; it holds no threads and makes no samples until its batches are asked for.
  ///
  /// Traps for a batch size or prefetch less than 1 and for less than 0 workers.
  ///
  /// - Parameters:
  ///   - samples: what the samples are made from.
  ///   - transform: makes a sample of an element, on any thread; its random numbers follow from seed, epoch and position.
  ///   - collate: makes a batch of samples, on the thread that asks for it.
  public init<Samples: RandomAccessCollection & Sendable, Sample: Sendable>(
    _ samples: Samples, batch size: Int = 1, isShuffled: Bool = false, dropsLast: Bool = false, seed: UInt64 = 0,
    workers: Int = 0, prefetch: Int = 2, file: StaticString = #fileID, line: UInt = #line,
    transform: @escaping @Sendable (Samples.Element, inout RandomGenerator) throws(Failure) -> Sample,
    collate: @escaping @Sendable ([Sample]) -> Batch
  ) {
    require(
      size >= 1 && workers >= 0 && prefetch >= 1,
      "DataLoader: batches of \(size), \(workers) workers, \(prefetch) batches ahead", file: file, line: line)
    (sampleCount, batchSize, self.isShuffled, self.dropsLast) = (samples.count, size, isShuffled, dropsLast)
    (self.seed, self.workers, self.prefetch) = (seed, workers, prefetch)
    start = { order, epoch in
      let epochSeed = mixed(seed, epoch)
      let job = LoadingJob(
        order, workers: workers, prefetch: prefetch,
        load: { index, position throws(Failure) in
          var generator = RandomGenerator(seed: mixed(epochSeed, position))
          return try transform(samples[samples.index(samples.startIndex, offsetBy: index)], &generator)
        }, collate: collate)
      return LoadedBatches(job)
    }
  }

  /// The number of batches of an epoch.
  public var batchCount: Int { dropsLast ? sampleCount / batchSize : (sampleCount + batchSize - 1) / batchSize }

  /// Starts to make the batches of an epoch, each sample once; the same for the same seed and epoch.
  ///
  /// Of several processes each makes a `part`, from 0, of every batch; one after another they are the batch. Traps where there is
  /// no such part and where a batch has less samples than there are `parts`.
  public func epoch(
    _ number: Int, part: Int = 0, of parts: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> LoadedBatches<Batch, Failure> {
    var generator = RandomGenerator(seed: seed, epoch: number)
    let order = isShuffled ? generator.permutation(sampleCount) : Array(0..<sampleCount)
    let batches = (0..<batchCount).map { Array(order[($0 * batchSize)..<min(($0 + 1) * batchSize, sampleCount)]) }
    return self.batches(of: batches, epoch: number, part: part, of: parts, file: file, line: line)
  }

  /// Starts to make batches of the samples that a sampler, say, has chosen.
  ///
  /// - Parameters:
  ///   - indices: the samples of each batch; an empty batch and unknown indices trap.
  ///   - epoch: other epochs draw other random numbers for the same samples.
  ///   - part: which part of each batch is made, from 0, where several processes make one each; one without samples traps.
  ///   - parts: the number of parts; one after another they are the batch.
  /// - Returns: the batches in the order given.
  public func batches(
    of indices: some Sequence<[Int]>, epoch: Int = 0, part: Int = 0, of parts: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> LoadedBatches<Batch, Failure> {
    start(LoadingOrder(indices, among: sampleCount, part: part, of: parts, file: file, line: line), epoch)
  }

  /// Makes the batches of an epoch and hands each to `body`; an error of either ends the loading.
  public func forEach(
    epoch: Int, file: StaticString = #fileID, line: UInt = #line, _ body: (Batch) throws -> Void
  ) throws {
    let batches = self.epoch(epoch, file: file, line: line)
    defer { batches.cancel() }
    while let batch = try batches.next() { try body(batch) }
  }
}

/// Combines a seed and a number so that neighbouring numbers give unrelated seeds (SplitMix64's finaliser).
private func mixed(_ seed: UInt64, _ number: Int) -> UInt64 {
  var z = seed ^ (UInt64(bitPattern: Int64(number)) &+ 1) &* 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
