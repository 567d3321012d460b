import Foundation
import Vision

/// Where the pictures of a run lay, so that a command on its checkpoint finds them again.
struct DataSource: Codable, Equatable {
  /// The absolute path of the folder.
  let path: String
  let kind: DatasetKind
  /// The absolute path of the file of `--taxonomy`.
  let taxonomy: String?

  init(_ path: String, _ kind: DatasetKind, taxonomy: String?) {
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    (self.path, self.kind, self.taxonomy) = (absolute(path), kind, taxonomy.map(absolute))
  }
}

extension TrainingData {
  /// The data that models were trained on, for a command that names none.
  ///
  /// Throws where they were trained on different data, and where these pictures are not there any more or are others.
  init(of models: [(file: String, state: Checkpoint.State)], _ settings: Settings, note: (String) -> Void) throws {
    let (file, state) = models[0]
    func problem(_ words: String) -> CheckpointError { .unusable(file: file, reason: "\(words): give --data") }
    func isSame(_ other: RunIdentity) -> Bool {
      other.splitChecksum == state.identity.splitChecksum && other.pictures == state.identity.pictures
    }
    if let other = models.first(where: { !isSame($0.state.identity) })?.file {
      throw problem("was trained on other data than \(other)")
    }
    var settings = settings
    if let source = state.source {
      guard FileManager.default.fileExists(atPath: source.path) else {
        throw problem("was trained on \(source.path), which is not there")
      }
      (settings.data, settings.dataset, settings.taxonomy) = (source.path, source.kind, source.taxonomy)
      note("data: \(source.path), which \(file) was trained on")
    }
    try self.init(settings, note: note)
    guard splitChecksum == state.identity.splitChecksum, pictures == state.identity.pictures else {
      throw problem(
        "was trained on other pictures than there are now in \(state.source?.path ?? "the embedded data set")")
    }
  }
}
