import Tensor
import Testing
import _TestSupport

@testable import Clustering

@Suite struct ClusterMatchingTests {
  private func permutations(_ n: Int) -> [[Int]] {
    guard n > 0 else { return [[]] }
    return permutations(n - 1).flatMap { shorter in
      (0..<n).map { position in
        var longer = shorter
        longer.insert(n - 1, at: position)
        return longer
      }
    }
  }

  @Test(arguments: 0..<40)
  func matchesBruteForce(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let n = Int(seed) % 7
    // Few different weights make many ties; some are negative.
    let weights = (0..<n).map { _ in (0..<n).map { _ in Int.random(in: -2...Int(seed), using: &generator) } }
    let columns = maximumWeightMatching(weights)
    expectEqual(columns.sorted(), Array(0..<n))
    let best = permutations(n).map { order in (0..<n).reduce(0) { $0 + weights[$1][order[$1]] } }.max()
    expectEqual((0..<n).reduce(0) { $0 + weights[$1][columns[$1]] }, best)
  }

  private func clustering(_ assignments: [Int], _ clusters: Int) -> Clusters<Float> {
    let centroids = Tensor((0..<clusters).map { Float($0) }, shape: [clusters, 1])
    return Clusters(assignments: Labels(assignments), centroids: centroids, inertia: 7, iterations: 3)
  }

  @Test func undoesAPermutation() {
    let old = [0, 0, 1, 1, 1, 2, 3, 3, 0, 2]
    let new = clustering(old.map { [2, 0, 3, 1][$0] }, 4)
    let matched = new.renumbered(toMatch: Labels(old))
    expectEqual(matched.assignments.scalars, old)
    expectEqual(matched.centroids.scalars, [2, 0, 3, 1])
    expectEqual(matched.inertia, 7)
    expectEqual(matched.iterations, 3)
  }

  @Test func keepsWhatOverlapsMost() {
    // Point 4 moved from cluster 1 to cluster 0, cluster 2 is unchanged; the new numbers are 2, 0, 1.
    let matched = clustering([2, 2, 0, 0, 2, 1, 1], 3).renumbered(toMatch: Labels([0, 0, 1, 1, 1, 2, 2]))
    expectEqual(matched.assignments.scalars, [0, 0, 1, 1, 0, 2, 2])
  }

  @Test func findsTheBestSumWhereGreedinessFails() {
    // Overlaps [[5, 4], [4, 0]]: taking the 5 first would keep 5 points, exchanging keeps 8.
    let new = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
    let old = [0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0]
    let matched = clustering(new, 2).renumbered(toMatch: Labels(old))
    expectEqual(zip(matched.assignments.scalars, old).count { $0 == $1 }, 8)
  }

  @Test func trapsForOtherClusters() async {
    await #expect(processExitsWith: .failure) {
      let clustering = Clusters<Float>(
        assignments: Labels([0, 1]), centroids: .zeros([2, 1]), inertia: 0, iterations: 1)
      _ = clustering.renumbered(toMatch: Labels([0, 2]))
    }
  }
}
