import Tensor

/// Every sample once an epoch, in a new random order each time.
public struct ShuffledSampler: Sampler {
  private let count: Int
  private let batch: Int
  private let seed: UInt64
  private let dropsLast: Bool

  /// Makes a sampler of `count` samples; a smaller last batch is kept unless `dropsLast`.
  ///
  /// Throws `SamplerError.notPositive` for a batch size less than 1.
  public init(count: Int, batch: Int, seed: UInt64, dropsLast: Bool = false) throws(SamplerError) {
    guard batch >= 1 else { throw .notPositive(batch: batch, samplesPerClass: 1) }
    (self.count, self.batch, self.seed, self.dropsLast) = (count, batch, seed, dropsLast)
  }

  /// The batches of an epoch; the same for the same seed and epoch.
  public func batches(epoch: Int) -> [[Int]] {
    var generator = RandomGenerator(seed: seed, epoch: epoch)
    let order = generator.permutation(count)
    let end = dropsLast ? count / batch * batch : count
    return stride(from: 0, to: end, by: batch).map { Array(order[$0..<min($0 + batch, end)]) }
  }
}
