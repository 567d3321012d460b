import NN
import Tensor
import Testing
import _TestSupport

/// Where weights start: bounds and deviations as PyTorch's `torch.nn.init` has them.
@Suite struct InitializerTests {
  /// 40 outputs, 20 inputs of a window of 15: fan-in 300, fan-out 600.
  private static let shape = [40, 20, 3, 5]

  struct Initializer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let deviation: Double
    /// The greatest magnitude; nil where there is no bound.
    let bound: Double?
    let draw: @Sendable (inout RandomGenerator) -> Tensor<Double>
  }

  static let all = [
    Initializer(testDescription: "xavierUniform", deviation: (2.0 / 900).squareRoot(), bound: (6.0 / 900).squareRoot())
    {
      .xavierUniform(shape, using: &$0)
    },
    Initializer(
      testDescription: "xavierUniform, tanh", deviation: 5 / 3 * (2.0 / 900).squareRoot(),
      bound: 5 / 3 * (6.0 / 900).squareRoot()
    ) {
      .xavierUniform(shape, gain: 5 / 3, using: &$0)
    },
    Initializer(testDescription: "xavierNormal", deviation: 2 * (2.0 / 900).squareRoot(), bound: nil) {
      .xavierNormal(shape, gain: 2, using: &$0)
    },
    Initializer(
      testDescription: "kaimingUniform, in", deviation: (2.0 / 300).squareRoot(), bound: (6.0 / 300).squareRoot()
    ) {
      .kaimingUniform(shape, fan: .in, using: &$0)
    },
    Initializer(
      testDescription: "kaimingUniform, out", deviation: (1.0 / 600).squareRoot(), bound: (3.0 / 600).squareRoot()
    ) {
      .kaimingUniform(shape, fan: .out, gain: 1, using: &$0)
    },
    Initializer(testDescription: "kaimingNormal, in", deviation: (2.0 / 300).squareRoot(), bound: nil) {
      .kaimingNormal(shape, fan: .in, using: &$0)
    },
    Initializer(testDescription: "kaimingNormal, out", deviation: (2.0 / 600).squareRoot(), bound: nil) {
      .kaimingNormal(shape, fan: .out, using: &$0)
    },
    // The deviation of a normal distribution cut at two deviations is 0.8796.
    Initializer(testDescription: "truncatedNormal", deviation: 0.8796 * 0.02, bound: 0.04) {
      .truncatedNormal(shape, deviation: 0.02, in: -0.04...0.04, using: &$0)
    },
  ]

  @Test(arguments: all) func hasMeanDeviationAndBounds(_ initializer: Initializer) {
    var generator = RandomGenerator(seed: 7)
    let weight = initializer.draw(&generator)
    expectEqual(weight.shape, Self.shape)
    let scalars = weight.scalars
    let mean = scalars.reduce(0, +) / Double(scalars.count)
    let deviation = (scalars.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scalars.count)).squareRoot()
    expectLess(abs(mean), 0.03 * initializer.deviation)
    expectLess(abs(deviation / initializer.deviation - 1), 0.02)
    let greatest = scalars.map(\.magnitude).max()!
    if let bound = initializer.bound {
      #expect(greatest <= bound && greatest > 0.999 * bound)
    } else {
      #expect(greatest > 3 * initializer.deviation)
    }
    var again = RandomGenerator(seed: 7)
    expectEqual(initializer.draw(&again).scalars, scalars)
  }

  @Test(arguments: [[4, 7], [7, 4], [5, 5], [6, 2, 3], [3, 2, 2, 2]]) func orthogonalRowsOrColumns(_ shape: [Int]) {
    var generator = RandomGenerator(seed: 3)
    let weight = Tensor<Double>.orthogonal(shape, gain: 2, using: &generator)
    expectEqual(weight.shape, shape)
    let matrix = weight.reshaped([shape[0], weight.count / shape[0]])
    let wide = matrix.shape[0] <= matrix.shape[1]
    let products = wide ? matrix.matmul(matrix.transposed()) : matrix.transposed().matmul(matrix)
    expectLess(difference(products, Tensor<Double>.eye(products.shape[0]) * 4), 1e-12)
  }

  /// Without the signs of R, the first element of the first column would never be positive.
  @Test func everyOrthogonalMatrixIsAsLikely() {
    var generator = RandomGenerator(seed: 4)
    let positive = (0..<200).count { _ in Tensor<Float>.orthogonal([2, 2], using: &generator).scalars[0] > 0 }
    #expect((60...140).contains(positive))
  }

  @Test func vectorsTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Tensor<Float>.xavierUniform([3], using: &generator)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("xavierUniform: shape [3] has no fan") && message.contains("InitializerTests.swift"))
  }
}
