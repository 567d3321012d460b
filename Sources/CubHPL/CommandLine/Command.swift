/// What the program does; the word before the options.
enum Command: String, CaseIterable, Codable, Sendable {
  /// Trains some methods and reports on them; it needs no word.
  case train
  /// Trains every loss and puts the results next to one another.
  case compare
  /// Trains with one number of the hierarchy at several values.
  case sweep

  /// One line for the help.
  var help: String {
    switch self {
    case .train: "train --method and report on it (without a command)"
    case .compare: "train every loss over several seeds: the table of losses, with intervals and the published numbers"
    case .sweep: "train at several values of --over: the curve of the weight or of the number of coarse proxies"
    }
  }
}
