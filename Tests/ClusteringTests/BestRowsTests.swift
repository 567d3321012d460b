import Clustering
import Tensor
import Testing
import _TestSupport

@Suite struct BestRowsTests {
  private func normal(_ shape: [Int], seed: UInt64) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  @Test func bestRowsAreTheFirstOfEqualOnes() {
    let (x, centers) = (normal([300, 7], seed: 5), normal([37, 7], seed: 6))
    let offsets = (centers * centers).sum(along: 1)
    let (twice, offsetsTwice) = (
      Tensor<Float>.concatenated([centers, centers], along: 0),
      Tensor<Float>.concatenated([offsets, offsets], along: 0)
    )
    let (rows, values) = x.bestRows(of: twice, minus: offsetsTwice)
    let scores = x.matmul(centers.transposed()) - offsets
    expectEqual(rows.scalars, scores.argmax(along: 1).scalars)
    expectLess(difference(values, scores.max(along: 1)), 1e-5)
  }

  /// Of thousands a tile at a time is looked at; the first of equal ones may stand in another tile.
  @Test func thousandsAreLookedAtInTiles() {
    let (x, centers) = (normal([20, 3], seed: 5), normal([2100, 3], seed: 6))
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
}
