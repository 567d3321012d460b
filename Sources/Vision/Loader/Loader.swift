import DataLoading
import Tensor

/// Reads, transforms and stacks pictures on background threads, a bounded number of batches ahead: a `DataLoader` of pictures.
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

  private let loader: DataLoader<Batch, any Error>

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
    self.dataset = dataset
    self.transform = transform
    loader = DataLoader(
      dataset.samples.indices, seed: seed, workers: workers, prefetch: prefetch, file: file, line: line,
      transform: { index, generator throws(any Error) in
        LoadedPicture(image: transform(try dataset.image(at: index), using: &generator), index: index)
      },
      collate: { Loader.stacked($0, labels: dataset.labels) })
  }

  /// The seed of everything random in the transforms.
  public var seed: UInt64 { loader.seed }

  /// The number of background threads; with 0 the caller's thread does the work.
  public var workers: Int { loader.workers }

  /// The number of batches prepared before they are asked for.
  public var prefetch: Int { loader.prefetch }

  /// Starts to load batches.
  ///
  /// - Parameters:
  ///   - indices: the samples of each batch, as a sampler gives them; an empty batch and unknown indices trap.
  ///   - epoch: other epochs see other crops and flips of the same pictures.
  ///   - part: which part of each batch is loaded, from 0, where several processes load one each; one without pictures traps.
  ///   - parts: the number of parts; one after another they are the batch, with the same crops and flips.
  /// - Returns: the batches in the order given.
  public func batches(
    of indices: [[Int]], epoch: Int = 0, part: Int = 0, of parts: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> LoadedBatches<Batch, any Error> {
    loader.batches(of: indices, epoch: epoch, part: part, of: parts, file: file, line: line)
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

  /// Stacks the pictures of a batch.
  private static func stacked(_ pictures: [LoadedPicture], labels: [Int]) -> Batch {
    let first = pictures[0]
    if let odd = pictures.first(where: { $0.image.shape != first.image.shape }) {
      trap(
        "Loader: the transform gives pictures \(first.index) and \(odd.index) the shapes \(first.image.shape) and "
          + "\(odd.image.shape); a batch needs one shape", file: #fileID, line: #line)
    }
    return Batch(
      images: Tensor.stacked(pictures.map(\.image), along: 0), labels: Labels(pictures.map { labels[$0.index] }),
      indices: pictures.map(\.index))
  }
}

/// A transformed picture and its place in the data set.
private struct LoadedPicture {
  let image: Tensor<Float>
  let index: Int
}
