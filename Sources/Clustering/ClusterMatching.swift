import Tensor

extension Clusters {
  /// The same partition with its clusters numbered like an older one: as many points as possible keep their number.
  ///
  /// Clusters without a counterpart of their own take the numbers that are left. Traps unless `old` has one number
  /// below the number of clusters for each point.
  public func renumbered(
    toMatch old: Labels, file: StaticString = #fileID, line: UInt = #line
  ) -> Clusters {
    let clusters = centroids.shape[0]
    require(
      old.shape == assignments.shape && old.scalars.allSatisfy { (0..<clusters).contains($0) },
      "renumbered: old assignments of shape \(old.shape) do not fit \(assignments.count) points in \(clusters) clusters",
      file: file, line: line)
    let numbers = assignments.scalars
    let oldNumber = matchingNumbers(of: numbers, to: old.scalars, clusters: clusters)
    var newNumber = [Int](repeating: 0, count: clusters)
    for (new, old) in oldNumber.enumerated() { newNumber[old] = new }
    return Clusters(
      assignments: Labels(numbers.map { oldNumber[$0] }), centroids: centroids.take(Tensor<Int>(newNumber)),
      inertia: inertia, iterations: iterations)
  }
}

/// The number for each of the clusters so that as many points as possible have the one that they had before.
package func matchingNumbers(of assignments: [Int], to old: [Int], clusters: Int) -> [Int] {
  var overlap = [[Int]](repeating: [Int](repeating: 0, count: clusters), count: clusters)
  for (new, old) in zip(assignments, old) { overlap[new][old] += 1 }
  return maximumWeightMatching(overlap)
}

/// The column for each row of a square matrix so that the sum of the weights there is greatest.
///
/// The Hungarian algorithm with potentials: each row joins by a shortest path of exchanges.
/// - Complexity: O(n³)
func maximumWeightMatching(_ weights: [[Int]]) -> [Int] {
  let n = weights.count
  var rowPotential = [Int](repeating: 0, count: n + 1)
  var columnPotential = [Int](repeating: 0, count: n + 1)
  // Column n stands for "not matched yet": its row is the one that is looking for a column.
  var rowOfColumn = [Int](repeating: n, count: n + 1)
  for row in 0..<n {
    rowOfColumn[n] = row
    var slack = [Int](repeating: .max, count: n)
    var previous = [Int](repeating: n, count: n)
    var isVisited = [Bool](repeating: false, count: n + 1)
    var column = n
    repeat {
      isVisited[column] = true
      let current = rowOfColumn[column]
      var (delta, nearest) = (Int.max, n)
      for next in 0..<n where !isVisited[next] {
        let cost = -weights[current][next] - rowPotential[current] - columnPotential[next]
        if cost < slack[next] { (slack[next], previous[next]) = (cost, column) }
        if slack[next] < delta { (delta, nearest) = (slack[next], next) }
      }
      for next in 0...n {
        if isVisited[next] {
          rowPotential[rowOfColumn[next]] += delta
          columnPotential[next] -= delta
        } else if next < n {
          slack[next] -= delta
        }
      }
      column = nearest
    } while rowOfColumn[column] != n
    while column != n {
      let before = previous[column]
      rowOfColumn[column] = rowOfColumn[before]
      column = before
    }
  }
  var columnOfRow = [Int](repeating: 0, count: n)
  for column in 0..<n { columnOfRow[rowOfColumn[column]] = column }
  return columnOfRow
}
