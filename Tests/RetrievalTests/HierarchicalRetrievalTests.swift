import Foundation
import Retrieval
import Tensor
import Testing
import _TestSupport

@Suite struct HierarchicalRetrievalTests {
  @Test(arguments: try Goldens("hierarchical_retrieval").cases)
  func agreesWithGoldens(golden: GoldenCase) throws {
    let levels = golden.argument("levels", as: Int.self)
    let groups = (1..<levels).map { golden.labels("groups\($0)").scalars }
    let embeddings: Tensor<Float> = golden.tensor("embeddings")
    let labels = golden.labels("labels")
    let metrics =
      golden.argument("selfIncluded", as: Bool.self)
      ? try HierarchicalRetrievalMetrics(embeddings: embeddings, labels: labels, groups: groups)
      : try HierarchicalRetrievalMetrics(
        Search(
          queries: embeddings, labels: labels, gallery: golden.tensor("gallery"),
          galleryLabels: golden.labels("gallery_labels")), groups: groups)
    expectLess(difference(Tensor(metrics.mapAtR), golden.tensor("map_at_r")), 1e-12)
    expectEqual(metrics.queriesDropped, golden.labels("dropped").scalars)
    #expect(zip(metrics.queries, metrics.queriesDropped).allSatisfy { $0 + $1 == labels.count })
    expectLess(abs(metrics.hierarchicalAP - golden.tensor("hierarchical_ap").item), 1e-12)
    expectLess(abs(metrics.ndcg - golden.tensor("ndcg").item), 1e-12)
    expectLess(abs(metrics.averageSetIntersection - golden.tensor("average_set_intersection").item), 1e-12)
    let share = golden.tensor("first_errors_within_parent", as: Double.self).item
    expectLess(abs((metrics.firstErrorsWithinParent ?? -1) - share), 1e-12)
  }

  @Test(arguments: 0..<8)
  func agreesWithSlowLoopWithTiesDuplicatesAndLoneQueries(seed: UInt64) throws {
    let distinct = lattice(20 + Int(seed) * 4, seed: seed)
    let embeddings = Tensor.concatenated([distinct, distinct[0..<10]], along: 0)
    let classes = 6 + Int(seed) * 4
    let labels = randomLabels(embeddings.shape[0], classes: classes, seed: seed + 9)
    let groups = [(0..<classes).map { $0 / 2 }, (0..<classes).map { $0 / 6 }]
    let metrics = try HierarchicalRetrievalMetrics(embeddings: embeddings, labels: labels, groups: groups)
    expectAgreement(metrics, SlowHierarchicalRetrieval(embeddings, labels, groups))
  }

  @Test func worksOverSeveralBlocksAndThreads() throws {
    let embeddings = lattice(700, seed: 7)
    let labels = randomLabels(700, classes: 90, seed: 8)
    let groups = [(0..<90).map { $0 % 9 }, (0..<90).map { $0 % 3 }]
    var shares: [Double] = []
    let metrics = try HierarchicalRetrievalMetrics(embeddings: embeddings, labels: labels, groups: groups) {
      shares.append($0)
    }
    #expect(shares == shares.sorted() && shares.last == 1 && shares.count > 1)
    // Each level's MAP@R is what the flat measures say of its groups.
    for (level, own) in ([Array(0..<90)] + groups).enumerated() {
      let flat = try RetrievalMetrics(embeddings: embeddings, labels: Labels(labels.scalars.map { own[$0] }))
      expectLess(abs(metrics.mapAtR[level] - flat.mapAtR), 1e-12)
      expectEqual(metrics.queriesDropped[level], flat.queriesDropped)
    }
  }

  @Test func handComputedValues() throws {
    // The query 0° with neighbours in order: its group's other class, a stranger, its own class.
    let angles = [0.0, 10, 20, 30].map { $0 * .pi / 180 }
    let x = Tensor<Double>(angles)
    let rows = Tensor.stacked([cos(x), sin(x)], along: 1).cast(to: Float.self)
    let metrics = try HierarchicalRetrievalMetrics(
      Search(queries: rows[0..<1], labels: Labels([0]), gallery: rows[1..<4], galleryLabels: Labels([1, 2, 0])),
      groups: [[0, 0, 1]])
    expectEqual(metrics.mapAtR, [0, 0.5])  // no hit among the first one; the first of two
    // rel: 1/2 for the group, 1 for the class; (1/2)/1 + (1/2 + 1)/3, over 3/2.
    expectLess(abs(metrics.hierarchicalAP - 2.0 / 3), 1e-12)
    // Gains 1, 0, 3 at ranks 1 to 3; ideal 3, 1.
    let dcg = 1 + 3 / 2.0
    expectLess(abs(metrics.ndcg - dcg / (3 + 1 / log2(3.0))), 1e-12)
    // Two items count: of the first one none is among the ideal first, of the first two one.
    expectEqual(metrics.averageSetIntersection, 0.25)
    expectEqual(metrics.firstErrorsWithinParent, 1)
  }

  @Test func aPerfectRankingHasAllOnes() throws {
    // Classes of two in groups of two classes, and all equal within a class.
    let centers = Tensor<Float>([[1, 0, 0], [0.9, 0.1, 0], [0, 0, 1], [0, 0.1, 0.9]])
    let labels = Labels([0, 1, 2, 3, 0, 1, 2, 3])
    let metrics = try HierarchicalRetrievalMetrics(
      embeddings: centers.take(labels), labels: labels, groups: [[0, 0, 1, 1]])
    expectEqual(metrics.mapAtR, [1, 1])
    #expect(abs(metrics.hierarchicalAP - 1) < 1e-12 && abs(metrics.ndcg - 1) < 1e-12)
    #expect(metrics.averageSetIntersection == 1 && metrics.firstErrorsWithinParent == 1)
  }

  @Test func withClassesAloneThereIsNoParent() throws {
    let metrics = try HierarchicalRetrievalMetrics(
      embeddings: lattice(20, seed: 1), labels: randomLabels(20, classes: 3, seed: 1), groups: [])
    #expect(metrics.mapAtR.count == 1 && metrics.firstErrorsWithinParent == nil)
  }

  @Test func throwsWhereNothingCanBeFound() {
    #expect(throws: RetrievalError.nothingToFind(queries: 3)) {
      try HierarchicalRetrievalMetrics(embeddings: .ones([3, 2]), labels: Labels([0, 1, 2]), groups: [[0, 0, 0]])
    }
    #expect(throws: RetrievalError.nothingToFind(queries: 1)) {
      try HierarchicalRetrievalMetrics(
        Search(queries: .ones([1, 2]), labels: Labels([0]), gallery: .zeros([0, 2]), galleryLabels: Labels([])),
        groups: [[0]])
    }
    #expect(throws: RetrievalError.notFinite("embedding", row: 1)) {
      try HierarchicalRetrievalMetrics(
        embeddings: Tensor([1, 0, 0, .nan], shape: [2, 2]), labels: Labels([0, 0]), groups: [])
    }
  }

  @Test func trapsForGroupsThatAreNoTree() async {
    let missing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try HierarchicalRetrievalMetrics(embeddings: .ones([2, 2]), labels: Labels([0, 3]), groups: [[0, 0, 0]])
    }
    let missingMessage = text(missing?.standardErrorContent)
    #expect(missingMessage.contains("label 3 is none of the 3 classes of level 1"))
    let crossed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try HierarchicalRetrievalMetrics(
        embeddings: .ones([2, 2]), labels: Labels([0, 1]), groups: [[0, 0, 1], [0, 1, 1]])
    }
    let crossedMessage = text(crossed?.standardErrorContent)
    #expect(crossedMessage.contains("group 0 of level 1 lies in two groups of level 2"))
  }

  private func expectAgreement(_ metrics: HierarchicalRetrievalMetrics, _ expected: SlowHierarchicalRetrieval) {
    expectLess(difference(Tensor(metrics.mapAtR), Tensor(expected.maps)), 1e-12)
    expectEqual(metrics.queriesDropped, expected.dropped)
    expectLess(abs(metrics.hierarchicalAP - expected.hap), 1e-12)
    expectLess(abs(metrics.ndcg - expected.ndcg), 1e-12)
    expectLess(abs(metrics.averageSetIntersection - expected.asi), 1e-12)
    expectLess(abs(metrics.firstErrorsWithinParent! - expected.firstErrors), 1e-12)
  }
}

/// The definitions by a slow, obvious loop in Double.
private struct SlowHierarchicalRetrieval {
  var maps: [Double]
  var dropped: [Int]
  var (hap, ndcg, asi, firstErrors) = (0.0, 0.0, 0.0, 0.0)

  init(_ embeddings: Tensor<Float>, _ labels: Labels, _ groups: [[Int]]) {
    let levels = groups.count + 1
    let count = labels.count
    let similarities = embeddings.matmul(embeddings.transposed())
    let tree = [Array(0..<groups[0].count)] + groups
    (maps, dropped) = ([Double](repeating: 0, count: levels), [Int](repeating: 0, count: levels))
    var (found, errors) = (0.0, 0.0)
    for query in 0..<count {
      let row = similarities[query].scalars
      let order = (0..<count).filter { $0 != query }.sorted { (a: Int, b: Int) -> Bool in
        row[a] != row[b] ? row[a] > row[b] : a < b
      }
      let (own, others) = (labels.scalars[query], order.map { labels.scalars[$0] })
      let grades = others.map { other in tree.count { $0[own] == $0[other] } }
      let ideal = grades.sorted(by: >)
      for level in 0..<levels {
        let hits = grades.map { $0 >= levels - level }
        let relevant = hits.count { $0 }
        guard relevant > 0 else {
          dropped[level] += 1
          continue
        }
        for rank in 1...relevant where hits[rank - 1] {
          maps[level] += Double(hits.prefix(rank).count { $0 }) / Double(rank) / Double(relevant)
        }
      }
      if let error = grades.first(where: { $0 < levels }) {
        errors += 1
        firstErrors += error == levels - 1 ? 1 : 0
      }
      let positives = grades.count { $0 > 0 }
      guard positives > 0 else { continue }
      found += 1
      let relevances = grades.map { grade in
        grade == 0 ? 0 : Double(grade) / Double(levels) / Double(grades.count { $0 == grade })
      }
      var weighted = 0.0
      for k in grades.indices where grades[k] > 0 {
        weighted += (0...k).reduce(0) { $0 + min(relevances[$1], relevances[k]) } / Double(k + 1)
      }
      hap += weighted / relevances.reduce(0, +)
      func gain(_ grades: [Int]) -> Double {
        grades.enumerated().reduce(0) { $0 + (pow(2, Double($1.element)) - 1) / log2(Double($1.offset + 2)) }
      }
      ndcg += gain(grades) / gain(ideal)
      asi +=
        (1...positives).reduce(0) { sum, k in
          let common = (1...levels).reduce(0) { common, grade in
            common + min(grades.prefix(k).count { $0 == grade }, ideal.prefix(k).count { $0 == grade })
          }
          return sum + Double(common) / Double(k)
        } / Double(positives)
    }
    maps = zip(maps, dropped).map { $0 / Double(count - $1) }
    (hap, ndcg, asi, firstErrors) = (hap / found, ndcg / found, asi / found, firstErrors / errors)
  }
}
