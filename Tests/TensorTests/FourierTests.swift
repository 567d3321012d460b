import Foundation
import Tensor
import Testing
import _TestSupport

/// Discrete Fourier transforms of many lengths, against the sum that defines them.
@Suite struct FourierTests {
  @Test(arguments: [1, 2, 3, 4, 8, 30, 31, 37, 74, 97, 128, 360, 1009]) func agreesWithTheSum(_ count: Int) {
    var generator = RandomGenerator(seed: UInt64(count))
    let x = Tensor<Double>.normal([2, count, 2], using: &generator)
    let found = x.fft()
    let values = x.scalars
    for row in 0..<2 {
      for k in Set([0, 1, count / 2, count - 1]) where k < count {
        var (real, imaginary) = (0.0, 0.0)
        for t in 0..<count {
          let angle = -2 * Double.pi * Double(k * t % count) / Double(count)
          let (a, b) = (values[2 * (row * count + t)], values[2 * (row * count + t) + 1])
          real += a * cos(angle) - b * sin(angle)
          imaginary += a * sin(angle) + b * cos(angle)
        }
        #expect(found[row, k].allClose(to: Tensor([real, imaginary]), absoluteTolerance: 1e-11 * Double(count)))
      }
    }
    #expect(found.ifft().allClose(to: x, absoluteTolerance: 1e-12))
    let real = x.select(along: -1, 0)
    #expect(real.rfft().irfft(count: count).allClose(to: real, absoluteTolerance: 1e-12))
    #expect(found.cast(to: Float.self).allClose(to: x.cast(to: Float.self).fft(), absoluteTolerance: 1e-4))
  }

  /// A circular convolution is a product of transforms.
  @Test func convolution() {
    let (a, b) = (Tensor<Double>([1, 2, 3, 0, 0]), Tensor<Double>([0, 1, 0.5, 0, 0]))
    let (x, y) = (a.rfft(), b.rfft())
    let (xr, xi, yr, yi) = (x[..., 0], x[..., 1], y[..., 0], y[..., 1])
    let product = Tensor.stacked([xr * yr - xi * yi, xr * yi + xi * yr], along: 1)
    #expect(product.irfft(count: 5).allClose(to: [0, 1, 2.5, 4, 1.5], absoluteTolerance: 1e-12))
  }

  @Test func manyRowsOnAllThreads() {
    var generator = RandomGenerator(seed: 3)
    let x = Tensor<Float>.normal([500, 16, 18], using: &generator)
    let found = x.rfft2()
    #expect(found.shape == [500, 16, 10, 2] && found[499].allClose(to: x[499].rfft2(), absoluteTolerance: 1e-5))
    #expect(found.irfft2().allClose(to: x, absoluteTolerance: 1e-5))
  }
}
