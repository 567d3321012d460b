/// The trained model that a command reads.
struct CheckpointOptions: OptionGroup {
  static let heading = "Trained models"

  let checkpoint = Option<String?>(
    "--checkpoint", "FILE", "the trained model: \(Self.files)", default: .none("must be given"), read: nonempty)

  /// What files hold a model.
  static let files =
    "last.safetensors or best.safetensors of a run's folder, or the model.safetensors beside a report"
  /// Such a file.
  static let example = "runs/table/runs/hpl-pa-seed-0/last.safetensors"

  /// The file.
  static func path(_ given: Given, for command: String) throws(UsageError) -> String {
    guard let path = given[CheckpointOptions().checkpoint] else {
      throw .conflict("\(command) needs --checkpoint, such as \(example)")
    }
    return path
  }
}
