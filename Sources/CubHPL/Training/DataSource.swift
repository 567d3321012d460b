import Collectives
import Foundation
import Vision

/// Where the pictures of a run lay, so that a command on its checkpoint finds them again.
struct DataSource: Codable, Equatable {
  /// The absolute path of the folder.
  let path: String
  let kind: DatasetKind
  /// The absolute path of the file of `--taxonomy`.
  let taxonomy: String?
  /// What `--class-split` said, with the absolute path of its file; nil where it was not given.
  let split: ClassSplit?
  /// Whether broken pictures were left out; nil for no.
  let skipsBroken: Bool?

  init(_ path: String, _ kind: DatasetKind, taxonomy: String?, split: ClassSplit?, skipsBroken: Bool = false) {
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    (self.path, self.kind, self.taxonomy) = (absolute(path), kind, taxonomy.map(absolute))
    self.split = if case .list(let path)? = split { .list(absolute(path)) } else { split }
    self.skipsBroken = skipsBroken ? true : nil
  }
}

/// Which pictures to read, and what else of an experiment's files says something about them.
struct DataRequest {
  /// nil for the embedded birds.
  var folder: String?
  /// Other birds than those; nil for these, and with a folder.
  var birds: DrawnData?
  /// Its form; nil is found out.
  var kind: DatasetKind?
  var taxonomy: String?
  var split: ClassSplit?
  var skipsBroken = false
  var hierarchy: String?
  var weights: String?
  var validation = ValidationClasses.none

  init(given: some TrainingValues) {
    (folder, kind, taxonomy, skipsBroken) = (given.data, given.dataset, given.taxonomy, given.skipBroken)
    split = given.classSplit
  }

  /// Those that settings name.
  init(_ settings: Settings) {
    self.init(given: settings)
    (hierarchy, weights, validation) = (settings.hierarchy, settings.weights, settings.validation)
  }

  /// Those of a data set that a model was trained on.
  init(_ source: DataSource?, birds: DrawnData? = nil) {
    self.birds = birds
    (folder, kind, taxonomy, split) = (source?.path, source?.kind, source?.taxonomy, source?.split)
    skipsBroken = source?.skipsBroken ?? false
  }
}

extension Checkpoint.State {
  /// The folder where the pictures lay, or which birds they are.
  var place: String { source?.path ?? (birds == nil ? "the embedded birds" : "drawn birds") }
}

extension TrainingData {
  /// The data that models were trained on, for a command that names none.
  ///
  /// Throws where they were trained on different data, and where these pictures are not there any more or are others; the line ends
  /// in the advice.
  init(
    of models: [(file: String, state: Checkpoint.State)], advice: String = "give --data", over group: Group,
    meter: Meter = .silent, note: (String) -> Void
  ) throws {
    let (file, state) = models[0]
    func problem(_ words: String) -> CheckpointError { .unusable(file: file, reason: "\(words): \(advice)") }
    func isSame(_ other: RunIdentity) -> Bool {
      other.splitChecksum == state.identity.splitChecksum && other.pictures == state.identity.pictures
    }
    if let other = models.first(where: { !isSame($0.state.identity) })?.file {
      throw problem("was trained on other data than \(other)")
    }
    if let source = state.source {
      try group.agree {
        guard FileManager.default.fileExists(atPath: source.path) else {
          throw problem("was trained on \(source.path), which is not there")
        }
      }
      note("data: \(source.path), which \(file) was trained on")
    }
    try self.init(DataRequest(state.source, birds: state.birds), over: group, meter: meter, note: note)
    guard splitChecksum == state.identity.splitChecksum, pictures == state.identity.pictures else {
      throw problem(
        "was trained on other pictures than there are now in \(state.place)")
    }
  }
}
