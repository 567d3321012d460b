import Foundation
import Testing
import Vision

/// A folder that a test fills with lists and pictures.
struct DatasetFolder {
  let url: URL

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a list.
  func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

  func write(_ data: Data, to name: String) throws {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  /// Writes small JPEG files.
  func writePictures(_ names: String...) throws { try writePictures(names) }

  func writePictures(_ names: [String]) throws {
    let data = try Data(contentsOf: Goldens.folder.appendingPathComponent("grey.jpg"))
    for name in names { try write(data, to: name) }
  }

  /// The paths of a data set's pictures below this folder.
  func paths(_ dataset: ImageDataset?) -> [String] {
    dataset?.samples.map { String($0.source.name.dropFirst(url.path.count + 1)) } ?? []
  }
}

/// Runs `body` with a new empty folder.
func withFolder<Result>(_ body: (DatasetFolder) throws -> Result) throws -> Result {
  try withTemporaryFolder { try body(DatasetFolder(url: $0)) }
}

/// Expects an error of one line.
func expectError(
  _ expected: DatasetError, location: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) {
  let error = #expect(throws: DatasetError.self, sourceLocation: location) { _ = try body() }
  #expect(error == expected, sourceLocation: location)
  #expect(error?.description.contains("\n") == false, sourceLocation: location)
}
