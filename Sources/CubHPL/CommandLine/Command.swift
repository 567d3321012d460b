/// What the program does; the word before the options.
enum Command: String, CaseIterable, Codable, Sendable {
  /// Trains some methods and reports on them; it needs no word.
  case train
  /// Trains every loss and puts the results next to one another.
  case compare
  /// Trains with one number of the hierarchy at several values.
  case sweep
  /// Draws the embeddings of trained models on the plane.
  case tsne
  /// Writes the embeddings of a folder's pictures.
  case embed
  /// Finds the pictures nearest to one.
  case search
  /// Describes a checkpoint.
  case inspect

  /// One line for the help.
  var help: String {
    switch self {
    case .train: "train --method and report on it (without a command)"
    case .compare: "train every loss over several seeds: the table of losses, with intervals and the published numbers"
    case .sweep: "train at several values of --over: the curve of the weight or of the number of coarse proxies"
    case .tsne: "draw the embeddings of the models of --checkpoint on the plane, side by side"
    case .embed: "write the embeddings of all JPEG files in a folder: a .npy file, and their names as a .txt file"
    case .search: "find the pictures nearest to --query, in --data or among those that the model was tested on"
    case .inspect: "print what a checkpoint holds: settings, curve, parameters, proxies and hierarchy"
    }
  }

  /// Those that train.
  static let training: [Command] = [.train, .compare, .sweep]

  /// Whether a folder follows the word.
  var takesFolder: Bool { self == .embed }
}
