import NN
import Tensor
import Testing
import _TestSupport

/// Layers of activations, and small layers, against PyTorch's.
@Suite struct ActivationTests {
  static let cases = moduleCases("activation")
  static var layers: [String: any Layer<Double>] {
    [
      "relu": ReLU(), "relu6": ReLU6(), "leaky_relu": LeakyReLU(slope: 0.2), "elu": ELU(alpha: 0.7), "selu": SELU(),
      "celu": CELU(alpha: 0.5), "gelu": GELU(), "gelu_tanh": GELU(approximate: true), "silu": SiLU(), "mish": Mish(),
      "sigmoid": Sigmoid(), "log_sigmoid": LogSigmoid(), "tanh": Tanh(), "softplus": Softplus(beta: 2),
      "softsign": Softsign(), "hard_tanh": HardTanh(), "hard_sigmoid": HardSigmoid(), "hard_swish": HardSwish(),
      "softmax": Softmax(), "log_softmax": LogSoftmax(along: 0), "glu": GLU(), "prelu": PReLU(),
      "prelu_channels": PReLU(3), "flatten": Flatten(from: 0),
    ]
  }

  @Test func eachLayerHasACase() {
    expectEqual(Set(Self.cases.map { String($0.name.dropFirst(11)) }), Set(Self.layers.keys))
  }

  @Test(arguments: cases) func activation(_ golden: GoldenCase) throws {
    let layer = try #require(Self.layers[String(golden.name.dropFirst(11))])
    // PyTorch's gradient has a sixth in single precision.
    agree(layer, golden, tolerance: golden.name == "activation/hard_sigmoid" ? 1e-7 : 1e-12)
  }

  private func agree(_ layer: some Layer<Double>, _ golden: GoldenCase, tolerance: Double = 1e-12) {
    expectModuleAgreement(of: layer, with: golden, tolerance: tolerance) { [layer($0[0])] }
  }

  @Test func normalizations() throws {
    let goldens = try Goldens("modules")
    agree(InstanceNorm(3), goldens["normalization/instance"])
    agree(InstanceNorm(3, epsilon: 1e-3, isAffine: true), goldens["normalization/instance_affine"])
    agree(RMSNorm(4), goldens["normalization/rms"])
    agree(RMSNorm(3, 4, epsilon: 1e-3), goldens["normalization/rms_two"])
    agree(Upsample(factor: 2), goldens["upsample/nearest"])
    agree(Upsample(height: 5, width: 4, .bilinear), goldens["upsample/bilinear"])
  }

  @Test func paddingOfAnEmbeddingIsZeroAndStaysSo() throws {
    let golden = try Goldens("modules")["embedding/padding"]
    var generator = RandomGenerator(seed: 1)
    let layer = Embedding<Double>(5, dimensions: 3, paddingIndex: 1, using: &generator)
    #expect(layer.weight.value[1].scalars == [0, 0, 0] && layer.weight.value[0].scalars.allSatisfy { $0 != 0 })
    expectModuleAgreement(of: layer, with: golden) { _ in [layer(golden.labels("input0"))] }
  }

  @Test func smallLayersAndTheBuilder() {
    var generator = RandomGenerator(seed: 1)
    let isDeep = true
    let model = Sequential<Double> {
      Flatten()
      for width in [6, 5] { Linear(6, width == 6 ? 6 : 5, using: &generator) }
      if isDeep { Linear(5, 5, using: &generator) } else { Identity() }
      Lambda { $0 * 2 }
    }
    expectEqual(model.layers.count, 5)
    expectEqual(model.parameters.map(\.name), ["1.weight", "1.bias", "2.weight", "2.bias", "3.weight", "3.bias"])
    let input = Tensor<Double>.normal([2, 1, 2, 3], using: &generator)
    let expected = Sequential<Double>(model.layers.dropLast())(input) * 2
    expectEqual(difference(model(input), expected), 0)
    expectEqual(difference(Identity<Double>()(input), input), 0)
  }
}
