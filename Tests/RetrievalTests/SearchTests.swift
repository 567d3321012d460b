import Retrieval
import Tensor
import Testing
import _TestSupport

@Suite struct SearchTests {
  /// Rows whose cosines are exact, some of them twice.
  private let rows = lattice(300, seed: 4).take(Tensor<Int>((0..<300).map { $0 % 280 }))
  private let labels = randomLabels(300, classes: 20, seed: 5)

  /// The items that a query does not exclude, by similarity and then by number.
  private func ranked(_ query: Int, excluding own: Int?) -> [Int] {
    let (queries, width) = (rows.scalars, 16)
    func cosine(_ item: Int) -> Float {
      (0..<width).reduce(0) { $0 + queries[query * width + $1] * queries[item * width + $1] }
    }
    return (0..<300).filter { $0 != own }.sorted { (-cosine($0), $0) < (-cosine($1), $1) }
  }

  @Test func neighborsComeInTheOrderOfTheMeasures() throws {
    let among = try Search(embeddings: rows * 7, labels: labels)
    let gallery = try Search(queries: rows, labels: labels, gallery: rows * 0.5, galleryLabels: labels)
    #expect(among.isSelf && !gallery.isSelf)
    for found in among.nearest(9, of: [0, 20, 299]) {
      expectEqual(found.items, Array(ranked(found.query, excluding: found.query).prefix(9)))
      expectEqual(found.similarities, found.similarities.sorted(by: >))
    }
    for found in gallery.nearest(9, of: [0, 20, 299]) {
      expectEqual(found.items, Array(ranked(found.query, excluding: nil).prefix(9)))
    }
    #expect(among.nearest(1000)[3].items.count == 299 && gallery.nearest(1000)[3].items.count == 300)
    #expect(among.nearest(0)[7].items.isEmpty && among.nearest(3).map(\.query) == Array(0..<300))
  }

  /// What is measured from neighbours is what is measured by counting.
  @Test func averagePrecisionIsThatOfTheMeasures() throws {
    for search in [
      try Search(embeddings: rows, labels: labels),
      try Search(
        queries: rows[0..<60], labels: labels[0..<60], gallery: rows[60..<300], galleryLabels: labels[60..<300]),
    ] {
      let relevant = search.relevantCounts
      let precisions = search.nearest(relevant.max()!).compactMap {
        search.averagePrecision(of: $0, relevant: relevant[$0.query])
      }
      let metrics = try RetrievalMetrics(search)
      expectEqual(metrics.queries, precisions.count)
      expectEqual(metrics.mapAtR, precisions.reduce(0, +) / Double(precisions.count))
    }
  }

  @Test func withoutLabelsAllAreOfOneClass() throws {
    let search = try Search(queries: rows[0..<2], gallery: rows)
    expectEqual(search.queryLabels, [0, 0])
    expectEqual(Set(search.itemLabels), [0])
    expectEqual(search.nearest(1).map(\.items), [[0], [1]])
  }

  @Test func misusesAreNamed() async {
    let missing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Search(embeddings: .ones([2, 2]), labels: Labels([0, 0])).nearest(1, of: [2])
    }
    let missingMessage = text(missing?.standardErrorContent)
    #expect(missingMessage.contains("nearest: query 2 of 2"))
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Search(queries: .ones([1, 2]), gallery: .ones([1, 3]))
    }
    let found = text(result?.standardErrorContent)
    #expect(found.contains("Search: queries [1, 2] and gallery [1, 3] differ in dimensions"))
  }
}
