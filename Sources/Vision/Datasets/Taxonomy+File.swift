import ClassTree
import Foundation

extension Taxonomy {
  /// Reads the groups of all classes from a text file.
  ///
  /// A line is the name of a class or group, its parent, the parent's parent and so on, with tabs between: whole lines of
  /// ancestors or single steps, as one likes. What has no parent is at the top. A class less deep than others is a group
  /// of its own on the levels that it lacks; levels with one group, or that group nothing, are left out.
  ///
  /// - Parameter classNames: every class, as the data set calls it.
  /// - Throws: ``DatasetError`` naming file and line for a line without a parent, two parents of one name, a cycle, and a
  ///   name that is neither a class nor a group; and for classes that the file leaves out.
  public init(contentsOf url: URL, classNames: [String]) throws {
    let list = try TextList(contentsOf: url)
    var parents: [String: (name: String, line: Int)] = [:]
    for line in list.lines {
      let names = line.text.split(separator: "\t", omittingEmptySubsequences: false).map(\.trimmed)
      guard names.count >= 2, !names.contains("") else {
        throw list.malformed(line, expected: "\"class parent\" with a tab between, and further ancestors after tabs")
      }
      for (child, parent) in zip(names, names.dropFirst()) {
        let known = parents[child]
        guard known == nil || known!.name == parent else {
          throw DatasetError.conflict(
            file: list.path, line: line.number, claim: "the parent of \(child) is \(parent)", firstLine: known!.line)
        }
        if known == nil { parents[child] = (parent, line.number) }
      }
    }
    try Self.requireNoCycle(parents, file: list.path)
    let known = Set(parents.values.map(\.name)).union(classNames)
    if let (name, parent) = parents.filter({ !known.contains($0.key) }).min(by: { $0.value.line < $1.value.line }) {
      throw DatasetError.notAClass(file: list.path, line: parent.line, name: name)
    }
    let missing = classNames.filter { parents[$0] == nil }
    if let first = missing.first {
      throw DatasetError.classesLeftOut(file: list.path, first: first, count: missing.count)
    }
    let ancestors = classNames.map { name in
      Array(sequence(first: name) { parents[$0]?.name }.dropFirst()).reversed() as [String]
    }
    guard let taxonomy = Taxonomy(groups: ancestors, classNames: classNames) else {
      throw DatasetError.groupsNothing(file: list.path)
    }
    self = taxonomy
  }

  /// Follows every name to the top.
  private static func requireNoCycle(_ parents: [String: (name: String, line: Int)], file: String) throws(DatasetError)
  {
    var reachTheTop: Set<String> = []
    for (start, _) in parents.sorted(by: { ($0.value.line, $0.key) < ($1.value.line, $1.key) }) {
      var path: [String] = []
      var onPath: Set<String> = []
      var name = start
      while let parent = parents[name]?.name, !reachTheTop.contains(name) {
        guard onPath.insert(name).inserted else {
          let cycle = path[path.firstIndex(of: name)!...] + [name]
          throw .cycle(file: file, line: cycle.map { parents[$0]!.line }.max()!, names: Array(cycle))
        }
        path.append(name)
        name = parent
      }
      reachTheTop.formUnion(path)
    }
  }
}
