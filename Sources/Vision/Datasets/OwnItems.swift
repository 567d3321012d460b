import Foundation
import TensorFiles

extension RetrievalDataset {
  /// For each test picture the gallery's picture that is the same one, which it is not to find.
  ///
  /// That is the first of its class with the same bytes, nil where there is none. Only where the protocol puts queries into the gallery
  /// (``DatasetKind/dyML``); nil for other data. Reads all these files.
  ///
  /// - Throws: `TensorFileError` for a file that cannot be read.
  public func ownItems() throws -> [Int?]? {
    guard kind == .dyML, let gallery else { return nil }
    var place: [String: Int] = [:]
    for (item, sample) in gallery.samples.enumerated() {
      let key = try identity(of: sample)
      place[key] = place[key] ?? item
    }
    return try test.samples.map { place[try identity(of: $0)] }
  }

  /// The class of a picture and what its file holds.
  private func identity(of sample: ImageDataset.Sample) throws -> String {
    guard case .file(let url) = sample.source else { return "\(sample.label) \(sample.source.name)" }
    let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
    return "\(sample.label) \(size) \(try FileChecksum.digits(ofFile: url.path))"
  }
}
