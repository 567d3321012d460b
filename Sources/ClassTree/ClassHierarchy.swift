import Tensor

/// Classes and the groups that they belong to on any number of levels, by name.
///
/// What a data set knows about its classes, what a file says, and what a loss on a hierarchy of proxies has found. It is read
/// from and written to JSON by `init(contentsOf:classes:)` and `write(to:)`, and read from a text file by `init(text:classes:)`.
public struct ClassHierarchy: Sendable, Equatable {
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
    if let fault = ClassHierarchy.fault(classes, levels) {
      throw HierarchyError(level: fault.level, problem: fault.problem)
    }
    (self.classes, self.levels) = (classes, levels)
  }

  /// Takes what is known to be a hierarchy.
  private init(known classes: [String], _ levels: [Level]) { (self.classes, self.levels) = (classes, levels) }

  /// For each level above the classes, the finest first, the number of each class's group.
  public var groupsOfClasses: [[Int]] {
    ClassHierarchy.groupsOfClasses(through: levels.map(\.parents), classes: classes.count)
  }

  /// For each class, the number of its group on a level, from 1 for the finest level above the classes; on level 0 its own.
  public func groups(on level: Int) -> [Int] { level == 0 ? Array(classes.indices) : groupsOfClasses[level - 1] }

  /// The same for levels that are given by the group of each class or group of the level below.
  package static func groupsOfClasses(through parents: [[Int]], classes: Int) -> [[Int]] {
    var units = Array(0..<classes)
    return parents.map { parents in
      for place in units.indices { units[place] = parents[units[place]] }
      return units
    }
  }

  /// The hierarchy of some of the classes in a new order; groups left without a class are dropped.
  ///
  /// Traps for a number that is none of the classes, and where there is none or one twice.
  public func subset(
    classes chosen: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> ClassHierarchy {
    require(
      !chosen.isEmpty && Set(chosen).count == chosen.count && chosen.allSatisfy(classes.indices.contains),
      "subset: classes \(chosen) of \(classes.count)", file: file, line: line)
    var units = chosen
    let levels = levels.map { level in
      let kept = Set(units.map { level.parents[$0] }).sorted()
      let position = Dictionary(uniqueKeysWithValues: zip(kept, 0...))
      defer { units = kept }
      return Level(
        name: level.name, groups: kept.map { level.groups[$0] }, parents: units.map { position[level.parents[$0]]! })
    }
    return ClassHierarchy(known: chosen.map { classes[$0] }, levels)
  }

  /// For each level above the classes, the share of the classes whose group has another number in `other`: of those that moved
  /// when clusters were renewed, since renewed clusters are matched to the old ones.
  ///
  /// Traps for a hierarchy of other classes or another number of levels.
  public func movedShares(since other: ClassHierarchy, file: StaticString = #fileID, line: UInt = #line) -> [Double] {
    require(
      classes == other.classes && levels.count == other.levels.count,
      "movedShares: hierarchies of \(classes.count) and \(other.classes.count) classes on \(levels.count) and "
        + "\(other.levels.count) levels are not of the same classes and levels", file: file, line: line)
    return zip(groupsOfClasses, other.groupsOfClasses).map {
      Double(ClassHierarchy.moves(from: $1, to: $0)) / Double(classes.count)
    }
  }

  /// How many have another group than before.
  package static func moves(from old: [Int], to new: [Int]) -> Int { zip(old, new).count { $0 != $1 } }
}

extension ClassHierarchy {
  /// Makes a hierarchy of what groups each class is in, from the largest to the smallest; a group's name is its identity.
  ///
  /// A class in fewer groups than others is a group of its own on the levels that it lacks. Levels that group nothing are
  /// left out: with one group, or with as many as there are units below. Nil where none is left.
  package init?(ancestors: [[String]], classes: [String]) {
    let depth = ancestors.map(\.count).max() ?? 0
    var levels: [Level] = []
    var units = Array(classes.indices)  // the unit below of each class
    var count = classes.count
    for position in (0..<depth).reversed() {
      let names = zip(ancestors, classes).map { position < $0.count ? $0[position] : $1 }
      var index: [String: Int] = [:]
      var distinct: [String] = []
      for name in names where index[name] == nil {
        index[name] = distinct.count
        distinct.append(name)
      }
      guard distinct.count > 1, distinct.count < count else { continue }
      var parents = [Int](repeating: 0, count: count)
      for (unit, name) in zip(units, names) { parents[unit] = index[name]! }
      levels.append(Level(name: "level \(levels.count + 1)", groups: distinct, parents: parents))
      units = names.map { index[$0]! }
      count = distinct.count
    }
    guard !levels.isEmpty else { return nil }
    self.init(known: classes, levels)
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
