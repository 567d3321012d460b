import Clustering
import Tensor
import Testing
import _TestSupport

@Suite struct BestRowsTests {
  private func normal(_ shape: [Int], seed: UInt64) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  /// With each centre twice, the first of the two is the best.
  private func expectTheFirstOfEqualOnes(points: Int, centers: Int, dimensions: Int) {
    let (x, centers) = (normal([points, dimensions], seed: 5), normal([centers, dimensions], seed: 6))
    let offsets = (centers * centers).sum(along: 1) * 0.5
    let (twice, offsetsTwice) = (
      Tensor<Float>.concatenated([centers, centers], along: 0),
      Tensor<Float>.concatenated([offsets, offsets], along: 0)
    )
    let (rows, values) = x.bestRows(of: twice, minus: offsetsTwice)
    let scores = x.matmul(centers.transposed()) - offsets
    expectEqual(rows.scalars, scores.argmax(along: 1).scalars)
    expectLess(difference(values, scores.max(along: 1)), 1e-5)
  }

  @Test func bestRowsAreTheFirstOfEqualOnes() { expectTheFirstOfEqualOnes(points: 300, centers: 37, dimensions: 7) }

  /// Of thousands a tile at a time is looked at; the first of equal ones may stand in another tile.
  @Test func thousandsAreLookedAtInTiles() { expectTheFirstOfEqualOnes(points: 20, centers: 2100, dimensions: 3) }
}
