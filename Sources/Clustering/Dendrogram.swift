import Tensor

/// The tree of an agglomerative clustering: which clusters were merged, and at what distance.
///
/// Cut at several counts it gives nested clusters: those of the smaller count are unions of those of the greater one.
public struct Dendrogram: Sendable, Equatable {
  /// Two clusters that become one.
  public struct Merge: Sendable, Equatable {
    /// A point of the one cluster.
    public let first: Int
    /// A point of the other cluster.
    public let second: Int
    /// The distance of the clusters by the linkage.
    public let distance: Double
  }

  /// One merge fewer than points, the nearest first.
  public let merges: [Merge]

  /// Takes merges in any order that leads from single points to one cluster.
  init(_ merges: [Merge]) {
    self.merges = merges.enumerated()
      .sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
      .map(\.element)
  }

  /// The number of points.
  public var points: Int { merges.count + 1 }

  /// The cluster of each point when so many are left, shape `[points]`; clusters are numbered by their first point.
  ///
  /// Traps unless there are 1 to `points` clusters.
  public func clusters(_ count: Int, file: StaticString = #fileID, line: UInt = #line) -> Labels {
    require(
      (1...points).contains(count), "Dendrogram.clusters: \(points) points in \(count) clusters", file: file, line: line
    )
    var parent = Array(0..<points)
    func root(_ point: Int) -> Int {
      var point = point
      while parent[point] != point {
        parent[point] = parent[parent[point]]
        point = parent[point]
      }
      return point
    }
    for merge in merges.prefix(points - count) {
      let (a, b) = (root(merge.first), root(merge.second))
      parent[max(a, b)] = min(a, b)  // a cluster's root is its first point
    }
    var numbers: [Int: Int] = [:]
    return Labels(
      (0..<points).map { point in
        let root = root(point)
        if root == point { numbers[point] = numbers.count }
        return numbers[root]!
      })
  }
}
