import Foundation
import Tensor
import Testing
import _TestSupport

/// The vectorised functions of `Float` against `Double`, in units in the last place (ulp).
@Suite struct KernelMathTests {
  /// Every 40,009th bit pattern: all magnitudes of both signs, subnormal numbers, infinities and NaN.
  static let everywhere =
    (0..<107_350).map { Float(bitPattern: UInt32($0) &* 40_009) }
    + [0, -0.0, .infinity, -.infinity, .nan, 1, -1, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
  /// Where the functions bend.
  static let nearby = (-40_000...40_000).map { Float($0) * 0.0025 }

  @Test func exponentials() { expect(exp, exp, within: 2) }
  @Test func exponentialsMinusOne() { expect(expm1, expm1, within: 2) }
  @Test func errorFunctions() { expect(erf, erf, within: 2) }
  @Test func logarithms() { expect(log, log, within: 2) }
  @Test func logarithmsOfOnePlus() { expect(log1p, log1p, within: 4) }
  @Test func hyperbolicTangents() { expect(tanh, tanh, within: 4) }
  @Test func sines() { expect(sin, sin, within: 1) }
  @Test func cosines() { expect(cos, cos, within: 1) }
  @Test func squareRoots() { expect(sqrt, sqrt, within: 0.5) }

  /// C's own functions.
  @Test func otherFunctions() {
    expect(tan, tan, within: 1)
    expect(asin, asin, within: 1)
    expect(acos, acos, within: 1)
    expect(sinh, sinh, within: 2)
    expect(cosh, cosh, within: 2)
    expect(asinh, asinh, within: 2)
    expect(acosh, acosh, within: 2)
    expect(atanh, atanh, within: 5)
    expect(log2, log2, within: 1)
    expect(log10, log10, within: 2)
    expect(exp2, exp2, within: 1)
    expect(cbrt, cbrt, within: 1)
    expect(erfc, erfc, within: 4)
    expect(lgamma, lgamma, within: 1)
  }

  @Test func angles() {
    for x: Float in [1, -3e-3] {
      expect({ atan2($0, Tensor(x)) }, { atan2($0, Tensor(Double(x))) }, within: 4) { abs($0 / x) > 1e-30 }
    }
    let zero = Tensor<Float>([0.0, -0.0])
    expectEqual(atan2(zero, Tensor(1)).scalars, [0, 0])
    expectEqual(atan2(zero, Tensor(-0.0)).scalars, [Float(Double.pi), -Float(Double.pi)])
    let corners = atan2(Tensor<Float>([.infinity, -.infinity]), Tensor(.infinity))
    #expect(
      corners.scalars == [Float(Double.pi / 4), -Float(Double.pi / 4)] && atan2(zero, Tensor(.nan)).isNaN.allTrue)
  }

  /// Below −88.7 the exponential overflows and the result is 0 instead of a subnormal number.
  @Test func sigmoids() {
    expect(sigmoid, sigmoid, within: 4) { $0 > -88 }
    expectEqual(sigmoid(Tensor<Float>([-88.8, -1000, -.infinity])).scalars, [0, 0, 0])
    expectEqual(sigmoid(Tensor<Float>([.infinity, 100, 0])).scalars, [1, 1, 0.5])
    #expect(sigmoid(Tensor<Float>([.nan])).scalars[0].isNaN)
  }

  @Test func softplusKeepsItsDigits() {
    expect(softplus, softplus, within: 4) { $0 > -80 }
    expectEqual(softplus(Tensor<Float>([-.infinity, .infinity, 200])).scalars, [0, .infinity, 200])
  }

  /// Of the distribution's function two bits of 1, whatever is small beside it.
  @Test func geluAndItsSlopeAreOffByBitsOfOne() {
    let x = Self.nearby.filter { abs($0) < 12 }
    let value = gelu(Tensor(x)).scalars
    let slope = gradient(at: Tensor(x)) { gelu($0).sum() }.scalars
    for (x, (value, slope)) in zip(x.map(Double.init), zip(value, slope)) {
      let share = 0.5 * erfc(-x / 2.0.squareRoot())
      expectLess(abs(Double(value) - x * share), abs(x) * 0x1p-22 + 1e-30, "\(x)")
      expectLess(abs(Double(slope) - share - x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()), 0x1p-21, "\(x)")
    }
    expectEqual(gelu(Tensor<Float>([0, 6, -6, .infinity])).scalars, [0, 6, 0, .infinity])
    #expect(gelu(Tensor<Float>([.nan, -.infinity])).isNaN.allTrue)
  }

  @Test func limits() {
    func expect(_ x: Tensor<Float>, are expected: [Float], at location: SourceLocation = #_sourceLocation) {
      #expect(x.scalars == expected, sourceLocation: location)
    }
    expect(exp(Tensor([-.infinity, .infinity, 0, 89])), are: [0, .infinity, 1, .infinity])
    expect(expm1(Tensor([-.infinity, .infinity, 0, 89])), are: [-1, .infinity, 0, .infinity])
    expect(erf(Tensor([-.infinity, .infinity, 0])), are: [-1, 1, 0])
    expect(log(Tensor([0, -0.0, 1, .infinity])), are: [-.infinity, -.infinity, 0, .infinity])
    #expect(log(Tensor<Float>([-1])).scalars[0].isNaN)
    expect(log1p(Tensor([-1, 0, .infinity])), are: [-.infinity, 0, .infinity])
    expect(tanh(Tensor([-.infinity, .infinity, 0])), are: [-1, 1, 0])
    let least: Double = -149 * 0.6931471805599453
    expectEqual(log(Tensor<Float>([.leastNonzeroMagnitude])).scalars[0], Float(least))
  }

  private func expect(
    _ float: (Tensor<Float>) -> Tensor<Float>, _ double: (Tensor<Double>) -> Tensor<Double>, within ulps: Double,
    at location: SourceLocation = #_sourceLocation, where isIncluded: (Float) -> Bool = { _ in true }
  ) {
    let inputs = (Self.everywhere + Self.nearby).filter(isIncluded)
    let actual = float(Tensor(inputs)).scalars
    let expected = double(Tensor(inputs.map { Double($0) })).scalars
    var (worst, at) = (0.0, Float(0))
    for i in inputs.indices {
      let error = ulpDistance(actual[i], expected[i])
      if !(error <= worst) { (worst, at) = (error, inputs[i]) }
    }
    #expect(worst <= ulps, "at \(at)", sourceLocation: location)
  }

  /// How far a result is from the exact one, measured in the spacing of `Float` there.
  private func ulpDistance(_ actual: Float, _ exact: Double) -> Double {
    if exact.isNaN || actual.isNaN { return exact.isNaN && actual.isNaN ? 0 : .infinity }
    let rounded = Float(exact)
    if actual == rounded { return 0 }
    if rounded.isInfinite || actual.isInfinite { return .infinity }
    return abs(Double(actual) - exact) / Double(rounded.ulp)
  }
}
