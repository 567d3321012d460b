import NN
import Tensor
import Testing
import _TestSupport

/// Whole models, forward, backward and step.
@Suite struct TrainingTests {
  @Test func aSmallResNetLearnsToTellTwoPatternsApart() {
    var generator = RandomGenerator(seed: 7)
    let model = SmallResNet<Float>(embedding: 2, widths: [4, 4, 8, 8], using: &generator)
    let optimizer = AdamW(groups: [.init(model.parameters, learningRate: 0.01)])
    let (images, labels) = patterns(using: &generator)
    var losses: [Float] = []
    for _ in 0..<15 {
      let loss = -model(images).logSoftmax(along: 1).gather(labels).mean()
      losses.append(loss.item)
      optimizer.step(loss.backward())
    }
    #expect(losses.last! < 0.1 * losses.first!)

    model.evaluate()
    for _ in 0..<20 { _ = withoutRecording { model(images) } }
    #expect(model(images).shape == [8, 2])
  }

  @Test func aLinearModelFindsTheLeastSquaresSolution() {
    var generator = RandomGenerator(seed: 1)
    let model = Linear<Double>(2, 1, using: &generator)
    let optimizer = SGD(groups: [.init(model.parameters, learningRate: 0.1)], momentum: 0.9)
    let x = Tensor<Double>.normal([16, 2], using: &generator)
    let y = x.matmul(Tensor([[2], [-3]])) + 0.5
    for _ in 0..<400 {
      let error = model(x) - y
      optimizer.step((error * error).mean().backward())
    }
    #expect(difference(model.weight.value, Tensor([[2, -3]])) < 1e-6)
    #expect(difference(model.bias!.value, [0.5]) < 1e-6)
  }

  @Test func theSameSeedGivesTheSameWeights() {
    func weights(_ seed: UInt64) -> [[Float]] {
      var generator = RandomGenerator(seed: seed)
      return SmallResNet<Float>(embedding: 4, widths: [2, 2, 2, 2], using: &generator).state.map(
        \.parameter.value.scalars)
    }
    #expect(weights(1) == weights(1))
    #expect(weights(1) != weights(2))
  }

  @Test func initialWeightsHaveTheStatedSpread() {
    var generator = RandomGenerator(seed: 2)
    let convolution = Conv2D<Double>(16, 32, kernel: 3, using: &generator).weight.value
    #expect(abs(convolution.variance(along: 0, 1, 2, 3).item / (2 / (32.0 * 9)) - 1) < 0.1)
    let linear = Linear<Double>(100, 64, using: &generator)
    let bound = linear.weight.value.scalars.map(\.magnitude).max()!
    #expect(bound <= 0.1 && bound > 0.099)
    #expect(linear.bias!.value.scalars.map(\.magnitude).max()! <= 0.1)
  }

  /// Horizontal against vertical stripes, with noise.
  private func patterns(using generator: inout RandomGenerator) -> (Tensor<Float>, Labels) {
    let labels = Labels((0..<8).map { $0 % 2 })
    let stripes = Tensor<Float>([1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1])
    let across = stripes.reshaped([1, 16, 1]).expanded(to: [16, 16, 3])
    let both = Tensor.stacked([across, across.permuted([1, 0, 2])])
    return (both.take(labels) + .normal([8, 16, 16, 3], deviation: 0.1, using: &generator), labels)
  }
}
