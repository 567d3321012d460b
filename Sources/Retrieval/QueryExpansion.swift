import Foundation
import Tensor

extension Search {
  /// The same search with expanded queries (αQE; Radenović, Tolias and Chum, TPAMI 2019): each becomes the normalised sum of itself and its
  /// `neighbors` nearest items, these weighted by their cosine, 0 where it is negative, to the power of `power`.
  ///
  /// With the power 0 that is average query expansion. `expandsItems` does the same with the items, each by its nearest others (database-side
  /// augmentation). Classes, and which item a query does not find, stay. Traps for a number of neighbours less than 0 and a
  /// power less than 0.
  public func expanded(
    neighbors: Int = 10, power: Double = 3, expandsItems: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(RetrievalError) -> Search {
    require(
      neighbors >= 0 && power >= 0 && power.isFinite,
      "expanded: \(neighbors) neighbours with the power \(power); neither may be negative", file: file, line: line)
    let expandedQueries = try sums(nearest(neighbors), power)
    guard expandsItems else { return Search(self, queries: expandedQueries, items: items, isSelf: false) }
    if isSelf { return Search(self, queries: expandedQueries, items: expandedQueries, isSelf: true) }
    let among = try Search(embeddings: items, labels: Labels(itemLabels), file: file, line: line)
    return Search(
      self, queries: expandedQueries, items: try among.sums(among.nearest(neighbors), power), isSelf: false)
  }

  /// Each query with its neighbours, of length 1.
  private func sums(_ neighbors: [Neighbors], _ power: Double) throws(RetrievalError) -> Tensor<Float> {
    let width = items.shape[1]
    let rows = withPrecision(.float32) {
      neighbors.map { found -> Tensor<Float> in
        let query = queries[found.query]
        guard !found.items.isEmpty else { return query }
        let weights = found.similarities.map { Float(pow(max(Double($0), 0), power)) }
        let sum = Tensor(weights, shape: [1, weights.count]).matmul(items.take(Tensor<Int>(found.items)))
        return query + sum.reshaped([width])
      }
    }
    return rows.isEmpty ? queries : try unitRows(.stacked(rows), "expanded query")
  }
}
