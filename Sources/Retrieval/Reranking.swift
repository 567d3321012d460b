import Foundation
import Tensor

extension Search {
  /// The nearest items by k-reciprocal re-ranking (Zhong, Zheng, Cao and Li, CVPR 2017), as many of each query as are asked for, or as there are.
  ///
  /// Two points are k-reciprocal neighbours where each is among the `k1` + 1 nearest of the other, itself counted. Each point (query or
  /// item) has weights `exp(−d)` for these and for the neighbours that its neighbours share with it, of sum 1, averaged over its `k2` nearest
  /// points. The new distance is `(1 − distanceWeight)·(Jaccard distance of the weights) + distanceWeight·d`, where `d` is the
  /// squared Euclidean distance divided by the query's greatest. Definition and defaults are those of the authors' code.
  ///
  /// `similarities` of the result are 1 − the new distance; of equal ones the item with the lower index comes first. In memory there are the neighbours
  /// and weights of all points and some rows of distances, never all pairs. Traps for a number less than 0, `k1` or `k2` less than 1
  /// and a weight outside 0…1.
  public func reranked(
    _ count: Int, k1: Int = 20, k2: Int = 6, distanceWeight: Double = 0.3, file: StaticString = #fileID,
    line: UInt = #line
  ) -> [Neighbors] {
    require(count >= 0, "reranked: \(count) items", file: file, line: line)
    require(k1 >= 1 && k2 >= 1, "reranked: k1 \(k1) and k2 \(k2) must be at least 1", file: file, line: line)
    require(
      (0...1).contains(distanceWeight), "reranked: the distance's weight \(distanceWeight) is not within 0…1",
      file: file, line: line)
    guard !queryLabels.isEmpty, !itemLabels.isEmpty else {
      return queryLabels.indices.map { Neighbors(query: $0, items: [], similarities: []) }
    }
    return KReciprocalRanking(self, k1: k1, k2: k2).nearest(count, distanceWeight)
  }
}

/// The weights of all points for each other, by which rankings are made again.
private struct KReciprocalRanking {
  private let search: Search
  /// Queries, then items; the items alone where these are the queries.
  private let points: Tensor<Float>
  /// The points before the first item.
  private let offset: Int
  /// Of each point, its weights for others, in ascending order of these.
  private let weights: [[Weight]]
  /// Of each point, its greatest squared distance to another; 1 where that is 0.
  private let greatest: [Double]

  private struct Weight {
    let point: Int
    let value: Double
  }

  init(_ search: Search, k1: Int, k2: Int) {
    self.search = search
    points = search.isSelf ? search.items : .concatenated([search.queries, search.items], along: 0)
    offset = search.isSelf ? 0 : search.queryLabels.count
    let (nearest, greatest) = KReciprocalRanking.neighbors(of: points, max(k1 + 1, k2))
    self.greatest = greatest
    let half = Int((Double(k1) / 2).rounded(.toNearestOrEven))
    func reciprocal(_ k: Int) -> [[Int]] {
      nearest.indices.map { point in nearest[point].prefix(k + 1).filter { nearest[$0].prefix(k + 1).contains(point) } }
    }
    let (all, halves) = (reciprocal(k1), reciprocal(half))
    let rows = points
    let own = nearest.indices.map { point -> [Weight] in
      var expanded = Set(all[point])
      for neighbor in all[point] {
        let others = halves[neighbor]
        // The published code asks for more than ⅔ of them.
        if 3 * others.count(where: all[point].contains) > 2 * others.count { expanded.formUnion(others) }
      }
      // Copies of a point may have pushed it out of its own list.
      let neighbors = expanded.isEmpty ? [point] : expanded.sorted()
      let similarities = withPrecision(.float32) {
        rows.take(Tensor<Int>(neighbors)).matmul(rows[point].reshaped([rows.shape[1], 1])).scalars
      }
      let powers = similarities.map { exp(-squaredDistance($0) / greatest[point]) }
      let sum = powers.reduce(0, +)
      return zip(neighbors, powers).map { Weight(point: $0, value: $1 / sum) }
    }
    weights = k2 == 1 ? own : nearest.map { KReciprocalRanking.mean($0.prefix(k2).map { own[$0] }) }
  }

  /// The nearest points of each, itself counted, and the greatest squared distances.
  private static func neighbors(of points: Tensor<Float>, _ wanted: Int) -> (nearest: [[Int]], greatest: [Double]) {
    let (count, columns) = (points.shape[0], points.transposed())
    let depth = min(wanted, count)
    var (nearest, greatest): ([[Int]], [Double]) = ([], [])
    for start in stride(from: 0, to: count, by: 128) {
      let similarities = withPrecision(.float32) { points[start..<min(start + 128, count)].matmul(columns) }
      let found = similarities.topK(depth).indices.scalars
      nearest += stride(from: 0, to: found.count, by: depth).map { Array(found[$0..<$0 + depth]) }
      greatest += similarities.min(along: 1).scalars.map(squaredDistance).map { $0 > 0 ? $0 : 1 }
    }
    return (nearest, greatest)
  }

  /// The mean of some points' weights.
  private static func mean(_ lists: [[Weight]]) -> [Weight] {
    var sums: [Int: Double] = [:]
    for weight in lists.joined() { sums[weight.point, default: 0] += weight.value }
    return sums.sorted { $0.key < $1.key }.map { Weight(point: $0, value: $1 / Double(lists.count)) }
  }

  func nearest(_ count: Int, _ distanceWeight: Double) -> [Neighbors] {
    let items = search.itemLabels.count
    // For each point, the items that have a weight for it.
    var holders = [[Weight]](repeating: [], count: points.shape[0])
    for item in 0..<items {
      for weight in weights[offset + item] { holders[weight.point].append(Weight(point: item, value: weight.value)) }
    }
    let columns = search.items.transposed()
    let depth = min(items, count + 1)
    var found: [Neighbors] = []
    for start in stride(from: 0, to: search.queryLabels.count, by: 128) {
      let queries = start..<min(start + 128, search.queryLabels.count)
      let similarities = withPrecision(.float32) { search.queries[queries].matmul(columns) }.scalars
      let rows = Tensor<Double>(shape: [queries.count, items]) { rows in
        for query in queries {
          let sums = UnsafeMutableBufferPointer(
            rebasing: rows[(query - start) * items..<(query - start + 1) * items])
          sums.initialize(repeating: 0)
          for own in weights[query] {
            for other in holders[own.point] { sums[other.point] += min(own.value, other.value) }
          }
          for item in 0..<items {
            let jaccard = 1 - sums[item] / (2 - sums[item])
            let distance = squaredDistance(similarities[(query - start) * items + item]) / greatest[query]
            sums[item] = 1 - (1 - distanceWeight) * jaccard - distanceWeight * distance
          }
        }
      }
      let (values, places) = rows.topK(depth)
      let (best, order) = (values.scalars, places.scalars)
      for (row, query) in queries.enumerated() {
        let own = search.ownItem(of: query)
        let kept = (row * depth..<(row + 1) * depth).filter { order[$0] != own }.prefix(count)
        found.append(
          Neighbors(query: query, items: kept.map { order[$0] }, similarities: kept.map { Float(best[$0]) }))
      }
    }
    return found
  }
}

/// The squared Euclidean distance of two points of length 1 with this cosine.
private func squaredDistance(_ cosine: Float) -> Double { max(0, 2 - 2 * Double(cosine)) }
