import ClassTree
import Tensor

extension ClassHierarchy {
  /// Its levels as those of a loss, with groups that stay as they are: a weight for each, classes first.
  ///
  /// Traps for another number of weights.
  public func proxyLevels<Scalar>(
    weights: [Scalar], loss: any ProxyLoss<Scalar>, proxies: ProxyLevel<Scalar>.CoarseProxies = .learned,
    file: StaticString = #fileID, line: UInt = #line
  ) -> [ProxyLevel<Scalar>] {
    require(
      weights.count == levels.count + 1, "proxyLevels: \(weights.count) weights for \(levels.count + 1) levels",
      file: file,
      line: line)
    return [.classes(classes.count, weight: weights[0], loss: loss)]
      + zip(levels, weights.dropFirst()).map { .taxonomy($0.parents, weight: $1, loss: loss, proxies: proxies) }
  }
}

extension HierarchicalProxyLoss {
  /// The hierarchy as it is now, with the names of the classes and, where the groups of a level have some, theirs.
  ///
  /// `groupNames[level]` are the names for a level, from 1 for the finest above the classes; others are numbered. Traps for
  /// other numbers of names than of classes or groups.
  public func hierarchy(
    classes: [String], groupNames: [Int: [String]] = [:], file: StaticString = #fileID, line: UInt = #line
  ) -> ClassHierarchy {
    do {
      return try ClassHierarchy(
        classes: classes,
        levels: levels.enumerated().dropFirst().map { index, level in
          .init(
            name: level.declaration.name,
            groups: groupNames[index] ?? (0..<level.declaration.count).map { "group \($0)" }, parents: level.parents)
        })
    } catch {
      trap("HierarchicalProxyLoss.hierarchy: \(error)", file: file, line: line)
    }
  }
}
