import Dispatch
import Synchronization

/// A picture that cannot be used.
public struct BrokenImage: Sendable, Equatable, Codable, CustomStringConvertible {
  /// Its index in the data set it was left out of.
  public let index: Int

  /// Its path or name.
  public let name: String

  /// What is wrong with it, naming the file.
  public let description: String
}

extension ImageDataset {
  /// Decodes every file once, or those of some pictures, on all processors, and lists those that fail, in order.
  ///
  /// - Parameter range: the pictures; nil for all.
  /// - Parameter progress: called with the number of files tried so far, from any thread.
  /// - Throws: ``ImageError/libraryMissing(library:format:reason:)``, which is no picture's fault.
  public func brokenImages(
    in range: Range<Int>? = nil, progress: (@Sendable (Int) -> Void)? = nil
  ) throws -> [BrokenImage] {
    let range = range ?? 0..<count
    let broken = Mutex<[BrokenImage]>([])
    let missing = Mutex<ImageError?>(nil)
    let tried = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: range.count) { place in
      guard missing.withLock({ $0 }) == nil else { return }
      let index = range.lowerBound + place
      do {
        _ = try image(at: index)
      } catch let error as ImageError where error.isMissingLibrary {
        missing.withLock { $0 = error }
      } catch {
        let failure = BrokenImage(index: index, name: samples[index].source.name, description: "\(error)")
        broken.withLock { $0.append(failure) }
      }
      progress?(tried.add(1, ordering: .relaxed).newValue)
    }
    if let error = missing.withLock({ $0 }) { throw error }
    return broken.withLock { $0 }.sorted { $0.index < $1.index }
  }

  /// Leaves out the files that cannot be decoded: what `--skip-broken` does.
  ///
  /// - Parameters:
  ///   - needed: the pictures that each class must keep.
  ///   - progress: called with the number of files tried so far, from any thread.
  /// - Returns: the readable part and a list of the rest, in order.
  /// - Throws: ``ImageError/libraryMissing(library:format:reason:)``, and
  ///   ``DatasetError/tooFewImages(className:count:needed:place:)`` when a class keeps fewer pictures than it must.
  public func withoutBrokenImages(
    perClass needed: Int = 2, progress: (@Sendable (Int) -> Void)? = nil
  ) throws -> (dataset: ImageDataset, broken: [BrokenImage]) {
    let list = try brokenImages(progress: progress)
    return (try without(list, perClass: needed), list)
  }

  /// Leaves out files that cannot be decoded, where another process has found them.
  ///
  /// Throws as `withoutBrokenImages(perClass:progress:)`.
  public func without(_ list: [BrokenImage], perClass needed: Int = 2) throws -> ImageDataset {
    guard !list.isEmpty else { return self }
    let skipped = Set(list.map(\.index))
    let kept = samples.indices.filter { !skipped.contains($0) }.map { samples[$0] }
    let dataset = ImageDataset(name: name, classNames: classNames, samples: kept, taxonomy: taxonomy)
    try dataset.requireImages(perClass: needed, place: "\(name) without its \(list.count) broken images")
    return dataset
  }
}
