import Tensor

/// Embeddings that are looked for among embeddings, by the cosine: every sample among the others, or queries in a gallery.
///
/// All measures and lists of neighbours start here: the rows have length 1 (rows of zeros stay zeros), the more similar item
/// comes first, and of equally similar items (equal as `Float` computes them) the one with the lower index.
public struct Search: Sendable {
  /// The queries, `[queries, dimensions]`, of length 1.
  public let queries: Tensor<Float>
  /// What they look among, `[items, dimensions]`, of length 1; the queries themselves where they look among each other.
  public let items: Tensor<Float>
  /// The class of each query.
  public let queryLabels: [Int]
  /// The class of each item.
  public let itemLabels: [Int]
  /// Whether item `i` is query `i` itself, which does not find itself.
  public let isSelf: Bool

  /// Lets every sample look among all the others; the sample itself is removed by index.
  ///
  /// Embeddings have shape `[samples, dimensions]`, labels `[samples]`. Throws `RetrievalError` if an embedding is not finite.
  /// Traps where the shapes do not fit.
  public init(
    embeddings: Tensor<Float>, labels: Labels, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    requireRows(embeddings, labels, "embeddings", file, line)
    queries = try unitRows(embeddings, "embedding")
    queryLabels = labels.scalars
    (items, itemLabels, isSelf) = (queries, queryLabels, true)
  }

  /// Lets queries look in a gallery, which none of them belongs to (In-Shop's protocol).
  ///
  /// Queries have shape `[queries, dimensions]`, the gallery `[items, dimensions]`. Throws `RetrievalError` if an embedding is
  /// not finite. Traps where the shapes do not fit.
  public init(
    queries: Tensor<Float>, labels: Labels, gallery: Tensor<Float>, galleryLabels: Labels,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    requireRows(queries, labels, "queries", file, line)
    requireRows(gallery, galleryLabels, "gallery", file, line)
    require(
      queries.shape[1] == gallery.shape[1],
      "Search: queries \(queries.shape) and gallery \(gallery.shape) differ in dimensions", file: file, line: line)
    (self.queries, items) = (try unitRows(queries, "query"), try unitRows(gallery, "gallery item"))
    (queryLabels, itemLabels, isSelf) = (labels.scalars, galleryLabels.scalars, false)
  }

  /// Lets queries look in a gallery where classes do not matter: all have the label 0.
  ///
  /// Otherwise as with labels.
  public init(
    queries: Tensor<Float>, gallery: Tensor<Float>, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    try self.init(
      queries: queries, labels: .zeros([queries.shape.first ?? 0]), gallery: gallery,
      galleryLabels: .zeros([gallery.shape.first ?? 0]), file: file, line: line)
  }
}

/// What a query finds, the most similar item first.
public struct Neighbors: Sendable, Equatable {
  /// The query.
  public let query: Int
  /// The items.
  public let items: [Int]
  /// Their cosines.
  public let similarities: [Float]
}

extension Search {
  /// The nearest items of all queries, or of some: as many of each as are asked for, or as there are.
  ///
  /// Traps for a number less than 0 and for a query that does not exist.
  public func nearest(
    _ count: Int, of chosen: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> [Neighbors] {
    require(count >= 0, "nearest: \(count) items", file: file, line: line)
    let chosen = chosen ?? Array(queryLabels.indices)
    if let query = chosen.first(where: { !queryLabels.indices.contains($0) }) {
      trap("nearest: query \(query) of \(queryLabels.count)", file: file, line: line)
    }
    let depth = min(itemLabels.count, count + (isSelf ? 1 : 0))
    let rows = items.transposed()
    var found: [Neighbors] = []
    found.reserveCapacity(chosen.count)
    for start in stride(from: 0, to: chosen.count, by: 128) {
      let block = chosen[start..<min(start + 128, chosen.count)]
      let (values, indices) = withPrecision(.float32) {
        queries.take(Tensor<Int>(Array(block))).matmul(rows).topK(depth)
      }
      let (similarities, places) = (values.scalars, indices.scalars)
      for (row, query) in block.enumerated() {
        let kept = (row * depth..<(row + 1) * depth).filter { !isSelf || places[$0] != query }.prefix(count)
        found.append(
          Neighbors(query: query, items: kept.map { places[$0] }, similarities: kept.map { similarities[$0] }))
      }
    }
    return found
  }

  /// For each query, how many items of its class it could find, itself not counted: R.
  public var relevantCounts: [Int] {
    let sizes = Dictionary(itemLabels.map { ($0, 1) }, uniquingKeysWith: +)
    return queryLabels.map { (sizes[$0] ?? 0) - (isSelf ? 1 : 0) }
  }

  /// The average precision among the R nearest, `1/R Σ_{i≤R} rel(i)·Precision(i)`, of a query whose R nearest items are known; nil
  /// where there is nothing to find.
  public func averagePrecision(of neighbors: Neighbors, relevant: Int) -> Double? {
    guard relevant > 0 else { return nil }
    var precision = HitPrecision(relevant: relevant)
    for (place, item) in neighbors.items.prefix(relevant).enumerated()
    where itemLabels[item] == queryLabels[neighbors.query] {
      precision.addHit(atRank: place + 1)
    }
    return precision.average
  }
}

/// The precision of one query at its hits among the R nearest items, which are given in order.
struct HitPrecision: Equatable {
  /// R: the items to be found.
  let relevant: Int
  /// How many were among the R nearest.
  private(set) var hits = 0
  /// The sum of Precision(i) over those.
  private(set) var sum = 0.0

  init(relevant: Int, hits: Int = 0, sum: Double = 0) { (self.relevant, self.hits, self.sum) = (relevant, hits, sum) }

  /// Takes the next hit; one beyond rank R does not count.
  mutating func addHit(atRank rank: Int) {
    guard rank <= relevant else { return }
    hits += 1
    sum += Double(hits) / Double(rank)
  }

  /// `1/R Σ Precision(i)`.
  var average: Double { sum / Double(relevant) }
}
