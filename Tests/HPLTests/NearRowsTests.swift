import Foundation
import HPL
import Tensor
import Testing
import _TestSupport

/// Losses where embeddings, or a sample and its proxy, are equal or nearly so: nothing may cancel.
@Suite struct NearRowsTests {
  /// Classes of three samples that lie `spread` apart, `[12, 16]`, rounded to `Float`.
  private func nearRows(_ spread: Double, seed: UInt64 = 3) -> (rows: Tensor<Float>, labels: Labels) {
    var generator = RandomGenerator(seed: seed)
    let centres = Tensor<Double>.normal([4, 16], using: &generator)
    let labels = Labels((0..<12).map { $0 / 3 })
    let rows = centres.take(labels) + Tensor.normal([12, 16], using: &generator) * spread
    return (rows.cast(to: Float.self), labels)
  }

  /// The distances of normalised rows, element by element.
  private func distance(_ rows: Tensor<Double>, _ a: Int, _ b: Int) -> Double {
    zip(unit(rows[a].scalars), unit(rows[b].scalars)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  private func meanOfNonZero(_ terms: [Double]) -> Double {
    let others = terms.filter { $0 != 0 }
    return others.isEmpty ? 0 : others.reduce(0, +) / Double(others.count)
  }

  private func contrastive(_ rows: Tensor<Double>, _ labels: Labels) -> Double {
    var (positives, negatives): ([Double], [Double]) = ([], [])
    for a in 0..<labels.count {
      for b in 0..<labels.count where a != b {
        let d = distance(rows, a, b)
        if labels.scalars[a] == labels.scalars[b] { positives.append(d) } else { negatives.append(max(0, 1 - d)) }
      }
    }
    return meanOfNonZero(positives) + meanOfNonZero(negatives)
  }

  private func expectEqualRowsCountNothing<S: TensorScalar>(_: S.Type, tolerance: Double) {
    var (rows, labels) = nearRows(0.5)
    // Of each class two samples are the same picture.
    rows = rows.take(Tensor<Int>((0..<12).map { $0 % 3 == 2 ? $0 - 1 : $0 }))
    let value = ContrastiveLoss<S>()(rows.cast(to: S.self), labels: labels)
    expectLess(abs(Double(value.item) - contrastive(rows.cast(to: Double.self), labels)), tolerance)
    let unit = rows.cast(to: S.self).normalized(along: 1)
    let distances = unit.distances(to: unit)
    #expect((0..<12).allSatisfy { distances[$0][$0].item == 0 } && distances[1][2].item == 0)
    labels = Labels(Array(repeating: 0, count: 12))
    let (none, slope) = valueWithGradient(at: Tensor<S>.ones([12, 16]) * 0.3) { ContrastiveLoss()($0, labels: labels) }
    #expect(none.item == 0 && (slope .== 0).allTrue)
  }

  /// The distance of equal rows is 0, so that they do not count in a mean over the terms that are not 0.
  @Test func equalEmbeddingsCountNothing() {
    expectEqualRowsCountNothing(Double.self, tolerance: 1e-13)
    expectEqualRowsCountNothing(Float.self, tolerance: 1e-6)
  }

  @Test(arguments: [1e-2, 1e-3, 1e-4]) func pairLossesOfNearRowsKeepTheirDigits(_ spread: Double) {
    let (rows, labels) = nearRows(spread)
    func expect(_ float: any PairLoss<Float>, _ double: any PairLoss<Double>) {
      let (value, slope) = valueWithGradient(at: rows) { float($0, labels: labels) }
      let (expected, exact) = valueWithGradient(at: rows.cast(to: Double.self)) { double($0, labels: labels) }
      // Normalised rows are rounded, so their distance is exact to about ε/d.
      let tolerance = 4 * Double(Float.ulpOfOne) / spread + 1e-6
      expectLess(abs(Double(value.item) - expected.item), tolerance * expected.item)
      expectLess((slope.cast(to: Double.self) - exact).norm().item, tolerance * exact.norm().item)
    }
    expect(ContrastiveLoss(), ContrastiveLoss())
    expect(ContrastiveLoss(negativeMargin: 0), ContrastiveLoss(negativeMargin: 0))
    expect(TripletLoss(margin: 2), TripletLoss(margin: 2))
    let near = nearRows(spread).rows.cast(to: Double.self)
    expectLess(abs(ContrastiveLoss<Double>()(near, labels: labels).item - contrastive(near, labels)), 1e-11)
  }

  @Test(arguments: [1e-4, 1e-6]) func distancesOfNearRowsAreThoseOfTheirDifferences(_ spread: Double) throws {
    let (rows, _) = nearRows(spread)
    let (left, right) = (rows[..<6].reshaped([2, 3, 16]), rows[6...].reshaped([2, 3, 16]) * Float(spread) + rows[0])
    let squares = left.squaredDistances(to: right)
    let exact = (left.unsqueezed(2) - right.unsqueezed(1)).cast(to: Double.self)
    let expected = (exact * exact).sum(along: 3)
    expectLess(difference(squares.cast(to: Double.self) / expected, .ones([2, 3, 3])), 1e-5)
    // A single matrix against several.
    let broadcast = rows[0..<2].squaredDistances(to: right)
    expectEqual(difference(broadcast[1], rows[0..<2].squaredDistances(to: right[1])), 0)
  }

  /// The cosines of a sample that is learned already: a loss of 10⁻¹⁰, whose gradient is no less exact for it.
  @Test func crossEntropiesNearZeroKeepTheirDigits() {
    let similarities = Tensor<Float>([[0.95, -0.25, 0.125], [-0.5, 0.9375, -0.125]])
    let targets = Labels([0, 1])
    func expect(_ float: any ProxyLoss<Float>, _ double: any ProxyLoss<Double>) {
      let (value, slope) = valueWithGradient(at: similarities) { float($0, targets: targets) }
      let (expected, exact) = valueWithGradient(at: similarities.cast(to: Double.self)) { double($0, targets: targets) }
      expectLess(abs(Double(value.item) / expected.item - 1), 1e-5, "\(float)")
      expectLess(difference(slope.cast(to: Double.self) / exact, .ones([2, 3])), 1e-5, "\(float)")
    }
    expect(NormSoftmax(), NormSoftmax())
    expect(ProxyNCA.plusPlus, ProxyNCA.plusPlus)
    expect(CosFace(margin: 0.25), CosFace(margin: 0.25))
    expect(SoftTriple(centers: 1), SoftTriple(centers: 1))
  }

  /// SoftTriple draws a class's centres together; the regulariser and its gradient must be exact where it has succeeded.
  @Test func theRegulariserOfNearCentresKeepsItsDigits() {
    var generator = RandomGenerator(seed: 5)
    let centre = Tensor<Double>.normal([1, 32], using: &generator)
    let proxies = (centre + Tensor.normal([4, 32], using: &generator) * 1e-4).cast(to: Float.self)
    let (float, double) = (SoftTriple<Float>(centers: 4), SoftTriple<Double>(centers: 4))
    let (value, slope) = valueWithGradient(at: proxies) { float.penalty(on: $0)! }
    let (expected, exact) = valueWithGradient(at: proxies.cast(to: Double.self)) { double.penalty(on: $0)! }
    expectLess(abs(Double(value.item) / expected.item - 1), 1e-5)
    expectLess((slope.cast(to: Double.self) - exact).norm().item, 0.01 * exact.norm().item)
  }
}
