import CClustering
import Tensor

/// Bottom-up clustering: every point is a cluster at first, and the two nearest clusters are merged again and again.
///
/// The merges are found along chains of nearest neighbours (Murtagh, 1983), which gives the tree of always merging the two
/// nearest in O(n²) steps, for all three linkages; it takes 4 n² bytes. Of equally near clusters a chain goes back to the one
/// it came from, else on to the one with the lowest point, and chains start at the lowest cluster: SciPy's order, so that
/// where distances are exact even ties come out as in scikit-learn. Distances are kept in `Float`, whatever the points are
/// in, and rounding may decide between clusters that are nearer to a tie than that.
public struct AgglomerativeClustering: Sendable {
  /// What the distance between two clusters is, from the Euclidean distances of their points.
  public enum Linkage: String, Sendable, CaseIterable {
    /// The growth of the sum of squared distances to the centroids, were they merged (Ward, 1963): `√(2|a||b|/(|a|+|b|))`
    /// times the distance of the centroids, as in SciPy.
    case ward
    /// The mean over all pairs of points, one of each.
    case average
    /// The greatest over all pairs of points, one of each.
    case complete
  }

  /// The distance between clusters.
  public var linkage: Linkage

  /// Makes a clustering with a linkage.
  public init(_ linkage: Linkage = .ward) { self.linkage = linkage }

  /// Clusters points of shape `[points, dimensions]`.
  ///
  /// `progress` is called now and then with the share of the work that is done. Traps if there are no points, or where one is not
  /// finite or too long for distances in `Float`.
  public func fit<Scalar: TensorScalar>(
    _ points: Tensor<Scalar>, progress: (Double) -> Void = { _ in }, file: StaticString = #fileID, line: UInt = #line
  ) -> Dendrogram {
    require(
      points.rank == 2 && points.count > 0,
      "AgglomerativeClustering.fit: points of shape \(points.shape) are not [points, dimensions]", file: file,
      line: line)
    return withPrecision(.float32) { dendrogram(Cloud(points.detached), progress, file, line) }
  }

  private func dendrogram<Scalar: TensorScalar>(
    _ cloud: Cloud<Scalar>, _ progress: (Double) -> Void, _ file: StaticString, _ line: UInt
  ) -> Dendrogram {
    require(
      Double(cloud.squares.max().item) < 0x1p120,
      "AgglomerativeClustering.fit: a point is NaN, infinite or too far from the others", file: file, line: line)
    let table = ClosenessTable(cloud, linkage)
    var merges: [Dendrogram.Merge] = []
    var chain: [Int] = []
    var lowest = 0
    while merges.count < cloud.points.shape[0] - 1 {
      if chain.isEmpty {
        while !table.isOpen(lowest) { lowest += 1 }
        chain.append(lowest)
      }
      let (last, before) = (chain.last!, chain.dropLast().last)
      let (nearest, closeness) = table.nearest(to: last)
      guard let before, table.closeness(last, before) == closeness else {
        chain.append(nearest)
        continue
      }
      chain.removeLast(2)
      let (first, second) = (min(last, before), max(last, before))
      merges.append(Dendrogram.Merge(first: first, second: second, distance: table.distance(closeness)))
      table.merge(first, into: second)
      if merges.count % 64 == 0 { progress(Double(merges.count) / Double(cloud.points.shape[0])) }
    }
    progress(1)
    return Dendrogram(merges)
  }
}

/// The closeness of all pairs of open clusters: minus their distance, squared but for average linkage.
///
/// A cluster has the place of its last point.
private final class ClosenessTable {
  private let linkage: AgglomerativeClustering.Linkage
  private let count: Int
  private let rows: UnsafeMutablePointer<Float>
  /// The points of each cluster.
  private var sizes: [Float]
  /// Infinity where a cluster was merged into another.
  private var closed: [Float]

  init<Scalar>(_ cloud: Cloud<Scalar>, _ linkage: AgglomerativeClustering.Linkage) {
    let count = cloud.points.shape[0]
    (self.linkage, self.count) = (linkage, count)
    sizes = [Float](repeating: 1, count: count)
    closed = [Float](repeating: 0, count: count)
    rows = UnsafeMutablePointer<Float>.allocate(capacity: count * count)
    let block = 256
    for start in stride(from: 0, to: count, by: block) {
      let end = min(start + block, count)
      let squares = cloud.squaredDistances(from: start..<end, to: start..<count)
      let closeness = -(linkage == .average ? sqrt(squares) : squares).cast(to: Float.self)
      closeness.withUnsafeScalars { fill(start..<end, $0.baseAddress!) }
    }
  }

  deinit { rows.deallocate() }

  /// Fills some rows from their diagonal on, and the same columns, so that the table is symmetric to the bit.
  private func fill(_ range: Range<Int>, _ values: UnsafePointer<Float>) {
    let width = count - range.lowerBound
    parallel(range.count, grain: 1) { part in
      for row in part {
        let place = rows + (range.lowerBound + row) * count + range.lowerBound
        place.update(from: values + row * width, count: width)
      }
    }
    parallel(width, grain: 256) { part in
      for column in part {
        let place = rows + (range.lowerBound + column) * count + range.lowerBound
        // Within the block only what is left of the diagonal, which nobody reads meanwhile.
        for row in 0..<min(range.count, column) { place[row] = values[row * width + column] }
      }
    }
    for row in range { rows[row * (count + 1)] = -.infinity }
  }

  func isOpen(_ cluster: Int) -> Bool { closed[cluster] == 0 }

  func closeness(_ a: Int, _ b: Int) -> Float { rows[a * count + b] }

  /// The first of the open clusters closest to one of them.
  func nearest(to cluster: Int) -> (cluster: Int, closeness: Float) {
    var (nearest, closeness): (ck_int, Float) = (0, 0)
    ck_best_columns_f32(1, count, rows + cluster * count, closed, &nearest, &closeness)
    return (nearest, closeness)
  }

  func distance(_ closeness: Float) -> Double {
    linkage == .average ? -Double(closeness) : (-Double(closeness)).squareRoot()
  }

  /// Closes a cluster and gives its points to another: the formulas of Lance and Williams (1967).
  func merge(_ first: Int, into second: Int) {
    let (a, b) = (rows + first * count, rows + second * count)
    let (na, nb, between) = (sizes[first], sizes[second], a[second])
    switch linkage {
    case .ward:
      sizes.withUnsafeBufferPointer { sizes in
        for other in 0..<count {
          let n = sizes[other]
          b[other] = min(((na + n) * a[other] + (nb + n) * b[other] - n * between) / (na + nb + n), 0)
        }
      }
    case .average:
      let (shareA, shareB) = (na / (na + nb), nb / (na + nb))
      for other in 0..<count { b[other] = shareA * a[other] + shareB * b[other] }
    case .complete:
      for other in 0..<count { b[other] = min(a[other], b[other]) }
    }
    closed[first] = .infinity
    sizes[second] = na + nb
    b[second] = -.infinity
    closed.withUnsafeBufferPointer { closed in
      for other in 0..<count where closed[other] == 0 { rows[other * count + second] = b[other] }
    }
  }
}
