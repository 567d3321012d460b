import Foundation
import HPL
import Tensor
import Testing
import _TestSupport

/// Every loss at extreme similarities: value, gradient and Hessian are finite, agree between `Float` and `Double`, and
/// with finite differences.
@Suite struct ExtremeLossTests {
  private static func proxyLosses<S: TensorScalar>(_: S.Type) -> [any ProxyLoss<S>] {
    [
      NormSoftmax(), NormSoftmax(temperature: 0.005), CosFace(), CosFace(scale: 200), ArcFace(), ArcFace(margin: 2.5),
      ProxyNCA(), ProxyNCA(scale: 200), ProxyNCA.plusPlus, ProxyNCA(scale: 200, includesOwnProxy: true), ProxyAnchor(),
      ProxyAnchor(scale: 64), ProxyAnchor(scale: 400), SoftTriple(centers: 2),
      SoftTriple(centers: 2, temperature: 0.001),
    ]
  }

  /// Cosines: the own one far the greatest, far the smallest, and tied.
  private static let cosines: [Tensor<Double>] = [
    [[0.95, -0.6, -0.9, -0.8]], [[-0.6, 0.95, 0.9, 0.8]], [[0.5, 0.5, 0.5, 0.5]], [[0.99, 0.98, -0.99, -0.99]],
    [[0.95, -0.6, -0.7, -0.8], [-0.75, -0.9, 0.85, 0.8]],
  ]

  private static func targets(_ similarities: Tensor<Double>, _ loss: any ProxyLoss<Double>) -> Labels {
    Labels(Array([0, loss.proxiesPerTarget == 1 ? 2 : 1][..<similarities.shape[0]]))
  }

  /// What multiplies the cosines in each loss's logits.
  private static let scales = [20, 200, 64, 200, 64, 64, 18, 400, 18, 400, 32, 64, 400, 20, 20]

  @Test(arguments: proxyLosses(Double.self).indices) func hessiansAgreeBetweenFloatAndDouble(_ index: Int) {
    let (float, double) = (Self.proxyLosses(Float.self)[index], Self.proxyLosses(Double.self)[index])
    // A logit of `scale` is rounded to `scale · ε`, and a Hessian has `scale²` times the error of a probability.
    let rounding = pow(Double(Self.scales[index]), 3) * Double(Float.ulpOfOne)
    for similarities in Self.cosines {
      let targets = Self.targets(similarities, double)
      let rounded = similarities.cast(to: Float.self)
      let actual = hessian(at: rounded) { float($0, targets: targets) }.cast(to: Double.self)
      let exact = hessian(at: rounded.cast(to: Double.self)) { double($0, targets: targets) }
      #expect(exact.isFinite.allTrue && actual.isFinite.allTrue, "\(double) at \(similarities)")
      #expect((actual - exact).norm().item <= 1e-3 * exact.norm().item + rounding, "\(double) at \(similarities)")
    }
  }

  @Test(arguments: proxyLosses(Double.self).indices) func gradientsAgreeWithFiniteDifferences(_ index: Int) throws {
    let loss = Self.proxyLosses(Double.self)[index]
    for similarities in Self.cosines {
      let targets = Self.targets(similarities, loss)
      try gradientCheck(at: similarities, step: 2e-5, tolerance: 1e-4) { loss($0, targets: targets) }
    }
  }

  /// Logits that are no cosines at all, and cosines of ±1.
  @Test(arguments: proxyLosses(Double.self).indices) func everythingIsFinite(_ index: Int) {
    func expect<S: TensorScalar>(_ loss: any ProxyLoss<S>, largest: S) {
      let all: [[[S]]] = [
        [[largest, -largest, 0, 1]], [[-largest, largest, largest, largest]],
        [[-largest, -largest, -largest, -largest]],
        [[largest, largest, largest, largest], [0, -largest, largest, 1]], [[1, -1, 1, -1], [-1, 1, -1, 1]],
      ]
      for rows in all {
        let similarities = Tensor<S>.stacked(rows.map { Tensor($0) })
        let targets = Labels(Array([0, 1][..<rows.count]))
        let (value, slope) = valueWithGradient(at: similarities) { loss($0, targets: targets) }
        let second = hessian(at: similarities) { loss($0, targets: targets) }
        #expect(value.item.isFinite && slope.isFinite.allTrue && second.isFinite.allTrue, "\(loss) at \(rows)")
      }
    }
    // The sine of ArcFace's angle needs cosines.
    let largest = Self.proxyLosses(Double.self)[index] is ArcFace<Double> ? 1.0 : 1e4
    expect(Self.proxyLosses(Float.self)[index], largest: Float(largest))
    expect(Self.proxyLosses(Double.self)[index], largest: largest)
  }

  private static func pairLosses<S: TensorScalar>(_: S.Type) -> [any PairLoss<S>] {
    [
      ContrastiveLoss(), ContrastiveLoss(positiveMargin: 0.1, negativeMargin: 3), TripletLoss(), TripletLoss(margin: 3),
      MultiSimilarityLoss(), MultiSimilarityLoss(positiveScale: 400, negativeScale: 400),
    ]
  }

  /// Equal, opposite and nearly equal embeddings, long and short ones, a batch without any pair.
  @Test(arguments: pairLosses(Double.self).indices) func pairLossesAreFinite(_ index: Int) {
    func expect<S: TensorScalar>(_ loss: any PairLoss<S>) {
      let batches: [[[S]]] = [
        [[1, 2], [1, 2], [1, 2], [1, 2]], [[1, 2], [-1, -2], [1, 2], [-1, -2]],
        [[1, 2], [1, 2.0001], [1, 2], [2, 4]],
        [[1e4, 1], [1, 1e-4], [-1e4, 0], [1e-4, 1e4]],
      ]
      for rows in batches {
        let embeddings = Tensor<S>.stacked(rows.map { Tensor($0) })
        for labels in [[0, 0, 1, 1], [0, 1, 2, 3], [0, 0, 0, 0]] {
          let (value, slope) = valueWithGradient(at: embeddings) { loss($0, labels: Labels(labels)) }
          let second = hessian(at: embeddings) { loss($0, labels: Labels(labels)) }
          #expect(
            value.item.isFinite && slope.isFinite.allTrue && second.isFinite.allTrue, "\(loss) at \(rows), \(labels)")
        }
      }
    }
    expect(Self.pairLosses(Float.self)[index])
    expect(Self.pairLosses(Double.self)[index])
  }
}
