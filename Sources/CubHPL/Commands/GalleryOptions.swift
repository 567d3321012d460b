import Foundation
import Retrieval
import Tensor

/// The gallery that a command reads or writes.
struct GalleryOptions: OptionGroup {
  static let heading = "Gallery"

  let gallery: Option<String?>

  init(standard: String = "must be given") {
    gallery = Option(
      "--gallery", "FILE", "the gallery's file, which index writes", default: .none(standard), read: nonempty)
  }

  /// The file.
  static func file(_ given: Given, for command: String) throws(UsageError) -> URL {
    guard let path = given[GalleryOptions().gallery] else {
      throw .conflict("\(command) needs --gallery, the file of a gallery")
    }
    return URL(fileURLWithPath: path)
  }
}

/// Commands that change a gallery's file.
enum GalleryFile {
  /// Makes the gallery that `body` returns the content of the file, in a folder where no other process writes; says then what is in it.
  static func replace(_ file: URL, _ body: () throws -> Gallery) throws {
    let output = try OutputFolder.begin(file.deletingLastPathComponent().path)
    defer { output.close() }
    do {
      let gallery = try body()
      try Interruption.finishing { try output.write([(file.lastPathComponent, { try gallery.write(into: &$0) })]) }
      try StandardOutput.print(
        "\(file.relativePath): \(counted(gallery.count, "picture", "pictures")) of "
          + counted(gallery.classNames.count, "class", "classes"))
    } catch {
      output.discardIfEmpty()
      throw error
    }
  }
}

extension Gallery {
  /// Adds pictures that a model has embedded.
  mutating func add(_ found: NamedPictures, _ rows: Tensor<Float>) throws {
    try add(rows, classes: found.classes, names: found.names)
  }
}
