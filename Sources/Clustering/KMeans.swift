import Collectives
import Tensor

/// A partition of points into clusters, none of them empty.
public struct Clusters<Scalar: TensorScalar>: Sendable {
  /// The cluster of each point, shape `[points]`.
  public var assignments: Labels

  /// The mean of each cluster's points, shape `[clusters, dimensions]`.
  public var centroids: Tensor<Scalar>

  /// The sum of the squared distances from the points to their centroids.
  public var inertia: Double

  /// The rounds that it took.
  public var iterations: Int
}

/// Lloyd's k-means, the best of several restarts.
///
/// The same points, settings and generator give the same clusters. A point as near to two centroids belongs to the one
/// with the lower number. A cluster that loses its last point takes the point farthest from its own centroid, so every
/// cluster has at least one point, even where points coincide.
public struct KMeans: Sendable {
  /// The number of clusters, at least 1.
  public var clusters: Int

  /// How often to start anew; the partition with the least inertia wins, the first of equal ones.
  public var restarts: Int

  /// The most rounds of a start; it ends earlier when no point changes its cluster.
  public var iterations: Int

  /// Where the centres are at first.
  public var start: Start

  /// Where the centres are at first.
  public enum Start: Sendable {
    /// At points far from one another: greedy k-means++ (Arthur and Vassilvitskii, 2007).
    ///
    /// Takes about as long as log₂ of the number of clusters rounds.
    case spread
    /// At points drawn at random, none of them twice, as faiss starts: for thousands of clusters.
    case random
  }

  /// Makes k-means with the field's usual settings.
  ///
  /// Traps if a number is less than 1.
  public init(
    clusters: Int, restarts: Int = 10, iterations: Int = 100, start: Start = .spread, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      clusters >= 1 && restarts >= 1 && iterations >= 1,
      "KMeans: \(clusters) clusters, \(restarts) restarts and \(iterations) iterations must all be at least 1",
      file: file, line: line)
    (self.clusters, self.restarts, self.iterations, self.start) = (clusters, restarts, iterations, start)
  }

  /// Partitions points of shape `[points, dimensions]`.
  ///
  /// The ranks of a group, which all have the same points and an equal generator, share out the search for the nearest centres; all get
  /// the same clusters, those of one process with as many threads. `progress` is called now and then with the share of the work that is
  /// done. Traps if there are fewer points than clusters or if a point is not finite.
  public func fit<Scalar: TensorScalar>(
    _ points: Tensor<Scalar>, over group: Group = .alone, using generator: inout RandomGenerator,
    progress: (Double) -> Void = { _ in }, file: StaticString = #fileID, line: UInt = #line
  ) -> Clusters<Scalar> {
    check(points, file, line)
    return withPrecision(.float32) {
      let cloud = Cloud(points.detached, over: group)
      var best: Clusters<Scalar>?
      for restart in 0..<restarts {
        func tell(_ share: Double) { progress((Double(restart) + share) / Double(restarts)) }
        let centers = centers(of: cloud, using: &generator) { tell(startShare * $0) }
        let found = lloyd(cloud, from: centers) { tell(startShare + (1 - startShare) * $0) }
        // The first even where distances are too large for a sum.
        if best.map({ found.inertia < $0.inertia }) ?? true { best = found }
      }
      progress(1)
      return best!
    }
  }

  /// What share of the work the start is, for a person.
  private var startShare: Double { start == .random ? 0 : 0.3 }

  private func centers<Scalar>(
    of cloud: Cloud<Scalar>, using generator: inout RandomGenerator, _ progress: (Double) -> Void
  ) -> Tensor<Scalar> {
    switch start {
    case .spread: cloud.spreadCenters(clusters, &generator, progress)
    case .random: cloud.randomCenters(clusters, &generator)
    }
  }

  /// Partitions points of shape `[points, dimensions]` once, from given centres `[clusters, dimensions]`.
  ///
  /// A group shares the work as it does from random centres. Traps where the shapes do not fit, if there are fewer points than clusters
  /// or if a number is not finite.
  public func fit<Scalar: TensorScalar>(
    _ points: Tensor<Scalar>, from centers: Tensor<Scalar>, over group: Group = .alone,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Clusters<Scalar> {
    require(
      centers.shape == [clusters, points.shape.last ?? 0],
      "KMeans.fit: \(clusters) centers of shape \(centers.shape) do not fit points of shape \(points.shape)",
      file: file,
      line: line)
    check(points, file, line)
    check(centers, file, line)
    return withPrecision(.float32) {
      let cloud = Cloud(points.detached, over: group)
      return lloyd(cloud, from: centers.detached - cloud.origin)
    }
  }

  private func check<Scalar: TensorScalar>(_ points: Tensor<Scalar>, _ file: StaticString, _ line: UInt) {
    require(
      points.rank == 2 && points.shape[0] >= clusters && points.shape[1] >= 1,
      "KMeans.fit: points of shape \(points.shape) cannot fill \(clusters) clusters", file: file, line: line)
    require(abs(points).max().item.isFinite, "KMeans.fit: a point is NaN or infinite", file: file, line: line)
  }

  /// From so many clusters on, a round looks only at centres that the last one has moved, where that is enough.
  static let manyClusters = 1000

  private func lloyd<Scalar>(
    _ cloud: Cloud<Scalar>, from centers: Tensor<Scalar>, _ progress: (Double) -> Void = { _ in }
  ) -> Clusters<Scalar> {
    var nearest = cloud.nearest(to: centers)
    var (before, assignments) = (nil as [Int]?, cloud.filled(nearest, clusters))
    var rounds = 1
    while rounds < iterations {
      progress(Double(rounds) / Double(iterations))
      let means = cloud.means(assignments, clusters)
      let moved = before.flatMap { clusters < Self.manyClusters ? nil : changed($0, assignments) }
      nearest = moved.map { cloud.nearest(to: means, since: nearest, moved: $0) } ?? cloud.nearest(to: means)
      let next = cloud.filled(nearest, clusters)
      rounds += 1
      if next == assignments { break }
      (before, assignments) = (assignments, next)
    }
    let labels = Labels(assignments)
    let centroids = cloud.means(assignments, clusters)
    let offsets = cloud.points - centroids.take(labels)
    let inertia = cloud.group.broadcast((offsets * offsets).sum())
    return Clusters(
      assignments: labels, centroids: cloud.group.broadcast(centroids + cloud.origin), inertia: Double(inertia.item),
      iterations: rounds)
  }
}

extension KMeans {
  /// The clusters that have lost or won a point.
  private func changed(_ before: [Int], _ after: [Int]) -> [Bool] {
    var changed = [Bool](repeating: false, count: clusters)
    for (old, new) in zip(before, after) where old != new { (changed[old], changed[new]) = (true, true) }
    return changed
  }
}

/// Points around their mean, because `‖x‖² − 2 x·c + ‖c‖²` loses digits far from the origin.
///
/// On ranks that round differently, decisions are made from the first one's numbers, so that all make the same.
struct Cloud<Scalar: TensorScalar> {
  let points: Tensor<Scalar>
  let origin: Tensor<Scalar>
  /// `‖x‖²` of each point, shape `[points]`.
  let squares: Tensor<Scalar>
  /// Who shares out the search for the nearest centres.
  let group: Group

  init(_ points: Tensor<Scalar>, over group: Group = .alone) {
    origin = points.mean(along: 0, keepsAxes: true)
    self.points = points - origin
    squares = group.broadcast((self.points * self.points).sum(along: 1))
    self.group = group
  }

  /// Greedy k-means++: candidates are points drawn with a probability proportional to their squared distance from the
  /// nearest centre so far; of a few of them, the one that leaves the least sum of these distances becomes a centre.
  ///
  /// Shape `[count, dimensions]`.
  func spreadCenters(
    _ count: Int, _ generator: inout RandomGenerator, _ progress: (Double) -> Void = { _ in }
  ) -> Tensor<Scalar> {
    let trials = 1 + Int.bitWidth - count.leadingZeroBitCount  // about 2 + log₂ count
    var chosen = [Int(generator.uniform() * Double(points.shape[0]))]
    var distances = squaredDistances(to: chosen)  // [points, 1]
    while chosen.count < count {
      if chosen.count % 16 == 0 { progress(Double(chosen.count) / Double(count)) }
      let candidates = distances.withUnsafeScalars { draw(trials, $0, &generator) }
      let remaining = minimum(distances, squaredDistances(to: candidates))
      let best = (-remaining.sum(along: 0)).argmax(along: 0).item
      chosen.append(candidates[best])
      distances = remaining.sliced(along: 1, best..<best + 1)
    }
    return points.take(Tensor<Int>(chosen))
  }

  /// Points drawn at random, none of them twice, shape `[count, dimensions]`.
  func randomCenters(_ count: Int, _ generator: inout RandomGenerator) -> Tensor<Scalar> {
    points.take(Tensor<Int>(Array(generator.permutation(points.shape[0]).prefix(count))))
  }

  /// The squared distance of every point to some of them, shape `[points, indices]`; exactly 0 for equal points.
  private func squaredDistances(to indices: [Int]) -> Tensor<Scalar> {
    let indices = Tensor<Int>(indices)
    let sum = squares.unsqueezed(1) + squares.take(indices)
    let distances = sum - 2 * points.matmul(points.take(indices).transposed())
    return distances.replacing(with: 0, where: distances .<= sum * (32 * Scalar.ulpOfOne))
  }

  /// The squared distance of every point of a range to every one of another, at least 0; exactly 0 for equal points.
  func squaredDistances(from rows: Range<Int>, to columns: Range<Int>) -> Tensor<Scalar> {
    let sum = squares[rows].unsqueezed(1) + squares[columns]
    let distances = sum - 2 * points[rows].matmul(points[columns].transposed())
    return distances.replacing(with: 0, where: distances .<= sum * (32 * Scalar.ulpOfOne))
  }

  /// Draws positions with probabilities proportional to their weights; any positions if all weights are 0.
  private func draw(_ count: Int, _ weights: UnsafeBufferPointer<Scalar>, _ generator: inout RandomGenerator) -> [Int] {
    var total = 0.0
    var sums: [Double] = []
    sums.reserveCapacity(weights.count)
    for weight in weights {
      total += Double(weight)
      sums.append(total)
    }
    return (0..<count).map { _ in
      let fraction = generator.uniform()
      guard total > 0 else { return Int(fraction * Double(weights.count)) }
      return position(of: fraction * total, in: sums)
    }
  }

  /// The first position whose sum is greater than `target`, which is less than the last sum.
  private func position(of target: Double, in sums: [Double]) -> Int {
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > target { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The nearest centre of every point, and `x · c − ‖c‖² / 2`, which is greatest for it.
  struct Nearest {
    var centers: [Int]
    var closeness: Tensor<Scalar>
  }

  /// Looks at all centres.
  func nearest(to centers: Tensor<Scalar>) -> Nearest {
    let centers = group.broadcast(centers)
    let (nearest, closeness) = points.bestRows(of: centers, minus: halfSquares(centers), over: group)
    return Nearest(centers: nearest.scalars, closeness: closeness)
  }

  /// The same after a round in which only some centres have moved.
  ///
  /// A point whose centre stayed needs to look at those that moved; and so does one whose centre moved, if one of these is now as
  /// near as its centre was, because none of the others was nearer.
  func nearest(to centers: Tensor<Scalar>, since old: Nearest, moved: [Bool]) -> Nearest {
    let (movedOnes, others) = (moved.indices.filter { moved[$0] }, moved.indices.filter { !moved[$0] })
    guard movedOnes.count < moved.count * 3 / 4, !movedOnes.isEmpty else {
      return movedOnes.isEmpty ? old : nearest(to: centers)
    }
    let centers = group.broadcast(centers)
    func best(_ some: [Int], of points: Tensor<Scalar>) -> (centers: [Int], closeness: [Scalar]) {
      let rows = centers.take(Tensor<Int>(some))
      let (nearest, closeness) = points.bestRows(of: rows, minus: halfSquares(rows), over: group)
      return (nearest.scalars.map { some[$0] }, closeness.scalars)
    }
    var (found, values) = best(movedOnes, of: points)
    let before = old.closeness.scalars
    var open: [Int] = []
    for point in found.indices {
      let own = old.centers[point]
      if moved[own] {
        if values[point] <= before[point] { open.append(point) }
      } else if before[point] > values[point] || before[point] == values[point] && own < found[point] {
        (found[point], values[point]) = (own, before[point])
      }
    }
    if !open.isEmpty {
      let rest = best(others, of: points.take(Tensor<Int>(open)))
      for (place, point) in open.enumerated() {
        let (center, value) = (rest.centers[place], rest.closeness[place])
        if value > values[point] || value == values[point] && center < found[point] {
          (found[point], values[point]) = (center, value)
        }
      }
    }
    return Nearest(centers: found, closeness: Tensor(values))
  }

  private func halfSquares(_ centers: Tensor<Scalar>) -> Tensor<Scalar> { (centers * centers).sum(along: 1) * 0.5 }

  /// The nearest centres, with the farthest points moved to those that got none.
  func filled(_ nearest: Nearest, _ clusters: Int) -> [Int] {
    var assignments = nearest.centers
    var sizes = sizes(assignments, clusters)
    guard sizes.contains(0) else { return assignments }
    let distances = (squares - 2 * nearest.closeness).scalars  // ‖x − c‖²
    for empty in sizes.indices where sizes[empty] == 0 {
      let movable = distances.indices.lazy.filter { sizes[assignments[$0]] > 1 }
      let farthest = movable.max { (distances[$0], $1) < (distances[$1], $0) }!  // no fewer points than centres
      sizes[assignments[farthest]] -= 1
      sizes[empty] = 1
      assignments[farthest] = empty
    }
    return assignments
  }

  /// The mean of each cluster's points, shape `[clusters, dimensions]`.
  func means(_ assignments: [Int], _ clusters: Int) -> Tensor<Scalar> {
    let sizes = Tensor(sizes(assignments, clusters).map { Scalar($0) }, shape: [clusters, 1])
    return points.scatteredRows(Labels(assignments), into: [clusters, points.shape[1]]) / sizes
  }

  private func sizes(_ assignments: [Int], _ clusters: Int) -> [Int] {
    var sizes = [Int](repeating: 0, count: clusters)
    for cluster in assignments { sizes[cluster] += 1 }
    return sizes
  }
}
