import Models
import NN
import Tensor
import Testing
import _TestSupport

/// The small network whole: names, training, seeds.
@Suite struct SmallResNetTests {
  @Test func aSmallResNetHasTorchvisionsNames() {
    var generator = RandomGenerator(seed: 1)
    func norm(_ name: String) -> [String] {
      ["weight", "bias", "running_mean", "running_var"].map { "\(name).\($0)" }
    }
    func block(_ name: String) -> [String] {
      ["\(name).conv1.weight"] + norm("\(name).bn1") + ["\(name).conv2.weight"] + norm("\(name).bn2")
    }
    var expected = ["conv1.weight"] + norm("bn1")
    for layer in 1...4 {
      expected += block("layer\(layer).0")
      if layer > 1 { expected += ["layer\(layer).0.downsample.0.weight"] + norm("layer\(layer).0.downsample.1") }
      expected += block("layer\(layer).1")
    }
    expected += ["head.linear.weight", "head.linear.bias"]
    expectEqual(SmallResNet<Float>(embedding: 4, widths: [2, 2, 3, 4], depth: 2, using: &generator).names, expected)
  }

  @Test func aSmallResNetLearnsToTellTwoPatternsApart() {
    var generator = RandomGenerator(seed: 7)
    let model = SmallResNet<Float>(embedding: 2, widths: [4, 4, 8, 8], using: &generator)
    let optimizer = AdamW(model.parameters, learningRate: 0.01)
    let (images, labels) = patterns(using: &generator)
    var losses: [Float] = []
    for _ in 0..<15 {
      losses.append(optimizer.step { -model(images).logSoftmax(along: 1).pick(labels).mean() }.item)
    }
    expectLess(losses.last!, 0.1 * losses.first!)

    model.evaluate()
    for _ in 0..<20 { _ = withoutRecording { model(images) } }
    expectEqual(model(images).shape, [8, 2])
  }

  @Test func theSameSeedGivesTheSameWeights() {
    func weights(_ seed: UInt64) -> [[Float]] {
      var generator = RandomGenerator(seed: seed)
      return SmallResNet<Float>(embedding: 4, widths: [2, 2, 2, 2], using: &generator).state.map(
        \.parameter.value.scalars)
    }
    expectEqual(weights(1), weights(1))
    #expect(weights(1) != weights(2))
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
