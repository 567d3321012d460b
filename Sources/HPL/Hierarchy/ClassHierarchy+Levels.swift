import ClassTree
import Tensor

extension ClassHierarchy {
  /// Its levels as those of a loss, with groups that stay as they are: a weight for each, classes first.
  ///
  /// One loss serves all levels; where it has parameters, make one for each. Traps for another number of weights.
  public func proxyLevels<Scalar>(
    weights: [Scalar], loss: any ProxyLoss<Scalar>, proxies: ProxyLevel<Scalar>.CoarseProxies = .learned,
    file: StaticString = #fileID, line: UInt = #line
  ) -> [ProxyLevel<Scalar>] {
    proxyLevels(weights: weights, proxies: proxies, file: file, line: line) { _, _ in loss }
  }

  /// The same with a loss that is made for each level, from its place, 0 for the classes, and its number of classes or groups: so a
  /// loss can have parameters for each of them.
  ///
  /// ```swift
  /// taxonomy.proxyLevels(weights: [1, 0.1]) { level, count in LearnedMargins(count: count) }
  /// ```
  public func proxyLevels<Scalar>(
    weights: [Scalar], proxies: ProxyLevel<Scalar>.CoarseProxies = .learned, file: StaticString = #fileID,
    line: UInt = #line, makeLoss: (_ level: Int, _ count: Int) -> any ProxyLoss<Scalar>
  ) -> [ProxyLevel<Scalar>] {
    require(
      weights.count == levels.count + 1, "proxyLevels: \(weights.count) weights for \(levels.count + 1) levels",
      file: file,
      line: line)
    let coarse = levels.indices.map { index in
      let (level, place) = (levels[index], index + 1)
      return ProxyLevel.taxonomy(
        level.parents, weight: weights[place], loss: makeLoss(place, level.groups.count), proxies: proxies)
    }
    return [.classes(classes.count, weight: weights[0], loss: makeLoss(0, classes.count))] + coarse
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
