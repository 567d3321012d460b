import Tensor

/// Classes and the groups that they belong to on any number of levels, by name: a hierarchy without its proxies.
///
/// A snapshot of a `HierarchicalProxyLoss`, or a taxonomy to make one from; `ProxyHierarchy(contentsOf:)` and `write(to:)` read
/// and write it as JSON.
public struct ProxyHierarchy: Sendable, Equatable {
  /// A level above the classes.
  public struct Level: Sendable, Equatable {
    /// What the level is.
    public let name: String
    /// The names of its groups.
    public let groups: [String]
    /// For each class or group of the level below, the number of its group here.
    public let parents: [Int]

    /// Names a level and its groups.
    public init(name: String, groups: [String], parents: [Int]) {
      (self.name, self.groups, self.parents) = (name, groups, parents)
    }
  }

  /// The names of the classes.
  public let classes: [String]
  /// The levels above the classes, the finest first.
  public let levels: [Level]

  /// Makes a hierarchy.
  ///
  /// Throws `HierarchyError` for a class, or a group of a level, that is named twice, and where a level has another number of
  /// parents than there are classes or groups below it, a parent that is none of its groups, or a group without children.
  public init(classes: [String], levels: [Level]) throws(HierarchyError) {
    if let fault = ProxyHierarchy.fault(classes, levels) {
      throw HierarchyError(level: fault.level, problem: fault.problem)
    }
    (self.classes, self.levels) = (classes, levels)
  }

  /// For each class, the number of its group on a level, from 1 for the finest level above the classes.
  public func groups(on level: Int) -> [Int] {
    levels[..<level].reduce(Array(classes.indices)) { units, level in units.map { level.parents[$0] } }
  }

  /// For each level above the classes, the share of the classes whose group has another number in `other`: of those that moved
  /// when clusters were renewed, since renewed clusters are matched to the old ones.
  ///
  /// Traps for a hierarchy of other classes or another number of levels.
  public func movedShares(since other: ProxyHierarchy, file: StaticString = #fileID, line: UInt = #line) -> [Double] {
    require(
      classes == other.classes && levels.count == other.levels.count,
      "movedShares: hierarchies of \(classes.count) and \(other.classes.count) classes on \(levels.count) and "
        + "\(other.levels.count) levels are not of the same classes and levels", file: file, line: line)
    return levels.indices.map { level in
      let moved = zip(groups(on: level + 1), other.groups(on: level + 1)).count { $0 != $1 }
      return Double(moved) / Double(classes.count)
    }
  }

  /// The first thing that is wrong: its level (0 for the classes), where in the level it stands, and what it is.
  static func fault(_ classes: [String], _ levels: [Level]) -> (level: Int, key: String, problem: String)? {
    guard !classes.isEmpty else { return (0, "", "a hierarchy needs at least one class") }
    var seen: Set<String> = []
    for (index, name) in classes.enumerated() where !seen.insert(name).inserted {
      return (0, "[\(index)]", "there are two classes '\(name)'")
    }
    var below = classes.count
    for (index, level) in levels.enumerated() {
      guard level.parents.count == below else {
        return (
          index + 1, ".parents",
          "\(level.parents.count) parents for the \(below) \(index == 0 ? "classes" : "groups of the level below")"
        )
      }
      for (child, parent) in level.parents.enumerated() where !level.groups.indices.contains(parent) {
        return (
          index + 1, ".parents[\(child)]",
          "\(parent) is none of the level's \(level.groups.count) groups, numbered from 0"
        )
      }
      var names: Set<String> = []
      for (group, name) in level.groups.enumerated() where !names.insert(name).inserted {
        return (index + 1, ".groups[\(group)]", "there are two groups '\(name)'")
      }
      let used = Set(level.parents)
      for (group, name) in level.groups.enumerated() where !used.contains(group) {
        return (index + 1, ".groups[\(group)]", "the group '\(name)' has no children")
      }
      below = level.groups.count
    }
    return nil
  }
}
