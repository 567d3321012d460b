import Tensor

/// Embeddings that are looked for among embeddings, by the cosine: every sample among the others, or queries in a gallery, of
/// which some may be items themselves.
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
  /// Where queries look in a gallery: for each query the item that is the query itself, which it does not find, or nil where it is
  /// none; nil where no query is in the gallery.
  public let ownItems: [Int?]?

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
    (items, itemLabels, isSelf, ownItems) = (queries, queryLabels, true, nil)
  }

  /// Lets queries look in a gallery, which none of them belongs to (In-Shop's protocol), or some (DyML's).
  ///
  /// Queries have shape `[queries, dimensions]`, the gallery `[items, dimensions]`; `ownItems` has for each query the item that is
  /// the query itself, nil for none. Throws `RetrievalError` if an embedding is not finite. Traps where the shapes do not fit, and for an
  /// own item that does not exist or is of another class.
  public init(
    queries: Tensor<Float>, labels: Labels, gallery: Tensor<Float>, galleryLabels: Labels, ownItems: [Int?]? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    requireRows(queries, labels, "queries", file, line)
    requireRows(gallery, galleryLabels, "gallery", file, line)
    require(
      queries.shape[1] == gallery.shape[1],
      "Search: queries \(queries.shape) and gallery \(gallery.shape) differ in dimensions", file: file, line: line)
    (self.queries, items) = (try unitRows(queries, "query"), try unitRows(gallery, "gallery item"))
    (queryLabels, itemLabels, isSelf, self.ownItems) = (labels.scalars, galleryLabels.scalars, false, ownItems)
    guard let ownItems else { return }
    let (own, others) = (queryLabels, itemLabels)
    require(
      ownItems.count == own.count
        && zip(ownItems, own).allSatisfy { item, label in
          item.map { others.indices.contains($0) && others[$0] == label } ?? true
        }, "Search: each of the \(own.count) queries needs an own item of its class or nil", file: file, line: line)
  }

  /// Takes rows of length 1 in place of another search's, whose classes and own items stay.
  init(_ other: Search, queries: Tensor<Float>, items: Tensor<Float>, isSelf: Bool) {
    (self.queries, self.items, self.isSelf) = (queries, items, isSelf)
    (queryLabels, itemLabels) = (other.queryLabels, other.itemLabels)
    ownItems = isSelf ? nil : other.isSelf ? Array(other.queryLabels.indices) : other.ownItems
  }

  /// The item that is the query itself, which it does not find.
  func ownItem(of query: Int) -> Int? { isSelf ? query : ownItems?[query] }

  /// How many items a query can find.
  func itemCount(for query: Int) -> Int { itemLabels.count - (ownItem(of: query) == nil ? 0 : 1) }

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

/// What a query finds, the first item first.
public struct Neighbors: Sendable, Equatable {
  /// The query.
  public let query: Int
  /// The items.
  public let items: [Int]
  /// Their cosines; what ranks them otherwise says what it puts here.
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
    let depth = min(itemLabels.count, count + (isSelf || ownItems != nil ? 1 : 0))
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
        let own = ownItem(of: query)
        let kept = (row * depth..<(row + 1) * depth).filter { places[$0] != own }.prefix(count)
        found.append(
          Neighbors(query: query, items: kept.map { places[$0] }, similarities: kept.map { similarities[$0] }))
      }
    }
    return found
  }

  /// For each query, how many items of its class it could find, itself not counted: R.
  public var relevantCounts: [Int] {
    let sizes = Dictionary(itemLabels.map { ($0, 1) }, uniquingKeysWith: +)
    return queryLabels.enumerated().map { (sizes[$1] ?? 0) - (ownItem(of: $0) == nil ? 0 : 1) }
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
