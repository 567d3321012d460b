import Foundation
import Retrieval
import Tensor
import Testing
import _TestSupport

/// H-AP and ASI by other routes than their definitions, which the implementation, the goldens and the slow loop follow.
@Suite struct IndependentHierarchicalRetrievalTests {
  /// One query's ranking: the positions of the items in it, and how many levels each shares with the query.
  private struct Ranking {
    var grades: [Int]

    init(_ query: Int, _ embeddings: [[Double]], _ tree: [[Int]], _ labels: [Int]) {
      var candidates: [(similarity: Double, grade: Int)] = []
      for item in embeddings.indices where item != query {
        var similarity = 0.0
        for (x, y) in zip(embeddings[query], embeddings[item]) { similarity += x * y }
        var grade = 0
        for level in tree where level[labels[query]] == level[labels[item]] { grade += 1 }
        candidates.append((similarity, grade))
      }
      // Sorting is stable by hand: an item goes before the first that is less similar.
      var ordered: [(similarity: Double, grade: Int)] = []
      for candidate in candidates {
        let place = ordered.firstIndex { $0.similarity < candidate.similarity } ?? ordered.count
        ordered.insert(candidate, at: place)
      }
      grades = ordered.map(\.grade)
    }

    /// Average precision where the items with at least a grade are relevant: what everybody's library computes.
    private func averagePrecision(atLeast grade: Int) -> Double {
      var (hits, sum) = (0.0, 0.0)
      for (rank, own) in grades.enumerated() where own >= grade {
        hits += 1
        sum += hits / Double(rank + 1)
      }
      return sum / hits
    }

    /// H-AP as a mean of plain average precisions, one for each step of the relevance.
    ///
    /// `min(a, b)` is the integral over t of `[a ≥ t]·[b ≥ t]`. So `Σ_k 1/k Σ_{j≤k} min(rel_j, rel_k)` is, step by step of
    /// the relevance, the step's height times the sum of precisions at the items that reach it.
    func hierarchicalAP(levels: Int) -> Double? {
      var steps: [(grade: Int, relevance: Double)] = []
      for grade in 1...levels {
        let own = grades.count { $0 == grade }
        guard own > 0 else { continue }
        steps.append((grade, Double(grade) / Double(levels) / Double(own)))
      }
      guard !steps.isEmpty else { return nil }
      let total = steps.reduce(0) { sum, step in sum + step.relevance * Double(grades.count { $0 == step.grade }) }
      steps.sort { $0.relevance < $1.relevance }
      var (sum, below) = (0.0, 0.0)
      for index in steps.indices {
        // The items that reach this step are those of its grade and of the grades with more relevance.
        let reaching = Set(steps[index...].map(\.grade))
        var binary = self
        binary.grades = grades.map { reaching.contains($0) ? 1 : 0 }
        let count = Double(binary.grades.reduce(0, +))
        sum += (steps[index].relevance - below) * count * binary.averagePrecision(atLeast: 1)
        below = steps[index].relevance
      }
      return sum / total
    }

    /// ASI with real sets: of the ideal rankings the one that keeps the items of a grade in the ranking's own order.
    func averageSetIntersection() -> Double? {
      let relevant = grades.indices.filter { grades[$0] > 0 }
      guard !relevant.isEmpty else { return nil }
      let highest = grades.max()!
      let ideal = (0...highest).reversed().flatMap { grade in grades.indices.filter { grades[$0] == grade } }
      var (found, wanted): (Set<Int>, Set<Int>) = ([], [])
      var sum = 0.0
      for rank in 0..<relevant.count {
        found.insert(rank)
        wanted.insert(ideal[rank])
        sum += Double(found.intersection(wanted).count) / Double(rank + 1)
      }
      return sum / Double(relevant.count)
    }
  }

  @Test(arguments: 0..<6) func agreesByOtherRoutes(_ seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let classes = 12
    let labels = (0..<70).map { _ in Int.random(in: 0..<classes, using: &generator) }
    let tree = [
      Array(0..<classes), (0..<classes).map { $0 / 3 }, (0..<classes).map { $0 / 6 },
    ]
    // Points of a lattice, so that there are ties, which both must order alike; all of length 1, exactly.
    let corners = (0..<70).map { _ in (0..<16).map { _ in Bool.random(using: &generator) ? 0.25 : -0.25 } }
    let embeddings = Tensor<Float>.stacked(corners.map { Tensor($0.map { Float($0) }) })
    let metrics = try HierarchicalRetrievalMetrics(
      embeddings: embeddings, labels: Labels(labels), groups: Array(tree[1...]))
    let rankings = corners.indices.map { Ranking($0, corners, tree, labels) }
    let precisions = rankings.compactMap { $0.hierarchicalAP(levels: 3) }
    let intersections = rankings.compactMap { $0.averageSetIntersection() }
    #expect(precisions.count > 60 && Set(precisions).count > 30)
    expectLess(abs(metrics.hierarchicalAP - precisions.reduce(0, +) / Double(precisions.count)), 1e-12)
    expectLess(abs(metrics.averageSetIntersection - intersections.reduce(0, +) / Double(intersections.count)), 1e-12)
  }
}
