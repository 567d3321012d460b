import ClassTree
import Clustering
import Collectives
import Tensor

extension HierarchicalProxyLoss {
  /// Clusters the proxies anew, level by level, and returns how many of all proxies below moved to another group.
  ///
  /// New clusters are matched to the old ones by maximum overlap, so that a learned coarse proxy and its optimizer state
  /// keep their identity. A learned proxy starts at its cluster's centroid, and is set to it again as long as no training has
  /// changed it and when none of its children stayed.
  /// Levels given by a taxonomy keep their groups.
  ///
  /// With `classMeans` (`[classes, dimensions]`, see `classMeans(of:labels:classes:)`) these are clustered instead of the
  /// proxies, and on the levels above the means of their groups. The ranks of a group share out k-means; of proxies that are spread
  /// over ranks all are gathered for the time. `progress` is called now and then with the share of the work that is done. Traps where their
  /// shape does not fit.
  @discardableResult
  public func recluster(
    restarts: Int = 10, classMeans: Tensor<Scalar>? = nil, over group: Group = .alone,
    using generator: inout RandomGenerator, progress: (Double) -> Void = { _ in },
    file: StaticString = #fileID, line: UInt = #line
  ) -> Int {
    guard levels.count > 1 else { return 0 }
    return withoutRecording {
      var units = proxies(on: 0)
      var below = units
      if let classMeans {
        require(
          classMeans.shape == units.shape,
          "recluster: class means of shape \(classMeans.shape) do not fit class proxies of shape \(units.shape)",
          file: file,
          line: line)
        units = classMeans.normalized(along: 1)
      }
      var tree: ProxyTree?
      var moved = 0
      for (index, level) in levels.enumerated().dropFirst() {
        let old = level.parents
        func tell(_ share: Double) { progress((Double(index - 1) + share) / Double(levels.count - 1)) }
        if case .clusters(let count, let method) = level.declaration.grouping {
          let fresh: [Int]
          switch method {
          case .kMeans:
            tree = nil
            fresh =
              KMeans(clusters: count, restarts: restarts)
              .fit(units, over: group, using: &generator, progress: tell).assignments.scalars
          case .agglomerative(let linkage):
            if tree?.linkage != linkage { tree = ProxyTree(units, linkage, tell) }
            fresh = tree!.groups(count)
          }
          let numbers = old.isEmpty ? Array(0..<count) : matchingNumbers(of: fresh, to: old, clusters: count)
          level.parents = fresh.map { numbers[$0] }
          if !old.isEmpty { moved += ClassHierarchy.moves(from: old, to: level.parents) }
          tree?.ascend(level.parents)
        } else {
          tree = nil
        }
        placeLearnedProxies(of: level, over: below, old: old)
        below = proxies(on: index)
        units =
          classMeans == nil
          ? below
          : HierarchicalProxyLoss.means(of: units, level.parents, level.declaration.count).normalized(along: 1)
      }
      progress(1)
      return moved
    }
  }

  private func placeLearnedProxies(of level: Level, over below: Tensor<Scalar>, old: [Int]) {
    guard let parameter = level.proxies else { return }
    let (count, each) = (level.declaration.count, level.declaration.loss.proxiesPerTarget)
    let means = HierarchicalProxyLoss.means(of: below, level.parents, count).normalized(along: 1)
    let groups = { (rows: Tensor<Scalar>) in rows.reshaped([count, each, rows.shape[1]]) }
    // Equal proxies of a group would have equal gradients for ever, so that several start around its centroid.
    let directions = groups(parameter.value.detached.normalized(along: 1))
    let centroids = (means.unsqueezed(1) + (each > 1 ? directions * 0.1 : .zeros([1, 1, 1]))).normalized(along: 2)
    let placed = level.placed ?? parameter.value.detached
    let withOldChildren = Set(zip(old, level.parents).filter { $0 == $1 }.map(\.0))
    let (now, before) = (groups(parameter.value), groups(placed))
    let stays = (0..<count).map { withOldChildren.contains($0) && now[$0].scalars != before[$0].scalars }
    func updated(_ rows: Tensor<Scalar>) -> Tensor<Scalar> {
      let rows = groups(rows)
      return .concatenated(stays.indices.map { stays[$0] ? rows[$0] : centroids[$0] }, along: 0)
    }
    parameter.update(updated(parameter.value))
    level.placed = updated(placed)
  }
}

/// The tree of some proxies, from which successive levels are cut.
private struct ProxyTree {
  let linkage: AgglomerativeClustering.Linkage
  private let dendrogram: Dendrogram
  /// For each of these proxies, the one of the level reached so far that it belongs to.
  private var units: [Int]

  init<Scalar: TensorScalar>(
    _ proxies: Tensor<Scalar>, _ linkage: AgglomerativeClustering.Linkage, _ progress: (Double) -> Void
  ) {
    self.linkage = linkage
    dendrogram = AgglomerativeClustering(linkage).fit(proxies, progress: progress)
    units = Array(0..<dendrogram.points)
  }

  /// For each proxy of the level reached, its cluster when so many are left.
  func groups(_ count: Int) -> [Int] {
    let clusters = dendrogram.clusters(count).scalars
    var groups = [Int](repeating: 0, count: units.max()! + 1)
    for (unit, cluster) in zip(units, clusters) { groups[unit] = cluster }
    return groups
  }

  mutating func ascend(_ parents: [Int]) { units = units.map { parents[$0] } }
}

/// The mean of each class's normalised embeddings, `[classes, dimensions]`: what `recluster(classMeans:)` can cluster.
///
/// Embeddings are `[samples, dimensions]`, labels classes from 0, `[samples]`. Not recorded. Traps where the shapes do not fit
/// and where a class has no sample.
public func classMeans<Scalar: TensorScalar>(
  of embeddings: Tensor<Scalar>, labels: Labels, classes: Int, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  require(
    embeddings.rank == 2 && labels.shape == [embeddings.shape[0]],
    "classMeans: embeddings \(embeddings.shape) and labels \(labels.shape) are not [samples, dimensions] and [samples]",
    file: file, line: line)
  let present = Set(labels.scalars)
  if let other = present.first(where: { !(0..<classes).contains($0) }) {
    trap("classMeans: label \(other) is none of \(classes) classes", file: file, line: line)
  }
  if let missing = (0..<classes).first(where: { !present.contains($0) }) {
    trap("classMeans: class \(missing) has no sample", file: file, line: line)
  }
  return withoutRecording {
    HierarchicalProxyLoss.means(of: embeddings.normalized(along: 1), labels.scalars, classes)
  }
}
