import Foundation
import Tensor
import Testing
import _TestSupport

/// Division of integers, remainders, rounding, and the gamma function where goldens do not reach.
@Suite struct DivisionTests {
  private let a = Labels([7, -7, 7, -7, 6, .min])
  private let b = Labels([2, 2, -2, -2, 3, 2])

  @Test func integers() {
    expectEqual((a / b).scalars, [3, -3, -3, 3, 2, .min / 2])
    expectEqual((a % b).scalars, [1, -1, 1, -1, 0, 0])
    expectEqual(floorDivide(a, b).scalars, [3, -4, -4, 3, 2, .min / 2])
    expectEqual(remainder(a, b).scalars, [1, 1, -1, -1, 0, 0])
    #expect((a % -1).scalars == [0, 0, 0, 0, 0, 0] && (100 / Labels([7, -7])).scalars == [14, -14])
    #expect((Tensor<UInt8>([200, 7]) / 3).scalars == [66, 2] && (200 % Tensor<UInt8>([255, 7])).scalars == [200, 4])
    expectEqual(floorDivide(Tensor<UInt8>([255]), Tensor<UInt8>([255])).item, 1)
    var x = Labels([[17], [-17]])
    x /= 3
    expectEqual(x.scalars, [5, -5])
    x %= Labels([2, 3])
    expectEqual(x.scalars, [1, 2, -1, -2])
    x /= x
    x %= 2
    expectEqual(x.scalars, [1, 1, 1, 1])
  }

  @Test func everyQuotientAndRemainderOfBytesFit() {
    let range = Labels.range(from: -20, to: 21)
    let (x, y) = (range.unsqueezed(1), range.replacing(with: 5, where: range .== 0))
    #expect((x / y * y + x % y .== x).allTrue && (floorDivide(x, y) * y + remainder(x, y) .== x).allTrue)
    let (floats, divisors) = (x.cast(to: Double.self), y.cast(to: Double.self))
    #expect((floorDivide(x, y).cast(to: Double.self) .== floorDivide(floats, divisors)).allTrue)
    #expect((remainder(x, y).cast(to: Double.self) .== remainder(floats, divisors)).allTrue)
    #expect(((x % y).cast(to: Double.self) .== fmod(floats, divisors)).allTrue)
  }

  @Test func whatCannotBeDividedTraps() async {
    let zero = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Labels([1, 2]) / Labels([1, 0])
    }
    #expect(trapMessage(zero).contains("/: a result of [2] and [2] divides by 0"))
    let rest = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = remainder(Tensor<UInt8>([1]), Tensor<UInt8>(0))
    }
    #expect(trapMessage(rest).contains("remainder: a result of [1] and [] divides by 0"))
    let smallest = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = floorDivide(Labels([.min]), Labels([-1]))
    }
    #expect(trapMessage(smallest).contains("floorDivide: a result of [1] and [1] does not fit Int"))
  }

  @Test func divisionsOfNumbersAtTheirLimits() {
    let x = Tensor<Double>([1, -1, 0])
    expectEqual(floorDivide(x, Tensor(0)).scalars.prefix(2), [.infinity, -.infinity])
    #expect(floorDivide(x, Tensor(0))[2].item.isNaN && remainder(x, Tensor(0)).isNaN.allTrue)
    expectEqual(remainder(Tensor<Double>(5), Tensor(.infinity)).item, 5)
    // The quotient is 3 though 0.3 / 0.1 is less in floating point.
    expectEqual(floorDivide(Tensor<Double>(0.3), Tensor(0.1)).item, 2)
    expectEqual(floorDivide(Tensor<Double>(6), Tensor(0.1)).item, 59)
  }

  @Test func roundingRules() {
    let x = Tensor<Double>([-2.5, -1.2, -0.5, 0.5, 1.5, 2.5, 0.49999999999999994])
    let rules: [FloatingPointRoundingRule] = [
      .toNearestOrEven, .toNearestOrAwayFromZero, .up, .down, .towardZero, .awayFromZero,
    ]
    for rule in rules { expectEqual(x.rounded(rule).scalars, x.scalars.map { $0.rounded(rule) }, "\(rule)") }
    expectEqual(Tensor<Float>([.nan, .infinity, 1e30]).rounded().scalars.dropFirst(), [.infinity, 1e30])
    #expect(!floor(x.tracked()).isTracked && !x.tracked().rounded(.awayFromZero).isTracked)
  }

  @Test func gammaFunction() {
    let x = Tensor<Double>([0.1, 1, 2.5, 10, -0.3, -2.5, -7.25])
    // Γ(x + 1) = x Γ(x), differentiated.
    for order in 0...4 {
      let step = polygamma(order, x + 1) - polygamma(order, x)
      let factorial = Double((1...max(order, 1)).reduce(1, *)) * (order % 2 == 0 ? 1 : -1)
      expectLess(difference(step, x.raised(to: -Double(order + 1)) * factorial), 1e-11, "\(order)")
    }
    expectLess(abs(polygamma(1, Tensor<Double>(1)).item - Double.pi * Double.pi / 6), 1e-15)
    expectLess(abs(polygamma(1, Tensor<Double>(-0.5)).item - (Double.pi * Double.pi / 2 + 4)), 1e-14)
    expectEqual(digamma(Tensor<Double>([0.0, -0.0])).scalars, [-.infinity, .infinity])
    #expect(
      digamma(Tensor<Double>([-1, -.infinity, .nan])).isNaN.allTrue
        && digamma(Tensor<Double>(.infinity)).item == .infinity)
    expectEqual(polygamma(1, Tensor<Double>([0, -1])).scalars, [.infinity, .infinity])
    expectEqual(polygamma(1, Tensor<Double>([.infinity, 1e8])).scalars.first, 0)
    expectLess(abs(polygamma(1, Tensor<Double>(-1e-3)).item * 1e-6 - 1), 1e-5)
    expectLess(difference(digamma(Tensor<Float>([0.5, 3])).cast(to: Double.self), digamma(Tensor([0.5, 3]))), 1e-7)
  }
}
