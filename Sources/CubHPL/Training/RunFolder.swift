import Collectives
import Foundation
import Tensor
import TensorFiles

/// The folder of one run: its checkpoints, its curves, and in the end its result.
struct RunFolder {
  let path: String
  let identity: RunIdentity
  private let plan: RunPlan
  /// How many pictures are looked for, and among how many.
  private let pictures: (queries: Int, items: Int)
  /// The ranks that train; the first one writes, and reads for all.
  let group: Group

  /// What `result.json` holds: a run that needs no more training.
  struct Finished: Codable {
    let identity: RunIdentity
    var result: Results.Run
    /// For the first pictures of some test classes, the nearest other ones.
    let retrievals: [Retrieval]
    /// Where retrieval goes right and wrong.
    let study: RetrievalStudy?
    /// The test pictures on the plane; nil where no report has shown the run so far.
    var projection: RunProjection?
    /// The name of the checkpoint that was tested.
    let checkpoint: String

    /// A query and its neighbours, as indices of the test pictures.
    struct Retrieval: Codable {
      let query: Int
      let neighbours: [Int]
    }
  }

  init(_ output: OutputFolder, _ plan: RunPlan, _ data: TrainingData, over group: Group) {
    self.group = group
    path = output.file("runs/\(plan.name)")
    identity = RunIdentity(plan.settings, data: data, hasLevels: plan.method.isHierarchical)
    self.plan = plan
    pictures = (data.test.count, (data.gallery ?? data.test).count)
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The checkpoint of the last epoch.
  static let last = "last.safetensors"
  /// That of the epoch with the best validation.
  static let best = "best.safetensors"

  var last: String { file(Self.last) }
  var best: String { file(Self.best) }

  /// The result, or nil as long as there is none.
  ///
  /// One of fewer epochs is none: the run is lengthened. Throws `CheckpointError` where it is damaged or of other settings.
  func finished() throws -> Finished? {
    let name = file("result.json")
    guard let finished = try Finished(contentsOf: name, over: group) else { return nil }
    try check(finished.identity, of: name)
    do throws(ContentError) {
      try finished.check(queries: pictures.queries, items: pictures.items)
      try finished.result.check(isOf: plan)
    } catch {
      throw CheckpointError.unreadableResult(file: name, reason: "\(error)")
    }
    return finished.identity == identity ? finished : nil
  }

  /// The last checkpoint, or nil where training has not got that far.
  ///
  /// Throws `CheckpointError` where it is damaged or of other settings.
  func checkpoint() throws -> Checkpoint? {
    guard let checkpoint = try Checkpoint(contentsOf: last, over: group) else { return nil }
    try check(checkpoint.state.identity, of: last)
    return checkpoint
  }

  /// The model of a checkpoint; throws `CheckpointError` where there is none or it is damaged.
  func model(in name: String, methods: MethodList) throws -> TrainedModel {
    let path = file(name)
    guard let checkpoint = try Checkpoint(contentsOf: path, over: group) else {
      throw CheckpointError.unreadable(file: path, reason: "is not there any more")
    }
    return try TrainedModel(checkpoint, at: path, methods: methods)
  }

  /// Throws where the folder holds a run of other settings, before anything is trained.
  func check() throws {
    if try finished() == nil { _ = try checkpoint() }
  }

  /// The folder, created where it is missing; it lies in one that this process has locked.
  func open() throws -> OutputFolder { try OutputFolder(within: path) }

  func write(_ finished: Finished) throws { try open().write(JSONText.encoded(finished), as: "result.json") }

  private func check(_ found: RunIdentity, of file: String) throws {
    guard !found.isContinued(by: identity) else { return }
    throw CheckpointError.otherSettings(file: file, differences: try found.differences(from: identity))
  }
}
