import Foundation
import Tensor
import TensorFiles

extension CUBFolder {
  /// Writes a data set as a folder of picture files that ``read(_:requiringFiles:)`` understands.
  ///
  /// Pictures in memory become JPEG files; those that are files already are copied byte for byte. The folder is built under a temporary name and renamed, so
  /// that it is there whole or not at all. The form has no place for a taxonomy; it is not written.
  ///
  /// - Parameters:
  ///   - dataset: what to write.
  ///   - folder: a folder that does not exist yet, in one that does.
  ///   - quality: JPEG quality of pictures in memory, 1...100.
  /// - Throws: ``DatasetError/unwritable(folder:reason:)`` or ``ImageError``.
  public static func write(_ dataset: ImageDataset, to folder: URL, quality: Int = 95) throws {
    guard access(folder.path, F_OK) != 0 else {
      throw DatasetError.unwritable(folder: folder.path, reason: "it exists already")
    }
    let temporary = URL(fileURLWithPath: "\(folder.path).\(getpid())-\(UInt32.random(in: 0 ... .max)).partial")
    do {
      try writeParts(of: dataset, to: temporary, quality: quality)
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
    guard rename(temporary.path, folder.path) == 0 else {
      let reason = systemError()
      try? FileManager.default.removeItem(at: temporary)
      throw DatasetError.unwritable(folder: folder.path, reason: reason)
    }
  }

  private static func writeParts(of dataset: ImageDataset, to folder: URL, quality: Int) throws {
    let classNames = dataset.classNames.enumerated().map { fileName(forClass: $0 + 1, named: $1) }
    let images = folder.appendingPathComponent("images")
    try makeFolder(folder)
    try makeFolder(images)
    for name in classNames { try makeFolder(images.appendingPathComponent(name)) }
    var (paths, labels, boxes) = ("", "", "")
    for (index, sample) in dataset.samples.enumerated() {
      let id = index + 1
      let className = classNames[sample.label]
      let bytes = try bytes(sample.source, quality: quality)
      let ending = (ImageFormat(beginning: bytes) ?? .jpeg).fileEndings[0]
      let path = "\(className)/\(className.drop { $0 != "." }.dropFirst())_\(padded(id, to: 5))\(ending)"
      try writeAtomically(bytes, to: images.appendingPathComponent(path))
      paths += "\(id) \(path)\n"
      labels += "\(id) \(sample.label + 1)\n"
      if let box = sample.boundingBox { boxes += "\(id) \(box.x) \(box.y) \(box.width) \(box.height)\n" }
    }
    let classes = classNames.enumerated().map { "\($0 + 1) \($1)\n" }.joined()
    let lists = [
      "images.txt": paths, "image_class_labels.txt": labels, "classes.txt": classes, "bounding_boxes.txt": boxes,
    ]
    for (name, text) in lists where !text.isEmpty {
      try writeAtomically(Array(text.utf8), to: folder.appendingPathComponent(name))
    }
  }

  private static func bytes(_ source: ImageSource, quality: Int) throws -> [UInt8] {
    switch source {
    case .memory(let image, _): return try JPEG.encode(image, quality: quality)
    case .file(let url):
      do {
        return try readBytes(of: url, atMost: Image.maximumBytes)
      } catch {
        throw ImageError.unreadable(file: url.path, reason: error.reason)
      }
    }
  }

  private static func makeFolder(_ url: URL) throws {
    guard mkdir(url.path, 0o755) == 0 else {
      throw DatasetError.unwritable(folder: url.path, reason: systemError())
    }
  }

  /// "001.Black_footed_Albatross": the class's number, then its name with nothing that a path or a line would trip over.
  private static func fileName(forClass number: Int, named name: String) -> String {
    let prefix = "\(padded(number, to: 3))."
    let safe = String(name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
    return safe.hasPrefix(prefix) ? safe : prefix + safe
  }

  private static func padded(_ number: Int, to digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
