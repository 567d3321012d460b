import Tensor

/// A true grouping of classes, in one level of groups or several, each of which groups the one below.
public struct Taxonomy: Sendable, Equatable {
  /// One level: the group of each class, or of each group of the level below.
  public struct Level: Sendable, Equatable {
    /// The group of each unit below, 0..<names.count.
    public let parents: [Int]

    /// The names of the groups.
    public let names: [String]

    /// Makes a level; a parent that is not an index into `names` traps.
    public init(parents: [Int], names: [String], file: StaticString = #fileID, line: UInt = #line) {
      if let parent = parents.first(where: { !names.indices.contains($0) }) {
        trap("Taxonomy with parent \(parent) and \(names.count) names", file: file, line: line)
      }
      self.parents = parents
      self.names = names
    }
  }

  /// The levels, from the one that groups the classes to the coarsest; at least one.
  public let levels: [Level]

  /// Makes a grouping; no level, and a level of other units than the level below has, trap.
  public init(levels: [Level], file: StaticString = #fileID, line: UInt = #line) {
    guard !levels.isEmpty else { trap("Taxonomy without a level", file: file, line: line) }
    for (below, level) in zip(levels, levels.dropFirst()) where level.parents.count != below.names.count {
      trap("Taxonomy with \(level.parents.count) parents of \(below.names.count) groups", file: file, line: line)
    }
    self.levels = levels
  }

  /// Makes a grouping in one level; a parent that is not an index into `names` traps.
  public init(parents: [Int], names: [String], file: StaticString = #fileID, line: UInt = #line) {
    levels = [Level(parents: parents, names: names, file: file, line: line)]
  }

  /// The number of classes.
  public var classCount: Int { levels[0].parents.count }

  /// The grouping of some of the classes in a new order; groups left without a class are dropped.
  public func subset(classes: [Int]) -> Taxonomy {
    var units = classes
    return Taxonomy(
      levels: levels.map { level in
        let kept = Set(units.map { level.parents[$0] }).sorted()
        let position = Dictionary(uniqueKeysWithValues: zip(kept, 0...))
        defer { units = kept }
        return Level(parents: units.map { position[level.parents[$0]]! }, names: kept.map { level.names[$0] })
      })
  }

  /// Makes a grouping of what groups each class is in, from the largest to the smallest; a group's name is its identity.
  ///
  /// A class in fewer groups than others is a group of its own on the levels that it lacks. Levels that group nothing are
  /// left out: with one group, or with as many as there are units below. Nil where none is left.
  package init?(groups: [[String]], classNames: [String]) {
    let depth = groups.map(\.count).max() ?? 0
    var levels: [Level] = []
    var units = classNames.indices.map { $0 }  // the unit below of each class
    var count = classNames.count
    for position in (0..<depth).reversed() {
      let names = zip(groups, classNames).map { position < $0.count ? $0[position] : $1 }
      var index: [String: Int] = [:]
      var distinct: [String] = []
      for name in names where index[name] == nil {
        index[name] = distinct.count
        distinct.append(name)
      }
      guard distinct.count > 1, distinct.count < count else { continue }
      var parents = [Int](repeating: 0, count: count)
      for (unit, name) in zip(units, names) { parents[unit] = index[name]! }
      levels.append(Level(parents: parents, names: distinct))
      units = names.map { index[$0]! }
      count = distinct.count
    }
    guard !levels.isEmpty else { return nil }
    self.levels = levels
  }
}
