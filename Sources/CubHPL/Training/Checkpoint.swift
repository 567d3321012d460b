import Collectives
import Foundation
import Models
import NN
import Tensor
import TensorFiles

/// A file that cannot be used to go on or to evaluate, and what to do.
enum CheckpointError: Error, CustomStringConvertible {
  /// Reading it failed.
  case unreadable(file: String, reason: String)
  /// Reading a run's result failed.
  case unreadableResult(file: String, reason: String)
  /// It cannot be used, and nothing is lost by that.
  case unusable(file: String, reason: String)
  /// It is no checkpoint of this program.
  case foreign(file: String)
  /// It belongs to a run with other settings.
  case otherSettings(file: String, differences: [String])
  /// Its network is none that this program has.
  case unknownNetwork(file: String, network: String)
  /// Its network is not the one asked for.
  case otherNetwork(file: String, found: String, wanted: String)

  var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(reason.contains(file) ? reason : "\(file): \(reason)"); delete the file to train this run from its start"
    case .unreadableResult(let file, let reason):
      "\(reason.contains(file) ? reason : "\(file): \(reason)"); delete the file to have the run measured again"
    case .unusable(let file, let reason): reason.contains(file) ? reason : "\(file): \(reason)"
    case .foreign(let file): "\(file) is no checkpoint of \(Program.name)"
    case .otherSettings(let file, let differences):
      "\(file) is of a run with other settings: \(differences.joined(separator: ", ")); give them again, or another --output"
    case .unknownNetwork(let file, let network):
      "\(file) holds the network '\(network)', which this program does not know; use the program that trained it"
    case .otherNetwork(let file, let found, let wanted):
      "\(file) holds a \(found), which does not fit \(wanted)"
    }
  }
}

/// A run between two epochs: every tensor that training changes, and the rest as metadata.
struct Checkpoint {
  /// What is no tensor.
  struct State: Codable, Equatable {
    var identity: RunIdentity
    /// Where the pictures lay; nil for the embedded ones.
    var source: DataSource?
    /// The birds that were drawn instead of the embedded ones.
    var birds: DrawnData?
    var method: String
    var title: String
    var seed: UInt64
    var fold: Int?
    /// A point for each epoch that is done.
    var curve: [Results.Epoch]
    var seconds: Double
    var imagesSeen: Int
    /// The training classes, in the order of the class proxies.
    var classNames: [String]
    /// The numbers of epochs that the run was first to have.
    var lengthened: [Int]?
    /// How many ranks have trained the last epoch; nil for one.
    var ranks: Int?
    /// What each epoch took; nil where an older version has begun the run.
    var costs: [EpochCost]?
  }

  let state: State
  let tensors: Safetensors

  init(_ state: State, _ tensors: Safetensors) { (self.state, self.tensors) = (state, tensors) }

  /// Opens a file; throws `CheckpointError` where it is damaged, says what cannot be, or is something else.
  init(contentsOf path: String) throws { try self.init(path) { try Safetensors(contentsOf: path) } }

  /// Opens a file that the first rank sees; nil where there is none.
  init?(contentsOf path: String, over group: Group) throws {
    guard group.size > 1 else {
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      try self.init(contentsOf: path)
      return
    }
    guard let bytes = try group.file(path) else { return nil }
    try self.init(path) { try Safetensors(data: Data(bytes), source: path) }
  }

  private init(_ path: String, _ read: () throws -> Safetensors) throws {
    do {
      tensors = try read()
    } catch TensorFileError.unreadable(_, let reason) {
      // Nothing says that the file is bad.
      throw CheckpointError.unusable(file: path, reason: "cannot be read: \(reason)")
    } catch {
      throw CheckpointError.unreadable(file: path, reason: "\(error)")
    }
    guard let text = tensors.metadata[Self.key] else { throw CheckpointError.foreign(file: path) }
    guard tensors.hasChecksum else { throw CheckpointError.unreadable(file: path, reason: "it has no checksum") }
    do {
      state = try JSONDecoder().decode(State.self, from: JSONText(text, source: path).data)
      try state.check()
    } catch let error as ContentError {
      throw CheckpointError.unreadable(file: path, reason: "its description is damaged: \(error)")
    } catch {
      throw CheckpointError.unreadable(file: path, reason: "its description is damaged or of another version")
    }
  }

  /// Writes the file, to a temporary name first; the first of several ranks does.
  func write(to path: String) throws {
    guard World.speaks else { return }
    var tensors = tensors
    tensors.metadata = try state.metadata()
    try tensors.write(to: path, withChecksum: true)
  }

  /// Gives a network its weights: the averages where the run kept some.
  func loadNetwork(into network: any Backbone<Float>) throws {
    if tensors.contains("ema.updates") {
      let average = ExponentialMovingAverage(of: network, decay: 0)
      try average.load(tensors)
      average.apply()
    } else {
      try network.load(tensors, prefix: isResult ? "" : "model.")
    }
  }

  /// Whether the file is a `model.safetensors` beside a report, whose proxies are a file of their own.
  var isResult: Bool { !tensors.names.contains { $0.hasPrefix("model.") } }

  /// What metadata calls the state.
  static let key = "checkpoint"
}

extension Checkpoint.State {
  /// What a file of this state has as metadata.
  func metadata() throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [
      Checkpoint.key: String(decoding: try encoder.encode(self), as: UTF8.self), "method": method,
      "seed": "\(seed)", "epoch": "\(curve.count)", "program": "\(Program.name) \(Program.version)",
    ]
  }
}
