import Tensor
import Testing
import _TestSupport

/// Values and gradients where functions have kinks, poles or nothing to work on.
@Suite struct EdgeCaseTests {
  private func slopes(
    _ x: [Double], _ function: (Tensor<Double>) -> Tensor<Double>
  ) -> [Double] {
    gradient(at: Tensor(x)) { function($0).sum() }.scalars
  }

  @Test func kinks() {
    expectEqual(slopes([-1, 0, 2]) { relu($0) }, [0, 0, 1])
    expectEqual(slopes([-1, 0, 2]) { abs($0) }, [-1, 0, 1])
    expectEqual(slopes([-1, 0, 2]) { leakyRelu($0, slope: 0.25) }, [0.25, 0.25, 1])
    expectEqual(slopes([0, 2]) { elu($0, alpha: 0.5) }, [0.5, 1])
    expectEqual(slopes([-1, 0, 1]) { hardTanh($0) }, [0, 1, 0])
    expectEqual(slopes([-3, 3]) { hardSigmoid($0) }, [0, 0])
    expectEqual(slopes([-3, 3]) { hardSwish($0) }, [0, 1])
  }

  @Test func tiesShareTheGradient() {
    expectEqual(slopes([3, 1, 3]) { $0.max() }, [0.5, 0, 0.5])
    expectEqual(slopes([1, 1, 2]) { $0.min(along: 0) }, [0.5, 0.5, 0])
    let (a, b) = gradient(at: Tensor<Double>([1, 2]), Tensor<Double>([1, 3])) { maximum($0, $1).sum() }
    expectEqual(a.scalars, [0.5, 0])
    expectEqual(b.scalars, [0.5, 1])
    let (c, d) = gradient(at: Tensor<Double>([1, 2]), Tensor<Double>([1, 3])) { minimum($0, $1).sum() }
    expectEqual(c.scalars, [0.5, 1])
    expectEqual(d.scalars, [0.5, 0])
    let first = Tensor<Double>([2, 2, 1])
    expectEqual(first.argmax(along: 0).item, 0, "of equal elements the position of the first")
  }

  @Test func boundsOfAClamp() {
    expectEqual(slopes([-1, 0, 1, 2, 3]) { $0.clamped(to: 0...2) }, [0, 0, 1, 0, 0])
    expectEqual(slopes([-1, 0, 1]) { $0.clamped(to: 0...) }, [0, 0, 1])
    expectEqual(slopes([-1, 0, 1]) { $0.clamped(to: ...0) }, [1, 0, 0])
    expectEqual(Tensor<Double>([-1, .nan]).clamped(to: 0...).scalars[0], 0)
    #expect(Tensor<Double>([.nan]).clamped(to: 0...1).isNaN.allTrue)
  }

  @Test func largeArgumentsDoNotPoisonGradients() {
    expectEqual(slopes([1e4, -1e4]) { elu($0) }, [1, 0])
    expectEqual(slopes([1e4, -1e4]) { gelu($0) }, [1, 0])
    expectEqual(slopes([50, -50]) { gelu($0, approximate: true) }, [1, 0])
    expectEqual(slopes([800, -800]) { silu($0) }, [1, 0])
    expectEqual(slopes([800, -800]) { softplus($0) }, [1, 0])
  }

  @Test func zeros() {
    expectEqual(slopes([0]) { sqrt($0) }, [.infinity])
    expectEqual(slopes([0, 3]) { $0.raised(to: 0) }, [0, 0])
    expectEqual(slopes([0]) { $0.raised(to: 1) }, [1])
    expectEqual(reciprocal(Tensor<Double>([0.0, -0.0])).scalars, [.infinity, -.infinity])
    let (dy, dx) = gradient(at: Tensor<Double>(0), Tensor<Double>(0)) { atan2($0, $1) }
    expectEqual(dy.item, 0)
    expectEqual(dx.item, 0)
    let (dBase, dExponent) = gradient(at: Tensor<Double>(0), Tensor<Double>(2)) { pow($0, $1) }
    expectEqual(dBase.item, 0)
    expectEqual(dExponent.item, 0)
    expectEqual(slopes([0, 0]) { $0.normalized(along: 0) * 1e-12 }, [1, 1])
    expectEqual(Tensor<Double>([0, 0]).normalized(along: 0).scalars, [0, 0])
    #expect(slopes([0]) { rsqrt($0) } == [-.infinity] && slopes([0]) { log($0) } == [.infinity])
  }

  /// The table in the doc comment of `pow`.
  @Test func powersOfZero() {
    let exponents = Tensor<Double>([0, 0.5, 1, 1.5, 2, -1])
    let (ofBase, ofExponent) = gradient(at: .zeros([6]), exponents) { pow($0, $1).sum() }
    expectEqual(ofBase.scalars, [0, .infinity, 1, 0, 0, -.infinity])
    expectEqual(ofExponent.scalars, [0, 0, 0, 0, 0, -.infinity])
    for (exponent, slope) in zip(exponents.scalars, ofBase.scalars) {
      expectEqual(slopes([0]) { $0.raised(to: exponent) }, [slope])
    }
    let (ofTwo, _) = gradient(at: Tensor<Double>(-2), Tensor<Double>(3)) { pow($0, $1) }
    expectEqual(ofTwo.item, 12)
    #expect(pow(Tensor<Double>(-2), Tensor<Double>(0.5)).item.isNaN)
  }

  @Test func poles() {
    let (above, below) = gradient(at: Tensor<Double>([1, 0, -2]), Tensor<Double>([0, 0, 0])) { ($0 / $1).sum() }
    expectEqual(above.scalars, [.infinity, .infinity, .infinity])
    #expect(below[0].item == -.infinity && below[1].item.isNaN && below[2].item == .infinity)
    expectEqual(log1p(Tensor<Double>(-1)).item, -.infinity)
    expectEqual(slopes([-1]) { log1p($0) }, [.infinity])
  }

  @Test func infinitiesInActivations() {
    for activation in [{ gelu($0) }, { gelu($0, approximate: true) }, { silu($0) }]
      as [(Tensor<Double>) -> Tensor<Double>]
    {
      let values = activation(Tensor([.infinity, -.infinity])).scalars
      #expect(values[0] == .infinity && values[1].isNaN)
      #expect(Tensor(slopes([.infinity, -.infinity], activation)).isNaN.allTrue)
    }
  }

  @Test func theGreatestOfNaN() {
    #expect(Tensor<Double>([1, .nan, 2]).max().item.isNaN && Tensor<Double>([1, .nan, 2]).min().item.isNaN)
    #expect(
      Tensor(slopes([1, .nan, 2]) { $0.max() }).isNaN.allTrue && Tensor(slopes([1, .nan]) { $0.min() }).isNaN.allTrue)
  }

  @Test func cosinesOfNothing() {
    let (rows, others) = (Tensor<Double>([[0, 0], [3, 4]]), Tensor<Double>([[0, 2]]))
    expectEqual(rows.cosineSimilarities(to: others).scalars, [0, 0.8])
    let (left, right) = gradient(at: rows[0..<1], others) { $0.cosineSimilarities(to: $1).sum() }
    #expect(difference(left * 1e-12, [[0, 1]]) < 1e-12 && right.scalars == [0, 0])
  }

  @Test func mixedDerivativesOfPowersAtExponentZero() {
    let (base, exponent) = (Tensor<Double>(2), Tensor<Double>(0))
    let baseFirst = gradient(at: exponent) { e in gradient(at: base) { pow($0, e) } }
    let exponentFirst = gradient(at: base) { b in gradient(at: exponent) { pow(b, $0) } }
    expectEqual(baseFirst.item, 0)
    expectEqual(exponentFirst.item, 0.5)
  }

  @Test func anglesOfTheAxes() {
    let angles = atan2(Tensor<Double>([0, 1, 0, -1, 0]), Tensor<Double>([1, 0, -1, 0, 0]))
    expectLess(difference(angles, Tensor([0, .pi / 2, .pi, -.pi / 2, 0])), 1e-15)
  }

  @Test(arguments: [0.5, 1, 1.5, 2, 3, .infinity, -.infinity]) func normOfNothing(_ order: Double) {
    expectEqual(slopes([0, 0, 0]) { $0.norm(order) }, [0, 0, 0])
    expectEqual(Tensor<Double>([0, 0]).norm(order).item, 0)
    let nearZero = slopes([0, 3]) { $0.norm(order) }
    #expect(Tensor(nearZero).isFinite.allTrue)
  }

  @Test func normsOfFewKinds() {
    let x = Tensor<Double>([0, 3, -4])
    expectEqual(x.norm(0).item, 2)
    expectEqual(x.norm(1).item, 7)
    expectEqual(x.norm().item, 5)
    expectEqual(x.norm(.infinity).item, 4)
    expectEqual(x.norm(-.infinity).item, 0)
    expectEqual(x.norm(-1).item, 0)
    expectEqual(slopes([4, -4]) { $0.norm(.infinity) }, [0.5, -0.5])
    expectEqual(Tensor<Double>([]).norm().item, 0)
    #expect(Tensor<Double>([1, .nan]).norm(3).item.isNaN)
  }

  @Test func deviationOfEqualElements() {
    expectEqual(slopes([2, 2, 2]) { $0.standardDeviation() }, [0, 0, 0])
    #expect(Tensor<Double>([2]).standardDeviation().item.isNaN)
    expectEqual(Tensor<Double>([2]).standardDeviation(correction: 0).item, 0)
  }

  @Test func productsWithZeros() {
    expectEqual(slopes([2, 3, 4]) { $0.product() }, [12, 8, 6])
    expectEqual(slopes([2, 0, 4]) { $0.product() }, [0, 8, 0])
    expectEqual(slopes([0, 0, 4]) { $0.product() }, [0, 0, 0])
    expectEqual(slopes([2, 0, 4]) { $0.cumulativeProduct(along: 0) }, [1, 10, 0])
    expectEqual(Tensor<Double>([]).product().item, 1)
    expectEqual(Tensor<Double>.zeros([0, 2]).product(along: 0).scalars, [1, 1])
    expectEqual(Tensor<Double>.zeros([2, 0]).product(along: 0).shape, [0])
  }

  @Test func minusInfinityAlone() {
    let x: [Double] = [-.infinity, -.infinity, 1, 2]
    expectEqual(slopes(Array(x[..<2])) { $0.logSumExp(along: 0) }, [0, 0])
    let sums = Tensor(x).cumulativeLogSumExp(along: 0).scalars
    #expect(sums[0] == -.infinity && sums[1] == -.infinity && sums[2] == 1)
    let gradients = slopes(x) { $0.cumulativeLogSumExp(along: 0) }
    #expect(gradients[0] == 0 && gradients[1] == 0 && abs(gradients[2] + gradients[3] - 2) < 1e-15)
    expectEqual(Tensor(x).softmax(along: 0).scalars[0], 0)
    let ofSoftmax = slopes(x) { $0.softmax(along: 0).raised(to: 2) }
    #expect(Tensor(ofSoftmax).isFinite.allTrue && ofSoftmax[0] == 0 && ofSoftmax[1] == 0)
    expectEqual(slopes(x) { $0.logSoftmax(along: 0)[2...] }[..<2], [0, 0])
    #expect(Tensor(Array(x[..<2])).softmax(along: 0).isNaN.allTrue)
    let (a, b) = gradient(at: Tensor<Double>([-.infinity, 1]), Tensor<Double>([-.infinity, -.infinity])) {
      logAddExp($0, $1).sum()
    }
    expectEqual(a.scalars, [0, 1])
    expectEqual(b.scalars, [0, 0])
    expectEqual(Tensor<Double>.zeros([0]).logSumExp(along: 0).item, -.infinity)
    expectEqual(Tensor<Double>([.infinity, 1]).logSumExp(along: 0).item, .infinity)
  }

  @Test func cumulativeSumsOfLongRows() {
    let rows = Tensor<Float>.full([3, 100_000], 0.1)
    let last = rows.cumulativeSum(along: 1).select(along: 1, 99_999)
    expectLess(difference(last, .full([3], 10_000)), 1e-6)
    expectEqual(difference(rows.transposed().cumulativeSum(along: 0)[99_999], last), 0)
    let ones = Tensor<Double>.ones([1001])
    expectEqual(difference(ones.cumulativeSum(along: 0), .range(from: 1, to: 1002)), 0)
    expectEqual(difference((ones * 2).cumulativeProduct(along: 0), exp2(.range(from: 1, to: 1002))), 0)
  }

  private func exp2(_ x: Tensor<Double>) -> Tensor<Double> { pow(Tensor(2), x) }
}

/// What reductions and shapes make of no elements.
@Suite struct SmallShapeTests {
  @Test func reductionsOfNothing() {
    let x = Tensor<Double>.zeros([0, 2])
    expectEqual(x.norm(along: 0).scalars, [0, 0])
    expectEqual(x.product(along: 0).scalars, [1, 1])
    #expect(x.standardDeviation(along: 0).isNaN.allTrue && x.variance(along: 0, correction: 0).isNaN.allTrue)
    #expect(Tensor<Double>([2]).variance().item.isNaN && Tensor<Double>([2]).variance(correction: 0).item == 0)
    expectEqual(x.flattened().shape, [0])
    expectEqual(Tensor<Double>(3).flattened().shape, [1])
    expectEqual(x.elements(where: x .> Tensor(0)).shape, [0])
    expectEqual(x.split(along: 0, into: 3).map(\.shape), [[0, 2], [0, 2], [0, 2]])
    expectEqual(x.unique().values.shape, [0])
    expectEqual(x.unique().inverse.shape, [0, 2])
    #expect(Tensor<Bool>([]).allTrue && !Tensor<Bool>([]).anyTrue)
  }
}
