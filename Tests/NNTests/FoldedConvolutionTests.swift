import NN
import Tensor
import Testing
import _TestSupport

/// Batch normalisation after a convolution, in one pass where nothing is recorded.
@Suite struct FoldedConvolutionTests {
  struct Case: Sendable, CustomStringConvertible {
    var channels: (inputs: Int, outputs: Int)
    var kernel = 3
    var stride = 1
    var groups = 1

    var description: String {
      "\(kernel)×\(kernel) \(channels.inputs)-\(channels.outputs) in \(groups), stride \(stride)"
    }
  }

  /// Each form of a convolution, the last by Winograd's algorithm in a release build; more rows than a block.
  static let cases = [
    Case(channels: (5, 7), kernel: 1), Case(channels: (64, 96), kernel: 1),
    Case(channels: (3, 8), kernel: 5, stride: 2),
    Case(channels: (24, 24), groups: 24), Case(channels: (6, 12), stride: 2, groups: 6),
    Case(channels: (16, 16), groups: 4), Case(channels: (18, 36), groups: 2), Case(channels: (16, 24)),
  ]

  private func random<S: TensorScalar>(_ shape: [Int], seed: UInt64) -> Tensor<S> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  /// A convolution and its normalisation, in evaluation.
  private func pair<S: TensorScalar>(_ it: Case, hasBias: Bool = false) -> (Conv2D<S>, BatchNorm<S>) {
    var generator = RandomGenerator(seed: 1)
    let convolution = Conv2D<S>(
      it.channels.inputs, it.channels.outputs, kernel: it.kernel, stride: it.stride, padding: it.kernel / 2,
      groups: it.groups, hasBias: hasBias, using: &generator)
    convolution.bias?.update(random([it.channels.outputs], seed: 2))
    let norm = BatchNorm<S>(it.channels.outputs)
    for (seed, parameter) in [norm.weight, norm.bias, norm.runningMean].enumerated() {
      parameter.update(random(parameter.shape, seed: 3 + UInt64(seed)))
    }
    norm.runningVar.update(abs(random([it.channels.outputs], seed: 6)) + 0.1)
    norm.evaluate()
    return (convolution, norm)
  }

  private func expectSameBits<S: TensorScalar>(_ it: Case, _: S.Type) {
    let (convolution, norm): (Conv2D<S>, BatchNorm<S>) = pair(it)
    let x: Tensor<S> = random([3, 17, 19, it.channels.inputs], seed: 7)
    let addend: Tensor<S> = random(convolution(x).shape, seed: 8)
    for (adding, isRectified) in [(nil, false), (nil, true), (addend, false), (addend, true)] {
      func output() -> Tensor<S> { norm(x, after: convolution, adding: adding, isRectified: isRectified) }
      let profile = Profile()
      let folded = withoutRecording { profile.measure { output() } }
      #expect(!profile.rows.contains { $0.operation == "channelAffine" })
      let (recorded, steps) = (output(), norm(convolution(x)))
      let sum = adding.map { steps + $0 } ?? steps
      #expect(recorded.isTracked && !folded.isTracked)
      expectEqual(difference(folded, recorded), 0, "\(it), \(isRectified)")
      expectLess(difference(recorded, isRectified ? relu(sum) : sum), (S.elementType == .float32 ? 1e-6 : 1e-14))
    }
  }

  /// So that nobody has to know which of the two ran.
  @Test(arguments: cases) func bitsAreThoseOfTheRecordedForm(_ it: Case) {
    expectSameBits(it, Float.self)
    expectSameBits(it, Double.self)
  }

  /// With a bias, which is folded into the offset, the results differ by rounding.
  ///
  /// With u = 2⁻²⁴, n products an output and C the convolution of the absolute values: a sum of n products errs by n·u·C at most, the
  /// scale s by 4·u·|s| (a sum, a root, a quotient, a product), the offset by u·(|β| + 7·|s|·(|μ| + |b|)), the last operation by
  /// u·|y|.
  @Test(arguments: [cases[0], cases[1], cases[2], cases[3], cases[5], cases[6]])
  func aBiasIsFoldedWithinRounding(_ it: Case) {
    let (convolution, norm): (Conv2D<Float>, BatchNorm<Float>) = pair(it, hasBias: true)
    let x: Tensor<Float> = random([2, 12, 11, it.channels.inputs], seed: 7)
    func exact(_ tensor: Tensor<Float>) -> Tensor<Double> { tensor.detached.cast(to: Double.self) }
    func convolved(_ x: Tensor<Double>, _ weight: Tensor<Double>) -> Tensor<Double> {
      x.conv2d(weight, stride: it.stride, padding: it.kernel / 2, groups: it.groups)
    }
    let (weight, bias) = (exact(convolution.weight.value), exact(convolution.bias!.value))
    let (mean, shift) = (exact(norm.runningMean.value), exact(norm.bias.value))
    let scale = exact(norm.weight.value) * rsqrt(exact(norm.runningVar.value) + 1e-5)
    let expected = (convolved(exact(x), weight) + bias - mean) * scale + shift

    let products = Double(it.kernel * it.kernel * it.channels.inputs / it.groups)
    let fromSums = convolved(abs(exact(x)), abs(weight)) * abs(scale) * (products + 5)
    let fromOffsets = abs(shift) * 2 + abs(scale) * (abs(mean) + abs(bias)) * 8
    let bound = (fromSums + fromOffsets) * 0x1p-24 * 1.001
    let actual = exact(withoutRecording { norm(x, after: convolution) })
    #expect((abs(actual - expected) .<= bound).allTrue)
  }

  /// Nothing is kept from one evaluation to the next.
  @Test func aStepAfterAnEvaluationCounts() {
    let (convolution, norm): (Conv2D<Double>, BatchNorm<Double>) = pair(Self.cases[0], hasBias: true)
    let network = Sequential<Double>(convolution, norm)
    let x: Tensor<Double> = random([2, 5, 4, 5], seed: 7)
    let names = network.state.map(\.name)
    func evaluated() -> Tensor<Double> {
      network.evaluate()
      return withoutRecording { network(x) }
    }
    let before = evaluated()
    network.train()
    let optimizer = SGD(network.parameters, learningRate: 0.1)
    _ = optimizer.step { squared(network(x)).sum() }
    let after = evaluated()
    #expect(difference(before, after) > 0.1)
    expectLess(difference(after, norm(convolution(x))), 1e-13)
    #expect(network.state.map(\.name) == names && names.contains("1.running_var"))
  }

  /// In training a chain that takes the two together does what it does one by one.
  @Test func trainingIsThatOfTheLayers() {
    func trained(_ run: (Conv2D<Double>, BatchNorm<Double>, Tensor<Double>) -> Tensor<Double>) -> [Tensor<Double>] {
      let (convolution, norm): (Conv2D<Double>, BatchNorm<Double>) = pair(Self.cases[2])
      norm.train()
      let output = run(convolution, norm, random([2, 9, 8, 3], seed: 7))
      let gradients = cubed(output).sum().backward()
      return [
        output.detached, convolution.weight.gradient(in: gradients)!, norm.weight.gradient(in: gradients)!,
        norm.runningMean.value, norm.runningVar.value,
      ]
    }
    let expected = trained { relu($1($0($2))) }
    let actual = trained { Sequential<Double>($0, $1, ReLU())($2) }
    for (actual, expected) in zip(actual, expected) { expectEqual(difference(actual, expected), 0) }
  }
}
