import Testing
import _TestSupport

@testable import Tensor

/// Convolutions that `Float` computes by Winograd's algorithm, against the direct form in `Double`.
@Suite struct WinogradTests {
  struct Case: Sendable {
    var images: [Int]
    var outChannels: Int
    var padding = 1
  }

  /// Borders of every kind, more tiles than a block, an image smaller than two tiles, and so many channels that threads
  /// share them out.
  private static let cases = [
    Case(images: [2, 14, 14, 16], outChannels: 24), Case(images: [3, 13, 18, 24], outChannels: 40, padding: 0),
    Case(images: [2, 11, 12, 16], outChannels: 16, padding: 2), Case(images: [1, 50, 47, 32], outChannels: 16),
    Case(images: [8, 7, 7, 176], outChannels: 184), Case(images: [6, 5, 7, 184], outChannels: 176, padding: 2),
  ]

  private func random(_ shape: [Int], seed: UInt64) -> Tensor<Double> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  private func isClose(_ actual: Tensor<Float>, _ expected: Tensor<Double>) -> Bool {
    difference(actual.cast(to: Double.self), expected) < 2e-5 * abs(expected).max().item
  }

  @Test(arguments: cases) func agreesWithTheDirectForm(_ it: Case) {
    let (x, weight) = (random(it.images, seed: 1), random([it.outChannels, it.images[3], 3, 3], seed: 2))
    let expected = x.conv2d(weight, padding: it.padding)
    #expect(Winograd(geometry(of: it, expected.shape)) != nil)
    let g = random(expected.shape, seed: 3)
    let (value, pull) = pullback(at: [x, weight]) { $0[0].conv2d($0[1], padding: it.padding) }
    let (single, singlePull) = pullback(at: [x, weight].map { $0.cast(to: Float.self) }) {
      $0[0].conv2d($0[1], padding: it.padding)
    }
    #expect(isClose(single, value))
    for (actual, expected) in zip(singlePull(g.cast(to: Float.self)), pull(g)) { #expect(isClose(actual, expected)) }
  }

  /// Views as operands, and a gradient of second order.
  @Test func gradientsOfGradientsAgree() {
    let (x, weight) = (random([2, 16, 9, 12], seed: 1).permuted([0, 3, 2, 1]), random([16, 16, 3, 3], seed: 2) / 12)
    func curvature<S: TensorScalar>(_ x: Tensor<S>, _ weight: Tensor<S>) -> (Tensor<S>, Tensor<S>) {
      gradient(at: x, weight) { x, weight in
        let slopes = gradient(at: x, weight) { squared($0.conv2d($1, padding: 1)).sum() }
        return squared(slopes.0).sum() + squared(slopes.1).sum()
      }
    }
    let (actual, expected) = (
      curvature(x.cast(to: Float.self), weight.cast(to: Float.self)), curvature(x, weight)
    )
    #expect(isClose(actual.0, expected.0) && isClose(actual.1, expected.1))
  }

  @Test(arguments: [0, 4]) func threadsChangeRoundingAtMost(_ index: Int) {
    let it = Self.cases[index]
    let x = random(it.images, seed: 1).cast(to: Float.self)
    let weight = random([it.outChannels, it.images[3], 3, 3], seed: 2).cast(to: Float.self)
    let before = Threads.count
    defer { Threads.count = before }
    func gradients(_ threads: Int) -> (Tensor<Float>, Tensor<Float>) {
      Threads.count = threads
      return gradient(at: x, weight) { squared($0.conv2d($1, padding: 1)).sum() }
    }
    let (one, two, again) = (gradients(1), gradients(2), gradients(2))
    #expect(one.0.scalars == two.0.scalars && isClose(one.1, two.1.cast(to: Double.self)))
    #expect(two.0.scalars == again.0.scalars && two.1.scalars == again.1.scalars)
  }

  private func geometry(of it: Case, _ output: [Int]) -> ConvolutionGeometry {
    ConvolutionGeometry(
      window: .init(
        height: it.images[1], width: it.images[2], channels: it.images[3], pixel: it.images[3], kernel_height: 3,
        kernel_width: 3, stride: 1, padding: it.padding, dilation: 1, out_height: output[1], out_width: output[2]),
      images: it.images[0], outChannels: it.outChannels, groups: 1)
  }
}
