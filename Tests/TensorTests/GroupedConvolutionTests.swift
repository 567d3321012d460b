import Testing
import _TestSupport

@testable import Tensor

/// Convolutions in groups, against one convolution for each group.
@Suite struct GroupedConvolutionTests {
  struct Case: Sendable, CustomStringConvertible {
    var images: [Int]
    var groups: Int
    var outChannels: Int
    var kernel = [3, 3]
    var stride = 1
    var padding = 1
    var dilation = 1

    var weight: [Int] { [outChannels, images[3] / groups] + kernel }
    var description: String {
      "\(images) \(weight) in \(groups), stride \(stride), padding \(padding), dilation \(dilation)"
    }
  }

  /// Channels below, at, between and above multiples of a vector; every kind of border, taps that never meet the image or meet it
  /// at every second pixel only, and rows between the windows.
  static let depthwise = [
    Case(images: [2, 9, 11, 32], groups: 32, outChannels: 32),
    Case(images: [1, 7, 6, 3], groups: 3, outChannels: 3, kernel: [2, 4], stride: 2),
    Case(images: [3, 8, 9, 24], groups: 24, outChannels: 24, stride: 2),
    Case(images: [2, 13, 21, 19], groups: 19, outChannels: 19, kernel: [5, 4], stride: 3, padding: 4, dilation: 2),
    Case(images: [2, 6, 7, 17], groups: 17, outChannels: 17, kernel: [1, 1], stride: 3, padding: 0),
    Case(images: [1, 4, 3, 16], groups: 16, outChannels: 16, kernel: [3, 2], stride: 2, padding: 3, dilation: 4),
    Case(images: [2, 1, 40, 33], groups: 33, outChannels: 33, kernel: [7, 7], padding: 3),
    Case(images: [2, 5, 7, 9], groups: 9, outChannels: 27), Case(images: [1, 6, 5, 8], groups: 8, outChannels: 16),
    Case(images: [1, 40, 37, 40], groups: 40, outChannels: 40, kernel: [5, 5], stride: 2, padding: 2),
  ]

  /// Groups of every size that has a form of its own, on one side or on both, and others.
  static let grouped = [
    Case(images: [2, 9, 10, 6], groups: 3, outChannels: 6), Case(images: [1, 8, 7, 34], groups: 17, outChannels: 34),
    Case(images: [2, 7, 9, 32], groups: 8, outChannels: 32, stride: 2),
    Case(images: [1, 9, 8, 20], groups: 5, outChannels: 20, kernel: [4, 5], stride: 2, padding: 3, dilation: 2),
    Case(images: [2, 6, 6, 24], groups: 3, outChannels: 24, kernel: [2, 3], stride: 3, padding: 2),
    Case(images: [1, 30, 31, 40], groups: 5, outChannels: 40), Case(images: [2, 5, 6, 8], groups: 2, outChannels: 12),
    Case(images: [2, 7, 7, 32], groups: 2, outChannels: 32), Case(images: [1, 6, 5, 40], groups: 2, outChannels: 34),
    Case(images: [2, 9, 7, 36], groups: 2, outChannels: 6, kernel: [2, 5], stride: 2, padding: 3, dilation: 2),
    Case(images: [2, 6, 7, 6], groups: 2, outChannels: 36, kernel: [1, 1], padding: 0),
    Case(images: [3, 5, 5, 48], groups: 3, outChannels: 48, kernel: [1, 1], stride: 2, padding: 1),
  ]

  private func random(_ shape: [Int], seed: UInt64) -> Tensor<Double> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  private func together<S: TensorScalar>(_ x: Tensor<S>, _ weight: Tensor<S>, _ it: Case) -> Tensor<S> {
    x.conv2d(weight, stride: it.stride, padding: it.padding, dilation: it.dilation, groups: it.groups)
  }

  private func apart<S: TensorScalar>(_ x: Tensor<S>, _ weight: Tensor<S>, _ it: Case) -> Tensor<S> {
    let (inputs, outputs) = (it.weight[1], it.outChannels / it.groups)
    let parts = (0..<it.groups).map { (group: Int) -> Tensor<S> in
      let part = x.sliced(along: 3, group * inputs..<(group + 1) * inputs)
      let kernels = weight[group * outputs..<(group + 1) * outputs]
      return part.conv2d(kernels, stride: it.stride, padding: it.padding, dilation: it.dilation)
    }
    return .concatenated(parts, along: 3)
  }

  /// Value and gradients, where the gradient of the output is random.
  private func results<S: TensorScalar>(
    _ x: Tensor<S>, _ weight: Tensor<S>, _ convolve: (Tensor<S>, Tensor<S>) -> Tensor<S>
  ) -> [Tensor<S>] {
    let (value, pull) = vjp(at: [x, weight]) { convolve($0[0], $0[1]) }
    return [value] + pull(random(value.shape, seed: 3).cast(to: S.self))
  }

  @Test(arguments: depthwise + grouped) func groupsDoNotSeeEachOther(_ it: Case) {
    let (x, weight) = (random(it.images, seed: 1), random(it.weight, seed: 2))
    let expected = results(x, weight) { apart($0, $1, it) }
    for (actual, expected) in zip(results(x, weight) { together($0, $1, it) }, expected) {
      #expect(actual.shape == expected.shape && difference(actual, expected) < 1e-12 * abs(expected).max().item)
    }
    let floats = results(x.cast(to: Float.self), weight.cast(to: Float.self)) { together($0, $1, it) }
    for (actual, expected) in zip(floats, expected) {
      expectLess(difference(actual.cast(to: Double.self), expected), 2e-6 * abs(expected).max().item)
    }
  }

  /// The same with views as operands, and a gradient of second order.
  @Test(arguments: [depthwise[1], depthwise[7], grouped[3], grouped[9]]) func gradientsOfGradientsAgree(_ it: Case) {
    let x = random([it.images[0], it.images[3], it.images[2], it.images[1]], seed: 1).permuted([0, 3, 2, 1])
    let weight = random(it.weight.reversed(), seed: 2).permuted([3, 2, 1, 0])
    func curvature(_ convolve: (Tensor<Double>, Tensor<Double>) -> Tensor<Double>) -> [Tensor<Double>] {
      let gradients = gradient(at: x, weight) { x, weight in
        let slopes = gradient(at: x, weight) { squared(convolve($0, $1)).sum() }
        return squared(slopes.0).sum() + squared(slopes.1).sum()
      }
      return [gradients.0, gradients.1]
    }
    for (actual, expected) in zip(curvature { together($0, $1, it) }, curvature { apart($0, $1, it) }) {
      expectLess(difference(actual, expected), 1e-12 * abs(expected).max().item)
    }
  }

  /// Only the weight's gradient is a sum over what the threads share out.
  @Test func threadsChangeRoundingAtMost() {
    let before = Threads.count
    defer { Threads.count = before }
    for it in [Self.depthwise[9], Self.grouped[5]] {
      func results(_ threads: Int) -> [Tensor<Float>] {
        Threads.count = threads
        return self.results(
          random(it.images, seed: 1).cast(to: Float.self), random(it.weight, seed: 2).cast(to: Float.self)
        ) { together($0, $1, it) }
      }
      let (one, two, again) = (results(1), results(2), results(2))
      #expect(difference(one[0], two[0]) == 0 && difference(one[1], two[1]) == 0, "\(it)")
      expectLess(difference(one[2], two[2]), 1e-5 * Double(abs(one[2]).max().item), "\(it)")
      for (first, second) in zip(two, again) { expectEqual(difference(first, second), 0, "\(it)") }
    }
  }
}
