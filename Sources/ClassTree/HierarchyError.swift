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
