/// Levels that do not make a hierarchy.
public struct HierarchyError: Error, CustomStringConvertible {
  /// The level at fault, 0 for the classes.
  public let level: Int
  /// What is wrong with it.
  public let problem: String

  /// Makes an error.
  package init(level: Int, problem: String) { (self.level, self.problem) = (level, problem) }

  /// One line: the level and the problem.
  public var description: String { "level \(level): \(problem)" }
}

/// A file that is no hierarchy, or not the one that is needed.
public struct HierarchyFileError: Error, Equatable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// Where in a JSON file, such as `levels[0].parents[3]`; empty for the file as a whole and in text files.
  public let key: String
  /// The line of a text file; nil for the file as a whole and in JSON files.
  public let line: Int?
  /// What is wrong there.
  public let problem: String

  /// Makes an error about a JSON file.
  public init(file: String, key: String, problem: String) {
    (self.file, self.key, self.line, self.problem) = (file, key, nil, problem)
  }

  /// Makes an error about a text file.
  public init(file: String, line: Int?, problem: String) {
    (self.file, self.key, self.line, self.problem) = (file, "", line, problem)
  }

  /// One line: file, place and problem.
  public var description: String {
    if let line { return "\(file):\(line): \(problem)" }
    return key.isEmpty ? "\(file): \(problem)" : "\(file): \(key): \(problem)"
  }
}
