import Testing
import _TestSupport

@testable import Tensor

/// Products of bfloat16, by packed pairs and by `Float`'s loops, against `Double`.
///
/// Each bound but Winograd's is derived: the operands are rounded first, so that a product of two is exact in `Float`; a sum of n of them is off by
/// at most n · 2⁻²⁴ times the sum of their magnitudes, and a result that is stored as bfloat16 by 2⁻⁸ of itself more.
@Suite struct NarrowProductTests {
  private func random(_ shape: [Int], seed: UInt64) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    return Tensor(Tensor<Float>.normal(shape, using: &generator).array.narrowed())
  }

  /// Whether a result is within its bound of `exact`; `magnitudes` is the same product of the operands' magnitudes.
  private func isClose(
    _ actual: Tensor<Float>, _ exact: Tensor<Double>, _ magnitudes: Tensor<Double>, depth: Int, scale: Double = 1
  ) -> Bool {
    let stored = actual.array.isBFloat16 ? abs(exact) * 0x1p-8 : abs(exact) * 0
    let bound = (magnitudes * (Double(depth + 2) * 0x1p-24 * scale) + stored) * 1.01 + 1e-30
    return actual.shape == exact.shape && (abs(actual.cast(to: Double.self) - exact) .<= bound).allTrue
  }

  private func doubles(_ x: Tensor<Float>) -> Tensor<Double> { x.cast(to: Double.self) }

  /// Runs a test with either kind of loops.
  private func bothWays(_ body: (_ isPacked: Bool) throws -> Void) rethrows {
    for isPacked in [true, false] { try PackedBFloat16.$isUsed.withValue(isPacked) { try body(isPacked) } }
  }

  /// Odd depths, rows and columns that do not fill a tile, matrices that are split by rows, by columns and along the depth.
  static let products = [
    [1, 1, 1], [5, 3, 7], [6, 16, 32], [7, 33, 17], [13, 8, 100], [180, 65, 100], [64, 512, 180], [3, 5000, 9],
    [200, 130, 600],
  ]

  @Test(arguments: products) func matrixProducts(_ sizes: [Int]) {
    let (m, k, n) = (sizes[0], sizes[1], sizes[2])
    let (a, b) = (random([m, k], seed: 1), random([k, n], seed: 2))
    let (exact, magnitudes) = (doubles(a).matmul(doubles(b)), abs(doubles(a)).matmul(abs(doubles(b))))
    let (at, bt) = (random([k, m], seed: 1).transposed(), random([n, k], seed: 2).transposed())
    let (exactT, magnitudesT) = (doubles(at).matmul(doubles(bt)), abs(doubles(at)).matmul(abs(doubles(bt))))
    bothWays { isPacked in
      let stored = withPrecision(.bfloat16) { a.matmul(b) }
      #expect(stored.array.isBFloat16 && isClose(stored, exact, magnitudes, depth: k), "packed: \(isPacked)")
      let full = Engine.with(.operands) { a.matmul(b) }
      #expect(!full.array.isBFloat16 && isClose(full, exact, magnitudes, depth: k), "packed: \(isPacked)")
      let transposed = Engine.with(.operands) { at.matmul(bt) }
      #expect(isClose(transposed, exactT, magnitudesT, depth: k), "packed: \(isPacked), transposed")
    }
  }

  @Test func batchesBroadcastAndPermute() {
    let (a, b) = (random([3, 1, 9, 10], seed: 1), random([4, 8, 10], seed: 2).transposed())
    let (exact, magnitudes) = (doubles(a).matmul(doubles(b)), abs(doubles(a)).matmul(abs(doubles(b))))
    bothWays { isPacked in
      let result = withPrecision(.bfloat16) { a.matmul(b) }
      #expect(isClose(result, exact, magnitudes, depth: 10), "packed: \(isPacked)")
    }
  }

  /// Without elements, and with a depth of nothing.
  @Test func emptyMatrices() {
    bothWays { _ in
      withPrecision(.bfloat16) {
        expectEqual(zeros(3, 0).matmul(zeros(0, 2)).scalars, [0, 0, 0, 0, 0, 0])
        expectEqual(zeros(0, 4).matmul(zeros(4, 2)).shape, [0, 2])
        expectEqual(zeros(2, 4).matmul(zeros(4, 0)).shape, [2, 0])
      }
    }
  }

  /// Full operands are rounded, to nearest.
  @Test func operandsAreRounded() {
    bothWays { isPacked in
      let product = withPrecision(.bfloat16) { Tensor<Float>([[1.001, 3]]).matmul(Tensor([[1.001], [2]])) }
      expectEqual(product.scalars, [7], "packed: \(isPacked)")
    }
  }

  /// Infinities and NaN come out where they would in `Float`, and are not carried to other rows by the padding of odd depths.
  @Test func infinitiesAndNaNStayInTheirRows() {
    bothWays { isPacked in
      let a = Tensor<Float>([[1, 2, .infinity], [1, 2, 3], [.nan, 2, 3], [4, 5, 6]])
      let product = withPrecision(.bfloat16) { a.matmul(Tensor([[1], [1], [1]])) }.scalars
      #expect(product[0] == .infinity && product[1] == 6 && product[2].isNaN && product[3] == 15, "packed: \(isPacked)")
    }
  }

  struct Convolution: Sendable {
    var images: [Int]
    var weight: [Int]
    var stride = 1
    var padding = 0
    var dilation = 1
    var groups = 1
  }

  static let convolutions = [
    Convolution(images: [2, 9, 8, 3], weight: [10, 3, 7, 7], stride: 2, padding: 3),
    Convolution(images: [2, 6, 7, 16], weight: [24, 16, 1, 1]),
    Convolution(images: [2, 6, 7, 16], weight: [40, 16, 1, 1], stride: 2),
    Convolution(images: [3, 9, 10, 5], weight: [7, 5, 3, 3], stride: 2, padding: 1),
    Convolution(images: [2, 8, 9, 6], weight: [9, 6, 3, 2], padding: 2, dilation: 2),
    Convolution(images: [2, 14, 14, 16], weight: [24, 16, 3, 3], padding: 1),
    Convolution(images: [8, 7, 7, 176], weight: [184, 176, 3, 3], padding: 1),
    Convolution(images: [2, 6, 5, 8], weight: [12, 2, 3, 3], padding: 1, groups: 4),
  ]

  @Test(arguments: convolutions) func convolutionsAndTheirGradients(_ it: Convolution) {
    func all<S: TensorScalar>(_ x: Tensor<S>, _ w: Tensor<S>, _ g: Tensor<S>) -> [Tensor<S>] {
      let (value, pull) = vjp(at: [x, w]) {
        $0[0].conv2d($0[1], stride: it.stride, padding: it.padding, dilation: it.dilation, groups: it.groups)
      }
      return [value] + pull(g)
    }
    let (x, w) = (random(it.images, seed: 1), random(it.weight, seed: 2))
    let shape = x.conv2d(w, stride: it.stride, padding: it.padding, dilation: it.dilation, groups: it.groups).shape
    let g = random(shape, seed: 3)
    let exact = all(doubles(x), doubles(w), doubles(g))
    let magnitudes = all(abs(doubles(x)), abs(doubles(w)), abs(doubles(g)))
    let kernel = it.weight[2] * it.weight[3]
    let depths = [it.weight[1] * kernel, it.weight[0] / it.groups * kernel, shape[0] * shape[1] * shape[2]]
    // Winograd's transforms enlarge the rounding error; how much is tried, not derived: thirty times is enough for these shapes.
    let scale = kernelsAreOptimized && kernel == 9 ? 30.0 : 1
    bothWays { isPacked in
      let stored = Engine.with(.everything) { all(x, w, g) }
      #expect(stored[0].array.isBFloat16)
      let full = Engine.with(.operands) { all(x, w, g) }
      #expect(!full[0].array.isBFloat16)
      for results in [stored, full] {
        for (index, result) in results.enumerated() {
          #expect(
            isClose(result, exact[index], magnitudes[index], depth: depths[index], scale: scale),
            "packed: \(isPacked), result \(index)")
        }
      }
    }
  }

  @Test func cosinesAndTheirGradients() {
    for sizes in [[5, 7, 9], [20, 33, 70], [90, 11, 16]] {
      let (a, b) = (random([sizes[0], sizes[2]], seed: 1), random([sizes[1], sizes[2]], seed: 2))
      let g = random([sizes[0], sizes[1]], seed: 3)
      func all<S: TensorScalar>(_ a: Tensor<S>, _ b: Tensor<S>, _ g: Tensor<S>) -> [Tensor<S>] {
        let (value, pull) = vjp(at: [a, b]) { $0[0].cosineSimilarities(to: $0[1]) }
        return [value] + pull(g)
      }
      let exact = all(doubles(a), doubles(b), doubles(g))
      bothWays { isPacked in
        let results = withPrecision(.bfloat16) { all(a, b, g) }
        #expect(!results[0].array.isBFloat16 && difference(doubles(results[0]), exact[0]) < 1e-6)
        // The gradient of the cosines is rounded before it is multiplied: 2⁻⁸ of each of at most 33 or 90 addends of about 1 / length.
        for (result, exact) in zip(results[1...], exact[1...]) {
          expectLess(
            difference(doubles(result), exact), 0x1p-8 * 2 * abs(exact).max().item, "packed: \(isPacked), \(sizes)")
        }
      }
    }
  }
}
