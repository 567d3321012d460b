import Foundation
import Tensor
import TensorFiles

extension Gallery {
  /// What stands in the metadata of the file.
  private struct Content: Codable {
    let format: Int
    let model: String
    let classNames: [String]
    let names: [String]

    enum CodingKeys: String, CodingKey {
      case format, model, names
      case classNames = "class_names"
    }
  }

  private static let key = "hpl.gallery"
  private static let format = 1

  /// Reads a gallery's file; `model`, where it is given, must be that of its embeddings.
  ///
  /// Throws `TensorFileError` where the file cannot be read or is damaged, and `GalleryError` where it is no gallery, where its numbers make no
  /// sense, and where it is of another model.
  public init(contentsOf path: String, model: String? = nil) throws {
    func malformed(_ problem: String) -> GalleryError { .malformed(file: path, problem: problem) }
    let file = try Safetensors(contentsOf: path)
    guard file.hasChecksum, let text = file.metadata[Gallery.key] else {
      throw malformed("it was not written as one")
    }
    let content: Content
    do {
      content = try JSONDecoder().decode(Content.self, from: JSONText(text, source: path).data)
    } catch {
      throw malformed("its metadata \(Gallery.key) cannot be read")
    }
    guard content.format == Gallery.format else {
      throw malformed("it has the format \(content.format), and \(Gallery.format) is known")
    }
    if let model, model != content.model {
      throw GalleryError.otherModel(file: path, model: content.model, wanted: model)
    }
    let rows = try file.tensor("embeddings", as: Float.self)
    let labels = try file.tensor("labels", as: Int.self)
    let count = content.names.count
    guard rows.rank == 2, rows.shape[0] == count, labels.shape == [count] else {
      throw malformed("embeddings \(rows.shape) and labels \(labels.shape) are not those of \(count) names")
    }
    if let label = labels.scalars.first(where: { !content.classNames.indices.contains($0) }) {
      throw malformed("the label \(label) is none of \(content.classNames.count) classes")
    }
    guard Set(content.names).count == count, Set(content.classNames).count == content.classNames.count else {
      throw malformed("a name stands there twice")
    }
    let lengths = sqrt((rows * rows).sum(along: 1)).scalars
    if let row = lengths.firstIndex(where: { !($0 == 0 || abs($0 - 1) < 1e-3) }) {
      throw malformed("embedding \(row) has the length \(lengths[row]) instead of 1")
    }
    self.init(model: content.model, rows, content.classNames, labels.scalars, content.names)
  }

  /// Writes the file, to a temporary name first: safetensors `embeddings` and `labels`, and in the metadata the rest, with a checksum.
  ///
  /// Throws `TensorFileError` with what the file system says, and where the names take more than the 100 MB that the format allows.
  public func write(to path: String) throws {
    try AtomicFile.write(to: path) { try write(into: &$0) }
  }

  /// Writes what `write(to:)` writes.
  package func write(into file: inout AtomicFile) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let content = Content(format: Gallery.format, model: model, classNames: classNames, names: names)
    var tensors = Safetensors(metadata: [Gallery.key: String(decoding: try encoder.encode(content), as: UTF8.self)])
    tensors.set(embeddings, for: "embeddings")
    tensors.set(Tensor<Int>(labels), for: "labels")
    try tensors.write(into: &file, withChecksum: true)
  }
}
