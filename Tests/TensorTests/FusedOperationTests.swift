import Testing
import _TestSupport

@testable import Tensor

/// What fused operations do beyond their records: emptiness, large sizes, threads, untracked inputs.
@Suite struct FusedOperationTests {
  private func normal(_ shape: [Int], seed: UInt64) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  @Test func logSumExpOverNothing() {
    let x = Tensor<Double>([[1], [2]])
    let none = Labels([0, 0])
    let (value, slope) = valueWithGradient(at: x) { x -> Tensor<Double> in
      softplus(x.logSumExp(along: 1, scale: 1, excluding: none)).sum()
    }
    expectEqual(value.item, 0)
    expectEqual(slope.scalars, [0, 0])
    let nothing: [Double] = [-.infinity, -.infinity]
    expectEqual(x.logSumExp(along: 0, scale: 3, excluding: none).scalars, nothing.dropLast())
    expectEqual(Tensor<Double>.zeros([0, 2]).logSumExp(along: 0).scalars, nothing)
    expectEqual(Tensor<Double>.zeros([2, 0]).logSumExp(along: 1).scalars, nothing)
    expectEqual(Tensor<Double>.zeros([0, 2]).logSumExp(along: 1).shape, [0])
  }

  @Test func logSumExpOfInfinitiesAndNaN() {
    let x = Tensor<Double>([[-.infinity, 1], [.infinity, 1], [.nan, 1], [-.infinity, -.infinity]])
    let rows = x.logSumExp(along: 1).scalars
    #expect(rows[0] == 1 && rows[1] == .infinity && rows[2].isNaN && rows[3] == -.infinity)
    let columns = x.transposed().logSumExp(along: 0).scalars
    #expect(columns[0] == 1 && columns[1] == .infinity && columns[2].isNaN && columns[3] == -.infinity)
  }

  @Test func emptySegments() {
    let x = Tensor<Double>([1, 2])
    let (value, slope) = valueWithGradient(at: x) {
      softplus($0.segmentedLogSumExp(Labels([2, 2]), count: 4)).sum()
    }
    let exponentials: Double = exp(x).sum().item
    let expected: Double = log(Tensor(1 + exponentials)).item
    expectLess(abs(value.item - expected), 1e-12)
    #expect(slope.isFinite.allTrue)
  }

  /// Several blocks and threads: value and gradients against the composed form, by which the records are the oracle.
  @Test func agreeWithTheComposedFormAtSize() {
    let (x, y) = (normal([33, 40], seed: 1), normal([2500, 40], seed: 2))
    let index = Labels((0..<33).map { $0 * 70 })
    for isTransposed in [false, true] {
      let (left, right) = isTransposed ? (y, x) : (x, y)
      func loss(_ cosines: Tensor<Float>) -> Tensor<Float> {
        let cosines = isTransposed ? cosines.transposed() : cosines
        return
          (cosines.logSumExp(along: 0, scale: 16, excluding: index).mean()
          + cosines.logSumExp(along: 1, scale: 8, excluding: index).mean())
      }
      func composedLoss(_ cosines: Tensor<Float>) -> Tensor<Float> {
        let cosines = isTransposed ? cosines.transposed() : cosines
        func composed(_ axis: Int, _ scale: Float) -> Tensor<Float> {
          log(exp(cosines.masked(index, by: -.infinity) * scale).sum(along: axis))
        }
        return composed(0, 16).mean() + composed(1, 8).mean()
      }
      let (value, gradient) = valueWithGradient(at: left, right) { loss($0.cosineSimilarities(to: $1)) }
      let (expected, slopes) = valueWithGradient(at: left, right) {
        composedLoss($0.normalized(along: 1).matmul($1.normalized(along: 1).transposed()))
      }
      expectLess(difference(value, expected), 1e-5)
      expectLess(difference(gradient.0, slopes.0), 1e-6)
      expectLess(difference(gradient.1, slopes.1), 1e-6)
    }
  }

  @Test func cosinesOfOneTrackedSide() {
    let (x, y) = (normal([3, 4], seed: 3), normal([2, 4], seed: 4))
    let both = valueWithGradient(at: x, y) { $0.cosineSimilarities(to: $1).sum() }.gradient
    expectEqual(gradient(at: x) { $0.cosineSimilarities(to: y).sum() }.scalars, both.0.scalars)
    expectEqual(gradient(at: y) { x.cosineSimilarities(to: $0).sum() }.scalars, both.1.scalars)
    expectEqual(Tensor<Float>.zeros([0, 4]).cosineSimilarities(to: y).shape, [0, 2])
    expectEqual(Tensor<Float>.zeros([3, 0]).cosineSimilarities(to: .zeros([2, 0])).scalars, [0, 0, 0, 0, 0, 0])
  }
}
