import Tensor
import Testing
import _TestSupport

@testable import Retrieval

@Suite struct HitRankingTests {
  @Test(arguments: 0..<9) func pairsMeetOnceAndRoundsShareNothing(count: Int) {
    let rounds = disjointPairs(of: count)
    for round in rounds {
      let numbers = round.flatMap { $0.0 == $0.1 ? [$0.0] : [$0.0, $0.1] }
      expectEqual(Set(numbers).count, numbers.count)
    }
    let all = rounds.joined().map { [$0.0, $0.1] }
    #expect(all.allSatisfy { $0[0] <= $0[1] && (0..<count).contains($0[1]) })
    expectEqual(all.count, count * (count + 1) / 2)
    expectEqual(Set(all).count, all.count)
  }

  /// Where samples are the items, a tile counts for its rows and columns: as if each query were alone with a gallery.
  @Test(arguments: [3, 90]) func agreesWithTheSameItemsAsGallery(classes: Int) throws {
    var generator = RandomGenerator(seed: 9)
    let count = 700
    let labels = (0..<count).map { _ in Int(generator.uniform() * Double(classes)) }
    // Some rows twice; entries ±1/8 make similarities exact.
    let distinct = Tensor<Float>(
      (0..<count * 64).map { _ in generator.uniform() < 0.5 ? 0.125 : -0.125 }, shape: [count, 64])
    let rows = distinct.take(Tensor<Int>((0..<count).map { $0 % 500 }))
    var shares: [Double] = []
    let outcomes = HitRanking(try Search(embeddings: rows, labels: Labels(labels))).outcomes { shares.append($0) }
    #expect(shares == shares.sorted() && shares.last == 1)
    for query in stride(from: 0, to: count, by: 61) {
      let others = (0..<count).filter { $0 != query }
      let search = try Search(
        queries: rows[query..<query + 1], labels: Labels([labels[query]]), gallery: rows.take(Tensor<Int>(others)),
        galleryLabels: Labels(others.map { labels[$0] }))
      let single = HitRanking(search).outcomes { _ in }[0]
      let outcome = outcomes[query]
      #expect(outcome.relevant == single.relevant && outcome.firstHit == single.firstHit)
      expectEqual(outcome.precision.hits, single.precision.hits)
      expectEqual(outcome.precision.sum, single.precision.sum)
    }
  }
}
