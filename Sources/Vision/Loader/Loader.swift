import Tensor

/// Reads, transforms and stacks pictures on background threads, a bounded number of batches ahead.
///
/// ```swift
/// let loader = Loader(dataset, transform: .training(size: 64), seed: 1)
/// let batches = loader.batches(of: sampler.batches(epoch: 0), epoch: 0)
/// while let batch = try batches.next() {
///   // batch.images, batch.labels
/// }
/// ```
///
/// What a batch holds depends on the seed, the epoch and the position in the epoch, never on the number of workers.
public struct Loader: Sendable {
  /// The pictures.
  public let dataset: ImageDataset

  /// What happens to each picture; it must give all of them one shape.
  public let transform: any Transform

  /// The seed of everything random in the transforms.
  public let seed: UInt64

  /// The number of background threads; with 0 the caller's thread does the work.
  public let workers: Int

  /// The number of batches prepared before they are asked for.
  public let prefetch: Int

  /// Makes a loader; it holds no threads and no memory until ``batches(of:epoch:part:of:file:line:)``.
  ///
  /// - Parameters:
  ///   - dataset: the pictures.
  ///   - transform: what happens to each picture.
  ///   - seed: the seed of everything random.
  ///   - workers: background threads, 0 or more.
  ///   - prefetch: batches prepared ahead, 1 or more; their pictures are in memory.
  public init(
    _ dataset: ImageDataset, transform: any Transform, seed: UInt64, workers: Int = 2, prefetch: Int = 2,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    guard workers >= 0, prefetch >= 1 else {
      trap("Loader with \(workers) workers and \(prefetch) batches ahead", file: file, line: line)
    }
    self.dataset = dataset
    self.transform = transform
    self.seed = seed
    self.workers = workers
    self.prefetch = prefetch
  }

  /// Starts to load batches.
  ///
  /// - Parameters:
  ///   - indices: the samples of each batch, as a sampler gives them; an empty batch and unknown indices trap.
  ///   - epoch: other epochs see other crops and flips of the same pictures.
  ///   - part: which part of each batch is loaded, from 0, where several processes load one each.
  ///   - parts: the number of parts; one after another they are the batch, with the same crops and flips.
  /// - Returns: the batches in the order given.
  public func batches(
    of indices: [[Int]], epoch: Int = 0, part: Int = 0, of parts: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> LoadedBatches {
    for (number, batch) in indices.enumerated() {
      guard let low = batch.min(), let high = batch.max() else {
        trap("Loader: batch \(number) is empty", file: file, line: line)
      }
      guard low >= 0, high < dataset.count else {
        trap("Loader: batch \(number) has index \(low < 0 ? low : high) of \(dataset.count)", file: file, line: line)
      }
    }
    guard parts >= 1, (0..<parts).contains(part) else {
      trap("Loader: part \(part) of \(parts)", file: file, line: line)
    }
    return LoadedBatches(
      LoadingJob(loader: self, batches: indices, epoch: epoch) { part * $0 / parts..<(part + 1) * $0 / parts })
  }

  /// Loads batches and hands each to `body`; an error of either ends the loading.
  public func forEach(
    _ indices: [[Int]], epoch: Int = 0, file: StaticString = #fileID, line: UInt = #line,
    _ body: (Batch) throws -> Void
  ) throws {
    let batches = batches(of: indices, epoch: epoch, file: file, line: line)
    defer { batches.cancel() }
    while let batch = try batches.next() { try body(batch) }
  }

  /// One transformed picture, as it stands at `position` of an epoch.
  func sample(_ index: Int, epoch: Int, position: Int) throws -> Tensor<Float> {
    let image = try dataset.image(at: index)
    var generator = RandomGenerator(seed: Loader.mix(Loader.mix(seed, epoch), position))
    return transform(image, using: &generator)
  }

  /// Stacks the pictures of a batch.
  func stack(_ images: [Tensor<Float>], indices: [Int]) -> Batch {
    if let odd = images.firstIndex(where: { $0.shape != images[0].shape }) {
      trap(
        "Loader: the transform gives pictures \(indices[0]) and \(indices[odd]) the shapes \(images[0].shape) and "
          + "\(images[odd].shape); a batch needs one shape", file: #fileID, line: #line)
    }
    let labels = Labels(indices.map { dataset.labels[$0] })
    return Batch(images: Tensor.stacked(images, along: 0), labels: labels, indices: indices)
  }

  /// Combines a seed and a number so that neighbouring numbers give unrelated seeds (SplitMix64's finaliser).
  private static func mix(_ seed: UInt64, _ number: Int) -> UInt64 {
    var z = seed ^ (UInt64(bitPattern: Int64(number)) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
