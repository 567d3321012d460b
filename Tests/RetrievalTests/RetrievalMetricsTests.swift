import Retrieval
import Tensor
import Testing
import _TestSupport

@Suite struct RetrievalMetricsTests {
  private func expectAgreement(_ metrics: RetrievalMetrics, _ expected: SlowRetrieval) {
    expectEqual(metrics.recall.keys.sorted(), expected.recall.keys.sorted())
    for (k, value) in expected.recall { expectLess(abs(metrics.recall[k]! - value), 1e-12, "recall at \(k)") }
    expectLess(abs(metrics.precisionAt1 - expected.precisionAt1), 1e-12)
    expectLess(abs(metrics.rPrecision - expected.rPrecision), 1e-12)
    expectLess(abs(metrics.mapAtR - expected.mapAtR), 1e-12)
    expectEqual(metrics.queries, expected.queries)
    expectEqual(metrics.queriesDropped, expected.dropped)
  }

  @Test(arguments: try Goldens("retrieval").cases)
  func agreesWithGoldens(golden: GoldenCase) throws {
    let cutoffs = golden.argument("recallAt", as: [Int].self)
    let embeddings: Tensor<Float> = golden.tensor("embeddings")
    let labels = golden.labels("labels")
    let metrics =
      golden.argument("selfIncluded", as: Bool.self)
      ? try RetrievalMetrics(embeddings: embeddings, labels: labels, recallAt: cutoffs)
      : try RetrievalMetrics(
        Search(
          queries: embeddings, labels: labels, gallery: golden.tensor("gallery"),
          galleryLabels: golden.labels("gallery_labels")), recallAt: cutoffs)
    for (k, value) in zip(cutoffs, golden.tensor("recall", as: Double.self).scalars) {
      expectLess(abs(metrics.recall[k]! - value), 1e-12, "recall at \(k)")
    }
    expectLess(abs(metrics.precisionAt1 - golden.tensor("precision_at_1").item), 1e-12)
    expectLess(abs(metrics.rPrecision - golden.tensor("r_precision").item), 1e-12)
    expectLess(abs(metrics.mapAtR - golden.tensor("map_at_r").item), 1e-12)
    expectEqual(metrics.queriesDropped, golden.labels("dropped").item)
    expectEqual(metrics.queries + metrics.queriesDropped, labels.count)
  }

  @Test(arguments: 0..<20)
  func agreesWithSlowLoopWithTiesDuplicatesAndLoneQueries(seed: UInt64) throws {
    let count = 20 + Int(seed) * 3
    let distinct = lattice(count, seed: seed)
    let embeddings = Tensor.concatenated([distinct, distinct.sliced(along: 0, 0..<count / 2)], along: 0)
    // From few large classes to many with a single sample.
    let labels = randomLabels(embeddings.shape[0], classes: 3 + Int(seed) * 3, seed: seed + 100)
    let cutoffs = [1, 2, 3, 8, 1000]
    let metrics = try RetrievalMetrics(embeddings: embeddings, labels: labels, recallAt: cutoffs)
    expectAgreement(metrics, SlowRetrieval(embeddings, labels, recallAt: cutoffs))
  }

  @Test(arguments: 0..<8)
  func agreesWithSlowLoopForQueriesAndGallery(seed: UInt64) throws {
    let (queries, gallery) = (lattice(17, seed: seed), lattice(40, seed: seed + 50))
    let labels = randomLabels(17, classes: 12, seed: seed)
    let galleryLabels = randomLabels(40, classes: 10, seed: seed + 1)
    let metrics = try RetrievalMetrics(
      Search(queries: queries, labels: labels, gallery: gallery, galleryLabels: galleryLabels), recallAt: [1, 5, 40])
    let expected = SlowRetrieval(
      queries, labels, gallery: gallery, galleryLabels: galleryLabels, recallAt: [1, 5, 40])
    expectAgreement(metrics, expected)
  }

  @Test func worksOverSeveralBlocksAndThreads() throws {
    let embeddings = lattice(1100, seed: 7)
    let labels = randomLabels(1100, classes: 250, seed: 8)
    let metrics = try RetrievalMetrics(embeddings: embeddings, labels: labels)
    let last = 1000..<1100
    let tail = try RetrievalMetrics(
      Search(
        queries: embeddings.sliced(along: 0, last), labels: labels.sliced(along: 0, last), gallery: embeddings,
        galleryLabels: labels), recallAt: [1])
    expectEqual(tail.queries, 100)
    expectEqual(metrics.queries + metrics.queriesDropped, 1100)
    expectAgreement(metrics, SlowRetrieval(embeddings, labels, recallAt: [1, 2, 4, 8]))
  }

  @Test func knowsHandComputedValues() throws {
    // On a line of angles 0°, 10°, 30°, 60°, 100°: neighbours of the first are the others in order.
    let angles = [0.0, 10, 30, 60, 100].map { $0 * .pi / 180 }
    let x = Tensor<Double>(angles)
    let embeddings = Tensor.stacked([cos(x), sin(x)], along: 1).cast(to: Float.self)
    let metrics = try RetrievalMetrics(
      Search(
        queries: embeddings.sliced(along: 0, 0..<1) * 5, labels: Labels([1]),
        gallery: embeddings.sliced(along: 0, 1..<5) * 0.1, galleryLabels: Labels([0, 1, 1, 1])), recallAt: [1, 2, 3])
    expectEqual(metrics.recall, [1: 0, 2: 1, 3: 1])
    expectEqual(metrics.precisionAt1, 0)
    expectLess(abs(metrics.rPrecision - 2.0 / 3), 1e-12)
    expectLess(abs(metrics.mapAtR - (1.0 / 2 + 2.0 / 3) / 3), 1e-12)
  }

  @Test func removesItselfByIndexAmongDuplicates() throws {
    // All four are the same vector: by index, 0 finds 1, and 1, 2 and 3 find 0.
    let metrics = try RetrievalMetrics(
      embeddings: .ones([4, 4]), labels: Labels([0, 1, 0, 1]), recallAt: [1, 2, 3])
    expectEqual(metrics.precisionAt1, 0.25)
    expectEqual(metrics.recall, [1: 0.25, 2: 0.75, 3: 1])
  }

  @Test func isTheSameForAnyLength() throws {
    let embeddings = lattice(30, seed: 3)
    let labels = randomLabels(30, classes: 5, seed: 3)
    let expected = try RetrievalMetrics(embeddings: embeddings, labels: labels)
    // Squares of these overflow or vanish in Float.
    for scale in [Float](arrayLiteral: 0x1p100, 0x1p-100, 8) {
      try expectEqual(RetrievalMetrics(embeddings: embeddings * scale, labels: labels), expected)
    }
  }

  @Test func acceptsZeroEmbeddings() throws {
    let metrics = try RetrievalMetrics(embeddings: .zeros([3, 2]), labels: Labels([5, 5, 7]))
    expectEqual(metrics.queriesDropped, 1)
    expectEqual(metrics.precisionAt1, 1)
  }

  @Test func throwsWhereNothingCanBeFound() {
    #expect(throws: RetrievalError.nothingToFind(queries: 3)) {
      try RetrievalMetrics(embeddings: .ones([3, 2]), labels: Labels([0, 1, 2]))
    }
    #expect(throws: RetrievalError.nothingToFind(queries: 0)) {
      try RetrievalMetrics(embeddings: .zeros([0, 2]), labels: Labels([]))
    }
    #expect(throws: RetrievalError.nothingToFind(queries: 1)) {
      try RetrievalMetrics(
        Search(queries: .ones([1, 2]), labels: Labels([0]), gallery: .zeros([0, 2]), galleryLabels: Labels([])))
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func throwsForEmbeddingsThatAreNotFinite(value: Float) {
    #expect(throws: RetrievalError.notFinite("embedding", row: 1)) {
      try RetrievalMetrics(embeddings: Tensor([[1, 0], [0, value]]), labels: Labels([0, 0]))
    }
  }

  @Test func trapsForShapesThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      _ = try RetrievalMetrics(embeddings: .ones([3, 2]), labels: Labels([0, 1]))
    }
    await #expect(processExitsWith: .failure) {
      _ = try RetrievalMetrics(embeddings: .ones([2, 2]), labels: Labels([0, 0]), recallAt: [0])
    }
  }
}

/// The metrics by a slow, obvious loop in Double.
struct SlowRetrieval {
  var recall: [Int: Double] = [:]
  var precisionAt1 = 0.0
  var rPrecision = 0.0
  var mapAtR = 0.0
  var queries = 0
  var dropped = 0

  init(
    _ embeddings: Tensor<Float>, _ labels: Labels, gallery: Tensor<Float>? = nil, galleryLabels: Labels? = nil,
    recallAt: [Int]
  ) {
    let similarities = embeddings.matmul((gallery ?? embeddings).transposed())
    let columns = similarities.shape[1]
    let (s, own, others) = (similarities.scalars, labels.scalars, (galleryLabels ?? labels).scalars)
    for query in own.indices {
      let row = Array(s[query * columns..<(query + 1) * columns])
      let ranking = (0..<columns).filter { gallery != nil || $0 != query }.sorted { (a: Int, b: Int) -> Bool in
        row[a] != row[b] ? row[a] > row[b] : a < b
      }
      let isHit = ranking.map { others[$0] == own[query] }
      let relevant = isHit.count { $0 }
      if relevant == 0 {
        dropped += 1
        continue
      }
      queries += 1
      for k in recallAt where isHit.prefix(k).contains(true) { recall[k, default: 0] += 1 }
      if isHit[0] { precisionAt1 += 1 }
      rPrecision += Double(isHit.prefix(relevant).count { $0 }) / Double(relevant)
      for i in 0..<relevant where isHit[i] {
        mapAtR += Double(isHit.prefix(i + 1).count { $0 }) / Double(i + 1) / Double(relevant)
      }
    }
    let n = Double(queries)
    recall = Dictionary(uniqueKeysWithValues: recallAt.map { ($0, recall[$0, default: 0] / n) })
    (precisionAt1, rPrecision, mapAtR) = (precisionAt1 / n, rPrecision / n, mapAtR / n)
  }
}
