import TensorFiles

extension ClassHierarchy {
  /// Reads the groups of all classes from a text file.
  ///
  /// A line is the name of a class or group, its parent, the parent's parent and so on, with tabs between: whole lines of
  /// ancestors or single steps, as one likes. What has no parent is at the top. A class less deep than others is a group
  /// of its own on the levels that it lacks; levels with one group, or that group nothing, are left out.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - classes: every class, as the data set calls it.
  /// - Throws: `HierarchyFileError` naming file and line for a line without a parent, two parents of one name, a cycle, and a
  ///   name that is neither a class nor a group; and for classes that the file leaves out.
  public init(text path: String, classes: [String]) throws(HierarchyFileError) {
    func fail(_ line: Int?, _ problem: String) -> HierarchyFileError {
      HierarchyFileError(file: path, line: line, problem: problem)
    }
    let parents = try ClassHierarchy.parents(in: path)
    if let cycle = ClassHierarchy.cycle(in: parents) {
      throw fail(cycle.line, "a cycle: \(shortened(cycle.names.joined(separator: " in "), to: 200))")
    }
    let known = Set(parents.values.map(\.name)).union(classes)
    if let (name, parent) = parents.filter({ !known.contains($0.key) }).min(by: { $0.value.line < $1.value.line }) {
      throw fail(parent.line, "\"\(shortened(name))\" is neither a class of the data set nor a group")
    }
    let missing = classes.filter { parents[$0] == nil }
    if let first = missing.first {
      let others = missing.count > 1 ? " and \(missing.count - 1) more" : ""
      throw fail(nil, "no line for class \"\(shortened(first))\"\(others); every class needs a parent")
    }
    let ancestors = classes.map { name in
      Array(sequence(first: name) { parents[$0]?.name }.dropFirst()).reversed() as [String]
    }
    guard let hierarchy = ClassHierarchy(ancestors: ancestors, classes: classes) else {
      throw fail(nil, "the taxonomy groups nothing: every class is alone in its group, or all are in one")
    }
    self = hierarchy
  }

  /// The parent of each name and the line that says so.
  private static func parents(in path: String) throws(HierarchyFileError) -> [String: (name: String, line: Int)] {
    func fail(_ line: Int?, _ problem: String) -> HierarchyFileError {
      HierarchyFileError(file: path, line: line, problem: problem)
    }
    let file: TextLines
    do {
      file = try TextLines(contentsOf: path)
    } catch {
      switch error {
      case .unreadable(let reason): throw fail(nil, "cannot read: \(reason)")
      case .empty: throw fail(nil, "the list is empty")
      case .notText(let line): throw fail(line, "not UTF-8 text")
      }
    }
    var parents: [String: (name: String, line: Int)] = [:]
    for line in file.lines {
      let names = line.text.split(separator: "\t", omittingEmptySubsequences: false).map(\.trimmed)
      guard names.count >= 2, !names.contains("") else {
        throw fail(
          line.number,
          "expected \"class parent\" with a tab between, and further ancestors after tabs, found \"\(shortened(String(line.text)))\""
        )
      }
      for (child, parent) in zip(names, names.dropFirst()) {
        if let known = parents[child], known.name != parent {
          throw fail(
            line.number, "\(shortened("the parent of \(child) is \(parent)")), but line \(known.line) says otherwise")
        }
        if parents[child] == nil { parents[child] = (parent, line.number) }
      }
    }
    return parents
  }

  /// Follows every name to the top; names that lie in one another, and the line that closes the cycle.
  private static func cycle(in parents: [String: (name: String, line: Int)]) -> (names: [String], line: Int)? {
    var reachTheTop: Set<String> = []
    for (start, _) in parents.sorted(by: { ($0.value.line, $0.key) < ($1.value.line, $1.key) }) {
      var path: [String] = []
      var onPath: Set<String> = []
      var name = start
      while let parent = parents[name]?.name, !reachTheTop.contains(name) {
        guard onPath.insert(name).inserted else {
          let cycle = path[path.firstIndex(of: name)!...] + [name]
          return (Array(cycle), cycle.map { parents[$0]!.line }.max()!)
        }
        path.append(name)
        name = parent
      }
      reachTheTop.formUnion(path)
    }
    return nil
  }
}
