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

  /// Directly: in a debug build `conv2d` takes the direct form.
  private func winograd(
    _ x: Tensor<Float>, _ weight: Tensor<Float>, _ g: Tensor<Float>, _ it: Case
  ) throws -> [Tensor<Float>] {
    let winograd = try #require(Winograd(geometry(of: it, g.shape)))
    let results = [g.shape, x.shape, weight.shape].map { NDArray<Float>(uninitialized: $0) }
    winograd.forward(WinogradImages(x.array), weight.array.pointer, WinogradImages(results[0]))
    winograd.inputGradient(WinogradImages(g.array), weight.array.pointer, WinogradImages(results[1]))
    winograd.weightGradient(WinogradImages(x.array), WinogradImages(g.array), results[2].target)
    return withExtendedLifetime((x, weight, g)) { results.map { Tensor($0) } }
  }

  @Test(arguments: cases) func agreesWithTheDirectForm(_ it: Case) throws {
    let (x, weight) = (random(it.images, seed: 1), random([it.outChannels, it.images[3], 3, 3], seed: 2))
    let (value, pull) = vjp(at: [x, weight]) { $0[0].conv2d($0[1], padding: it.padding) }
    let g = random(value.shape, seed: 3)
    let actual = try winograd(x.cast(to: Float.self), weight.cast(to: Float.self), g.cast(to: Float.self), it)
    for (actual, expected) in zip(actual, [value] + pull(g)) { #expect(isClose(actual, expected)) }
  }

  /// As users call it, which takes Winograd's algorithm in a release build only.
  @Test(arguments: cases) func conv2dAgreesWithDouble(_ it: Case) {
    let (x, weight) = (random(it.images, seed: 1), random([it.outChannels, it.images[3], 3, 3], seed: 2))
    func results<S: TensorScalar>(_ x: Tensor<S>, _ weight: Tensor<S>) -> [Tensor<S>] {
      let (value, pull) = vjp(at: [x, weight]) { $0[0].conv2d($0[1], padding: it.padding) }
      return [value] + pull(random(value.shape, seed: 3).cast(to: S.self))
    }
    let actual = results(x.cast(to: Float.self), weight.cast(to: Float.self))
    for (actual, expected) in zip(actual, results(x, weight)) { #expect(isClose(actual, expected)) }
  }

  /// The same with views as operands, and a gradient of second order.
  @Test func gradientsOfGradientsAgree() {
    let (x, weight) = (random([2, 16, 9, 12], seed: 1).permuted([0, 3, 2, 1]), random([16, 16, 3, 3], seed: 2) / 12)
    func curvature<S: TensorScalar>(_ x: Tensor<S>, _ weight: Tensor<S>) -> (Tensor<S>, Tensor<S>) {
      gradient(at: x, weight) { x, weight in
        let slopes = gradient(at: x, weight) { squared($0.conv2d($1, padding: 1)).sum() }
        return squared(slopes.0).sum() + squared(slopes.1).sum()
      }
    }
    let actual = curvature(x.cast(to: Float.self), weight.cast(to: Float.self))
    let expected = curvature(x, weight)
    #expect(isClose(actual.0, expected.0) && isClose(actual.1, expected.1))
  }

  @Test(arguments: [0, 4]) func threadsChangeRoundingAtMost(_ index: Int) throws {
    let it = Self.cases[index]
    let before = Threads.count
    defer { Threads.count = before }
    func results(_ threads: Int) throws -> [Tensor<Float>] {
      Threads.count = threads
      return try winograd(
        random(it.images, seed: 1).cast(to: Float.self),
        random([it.outChannels, it.images[3], 3, 3], seed: 2).cast(to: Float.self),
        random(it.images.dropLast() + [it.outChannels], seed: 3).cast(to: Float.self), it)
    }
    let (one, two, again) = (try results(1), try results(2), try results(2))
    #expect(one[0].scalars == two[0].scalars && one[1].scalars == two[1].scalars)
    #expect(isClose(one[2], two[2].cast(to: Double.self)))
    for (first, second) in zip(two, again) { expectEqual(first.scalars, second.scalars) }
  }

  private func geometry(of it: Case, _ output: [Int]) -> ConvolutionGeometry {
    ConvolutionGeometry(
      window: .init(
        height: it.images[1], width: it.images[2], channels: it.images[3], pixel: it.images[3], kernel_height: 3,
        kernel_width: 3, stride: 1, padding: it.padding, dilation: 1, out_height: output[1], out_width: output[2]),
      images: it.images[0], outChannels: it.outChannels, groups: 1)
  }
}
