import Foundation
import Retrieval
import Tensor
import Testing
import _TestSupport

/// Examples of Documentation/searching.md.
@Suite struct SearchingSnippets {
  private let labels = Labels((0..<96).map { $0 % 24 })

  private func random() -> Tensor<Float> {
    var generator = RandomGenerator(seed: 0)
    return .normal([96, 16], using: &generator)
  }

  private func withPath(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("searching-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func measuresAndRankings() throws {
    let embeddings = random()
    // snippet: retrieval-measures
    let search = try Search(embeddings: embeddings, labels: labels)
    let metrics = try RetrievalMetrics(search)
    print(metrics.mapAtR, metrics.meanReciprocalRank, metrics.cumulativeMatches(upTo: 20))
    for row in metrics.classes { print(row.label, row.queries, row.precisionAt1, row.mapAtR) }
    print(try search.precision(at: [1, 5, 10]))
    // end snippet
    expectEqual(metrics.classes.count, 24)

    // snippet: reranking
    let reranked = search.reranked(50, k1: 20, k2: 6, distanceWeight: 0.3)
    let after = try RetrievalMetrics(search, rankings: reranked)
    let expanded = try search.expanded(neighbors: 10, power: 3)
    let whitening = try Whitening.principal(of: search.items)
    let white = try Search(embeddings: whitening(search.items, components: 8), labels: labels)
    print(after.mapAtR, try RetrievalMetrics(expanded).mapAtR, try RetrievalMetrics(white).mapAtR)
    // end snippet
    expectEqual(after.queries, 96)
    expectEqual(white.items.shape, [96, 8])
  }

  @Test func filesAndGalleries() throws {
    let embeddings = random()
    try withPath { path in
      try embeddings.write(npy: path)
      // snippet: embedding-file
      let gallery = try EmbeddingFile(contentsOf: path)
      let nearest = try gallery.nearest(10, to: embeddings[0..<2], blockRows: 1 << 14)
      print(gallery.count, nearest[0].items)
      // end snippet
      expectEqual(nearest.map { $0.items[0] }, [0, 1])
    }
    try withPath { path in
      // snippet: gallery
      var birds = Gallery(model: "small-16-0b1c2d3e", dimensions: 16)
      try birds.add(embeddings[0..<2], classes: ["gull", "tern"], names: ["a.jpg", "b.jpg"])
      try birds.remove(className: "tern")
      for match in try birds.classify(embeddings[0..<3], neighbors: 5, threshold: 0.6) {
        print(match.map { birds.classNames[$0.label] } ?? "none of these")
      }
      try birds.write(to: path)
      let same = try Gallery(contentsOf: path, model: "small-16-0b1c2d3e")
      // end snippet
      expectEqual(same, birds)
    }
  }
}
