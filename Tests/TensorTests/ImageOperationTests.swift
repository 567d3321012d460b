import Tensor
import Testing
import _TestSupport

/// Convolution, pooling, upsampling, normalisation and dropout where records and goldens do not reach.
@Suite struct ImageOperationTests {
  private func random(_ shape: [Int], seed: UInt64 = 3) -> Tensor<Double> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  /// Large enough for several blocks of columns and several threads.
  @Test(arguments: [1, 2, 4]) func groupsAreConvolutionsOfTheirOwn(_ groups: Int) {
    let (x, weight) = (random([3, 50, 40, 8]), random([12, 8 / groups, 3, 3], seed: 4))
    func apart(_ x: Tensor<Double>, _ weight: Tensor<Double>) -> Tensor<Double> {
      let (inputs, outputs) = (8 / groups, 12 / groups)
      return .concatenated(
        (0..<groups).map {
          x.sliced(along: 3, $0 * inputs..<($0 + 1) * inputs)
            .conv2d(weight[$0 * outputs..<($0 + 1) * outputs], stride: 2, padding: 1)
        }, along: 3)
    }
    expectLess(difference(x.conv2d(weight, stride: 2, padding: 1, groups: groups), apart(x, weight)), 1e-12)
    let together = gradient(at: x, weight) { squared($0.conv2d($1, stride: 2, padding: 1, groups: groups)).sum() }
    let expected = gradient(at: x, weight) { squared(apart($0, $1)).sum() }
    expectLess(difference(together.0, expected.0), 1e-11)
    expectLess(difference(together.1, expected.1), 1e-11)
  }

  /// ⟨conv(x, w), y⟩ = ⟨x, convTransposed(y, w)⟩: one is the other's transpose.
  @Test func transposedConvolutionIsTheAdjoint() {
    let (x, weight) = (random([2, 8, 7, 4]), random([6, 2, 3, 3], seed: 4))
    let y = random([2, 4, 4, 6], seed: 5)
    let forward = (x.conv2d(weight, stride: 2, padding: 1, groups: 2) * y).sum().item
    func backward(_ outputPadding: Int) -> Tensor<Double> {
      y.convTransposed2d(weight, stride: 2, padding: 1, outputPadding: outputPadding, groups: 2)
    }
    // An even height needs the output padding and an odd width does not.
    expectEqual(backward(0).shape, [2, 7, 7, 4])
    expectEqual(backward(1).shape, [2, 8, 8, 4])
    let adjoint = backward(1).sliced(along: 2, 0..<7)
    expectLess(abs((adjoint * x).sum().item - forward), 1e-11)
  }

  @Test func emptyBatches() {
    let (x, weight) = (Tensor<Double>.zeros([0, 4, 4, 2]), random([2, 1, 3, 3]))
    expectEqual(x.conv2d(weight, groups: 2).shape, [0, 2, 2, 2])
    expectEqual(x.convTransposed2d(weight).shape, [0, 6, 6, 1])
    #expect(gradient(at: weight) { x.conv2d($0, groups: 2).sum() }.scalars.allSatisfy { $0 == 0 })
    expectEqual(x.adaptiveAveragePooled(height: 2, width: 1).shape, [0, 2, 1, 2])
    expectEqual(x.upsampled(height: 3, width: 9, .bilinear).shape, [0, 3, 9, 2])
    expectEqual(x.groupNormalized(1, scale: .ones([2]), offset: .zeros([2])).shape, x.shape)
    expectEqual(x.layerNormalized(scale: .ones([2]), offset: .zeros([2])).shape, x.shape)
    expectEqual(Tensor<Double>.zeros([0, 4, 2]).maxPooled1d(2).shape, [0, 2, 2])
    expectEqual(Tensor<Double>.zeros([0, 4, 2]).conv1d(random([3, 2, 2])).shape, [0, 3, 3])
  }

  @Test func adaptivePoolingOfDivisibleSizesIsPooling() {
    let x = random([2, 6, 6, 3])
    expectEqual(difference(x.adaptiveMaxPooled(height: 3, width: 3), x.maxPooled(2)), 0)
    expectLess(difference(x.adaptiveAveragePooled(height: 3, width: 3), x.averagePooled(2)), 1e-15)
    expectEqual(difference(x.adaptiveMaxPooled(height: 6, width: 6), x), 0)
  }

  @Test func equalMaximaOfAWindowShareTheGradient() {
    let ones = Tensor<Double>.ones([1, 2, 2, 1])
    expectEqual(
      gradient(at: ones) { $0.adaptiveMaxPooled(height: 1, width: 1).sum() }.scalars, [0.25, 0.25, 0.25, 0.25])
    expectEqual(gradient(at: ones[0]) { $0.maxPooled1d(2).sum() }.scalars, [0.5, 0.5, 0.5, 0.5])
  }

  @Test func equalMaximaOfAnImagesWindowsShareTheGradient() {
    let ones = Tensor<Double>.ones([1, 3, 3, 2])
    let gradient = gradient(at: ones) { $0.maxPooled(2, stride: 1).sum() }
    expectEqual(gradient.sliced(along: 3, 1..<2).scalars, [0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25])
  }

  @Test func notANumberIsTheMaximum() {
    let x = Tensor<Float>([1, .nan, 3, 2, 5, 4, 0, 7], shape: [1, 2, 4, 1])
    #expect(x.maxPooled(2).scalars[0].isNaN && x.maxPooled(2).scalars[1] == 7)
    expectEqual(gradient(at: x) { $0.maxPooled(2).sum() }.scalars, [0, 1, 0, 0, 0, 0, 0, 1])
  }

  @Test func paddingOfAMaximumIsNeverTaken() {
    let x = Tensor<Double>.full([1, 3, 1], -5)
    expectEqual(x.maxPooled1d(3, stride: 2, padding: 1).scalars, [-5, -5])
  }

  @Test func upsamplingToTheSameSizeChangesNothing() {
    let x = random([1, 3, 4, 2])
    for mode in [Upsampling.nearest, .bilinear] {
      expectEqual(difference(x.upsampled(height: 3, width: 4, mode), x), 0)
    }
    let constant = Tensor<Double>.full([1, 3, 4, 1], 2)
    expectLess(difference(constant.upsampled(height: 7, width: 2, .bilinear), .full([1, 7, 2, 1], 2)), 1e-15)
  }

  @Test func constantSamplesBecomeTheOffset() {
    let x = Tensor<Double>.full([2, 3, 4], 7)
    let (scale, offset) = (random([4]), random([4], seed: 4))
    for y in [
      x.layerNormalized(scale: scale, offset: offset), x.groupNormalized(2, scale: scale, offset: offset),
      x.instanceNormalized(scale: scale, offset: offset),
    ] {
      expectEqual(difference(y, offset.expanded(to: [2, 3, 4])), 0)
    }
    #expect(gradient(at: x) { cubed($0.layerNormalized(scale: scale, offset: offset)).sum() }.isFinite.allTrue)
  }

  @Test func normalisationOfLargeMeansKeepsItsDigits() {
    let (x, ones, zeros) = (random([4, 6]), Tensor<Double>.ones([6]), Tensor<Double>.zeros([6]))
    let near = x.layerNormalized(scale: ones, offset: zeros)
    expectLess(difference((x + 1e6).layerNormalized(scale: ones, offset: zeros), near), 1e-8)
  }

  @Test func dropoutKeepsTheMeanAndDropsTheGradient() {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor<Float>.ones([100, 100])
    let copy = generator
    let y = x.dropout(0.25, using: &generator)
    expectEqual(Set(y.scalars), [0, Float(1 / 0.75)])
    expectLess(Swift.abs(y.mean().item - 1), 0.02)
    var again = copy
    expectEqual(x.dropout(0.25, using: &again).scalars, y.scalars, "the same generator drops the same elements")
    #expect(x.dropout(0.25, using: &again).scalars != y.scalars)
    var once = copy
    expectEqual(gradient(at: x) { $0.dropout(0.25, using: &once).sum() }.scalars, y.scalars)
  }

  @Test func dropoutOfNothingAndOfEverything() {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor<Double>([1, .infinity, .nan])
    expectEqual(x.dropout(0, using: &generator).scalars.prefix(2), [1, .infinity])
    expectEqual(x.dropout(1, using: &generator).scalars, [0, 0, 0])
    expectEqual(gradient(at: x) { $0.dropout(1, using: &generator).sum() }.scalars, [0, 0, 0])
  }

  @Test func groupsThatDoNotDivideTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.zeros([1, 4, 4, 4]).conv2d(.zeros([3, 2, 3, 3]), groups: 2)
    }
    let message = trapMessage(result)
    #expect(message.contains("images [1, 4, 4, 4]") && message.contains("weight [3, 2, 3, 3]"))
    #expect(message.contains("in 2 groups") && message.contains("ImageOperationTests.swift"))
  }

  @Test func outputPaddingAsLargeAsTheStrideTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.zeros([1, 4, 4, 2]).convTransposed2d(.zeros([2, 2, 3, 3]), stride: 2, outputPadding: 2)
    }
    #expect(trapMessage(result).contains("output padding 2 is not smaller than stride 2"))
  }

  @Test func sequencesThatAreImagesTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.zeros([1, 4, 4, 2]).conv1d(.zeros([2, 2, 3]))
    }
    #expect(trapMessage(result).contains("conv1d: sequences [1, 4, 4, 2]"))
  }

  @Test func scalesThatDoNotFitTrap() async {
    let layer = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.zeros([2, 3]).layerNormalized(scale: .ones([2]), offset: .zeros([2]))
    }
    #expect(trapMessage(layer).contains("[2, 3] does not end in the shape of scale [2]"))
    let group = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.zeros([2, 3]).groupNormalized(2, scale: .ones([3]), offset: .zeros([3]))
    }
    #expect(trapMessage(group).contains("does not fit 2 groups"))
  }

  @Test func probabilitiesOutsideTheRangeTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor<Double>.zeros([2]).dropout(1.5, using: &generator)
    }
    #expect(trapMessage(result).contains("dropout: 1.5 is not in 0...1"))
  }
}
