import NN
import Tensor
import Testing
import _TestSupport

/// Grouped and transposed convolution, layer and group normalisation and embedding as layers, against PyTorch.
@Suite struct ImageLayerTests {
  static func cases(_ subject: String) -> [GoldenCase] {
    ((try? Goldens("images").cases) ?? []).filter { $0.subject == subject }
  }

  @Test(arguments: cases("conv2d_groups")) func groupedConvolution(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let (weight, groups) = (golden.tensor("input1", as: Double.self).shape, golden.argument("groups", as: Int.self))
    let layer = Conv2D<Double>(
      weight[1] * groups, weight[0], kernel: Array(weight[2...]), stride: golden.argument("stride", as: Int.self),
      padding: golden.argument("padding", as: Int.self), dilation: golden.argument("dilation", as: Int.self),
      groups: groups, hasBias: false, using: &generator)
    expectAgreement(of: layer, with: golden, parameters: ["weight"])
  }

  /// The goldens' kernels are not square: here the layer is compared with the operation.
  @Test func transposedConvolution() {
    var generator = RandomGenerator(seed: 1)
    let layer = ConvTranspose2D<Double>(
      4, 6, kernel: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2, using: &generator)
    expectEqual(layer.parameters.map(\.name), ["weight", "bias"])
    expectEqual(layer.weight.shape, [4, 3, 3, 3])
    expectEqual(layer.bias?.shape, [6])
    let input = Tensor<Double>.normal([2, 5, 4, 4], using: &generator)
    layer.bias?.update(.normal([6], using: &generator))
    let expected = input.convTransposed2d(layer.weight.value, stride: 2, padding: 1, outputPadding: 1, groups: 2)
    expectEqual(layer(input).shape, [2, 10, 8, 6])
    expectEqual(difference(layer(input), expected + layer.bias!.value), 0)
  }

  @Test(arguments: cases("layer_norm")) func layerNorm(_ golden: GoldenCase) {
    let sizes = golden.tensor("input1", as: Double.self).shape
    let layer = sizes.count == 1 ? LayerNorm<Double>(sizes[0]) : LayerNorm(sizes[0], sizes[1])
    expectAgreement(of: layer, with: golden, parameters: ["weight", "bias"])
  }

  @Test(arguments: cases("group_norm")) func groupNorm(_ golden: GoldenCase) {
    let channels = golden.tensor("input1", as: Double.self).count
    let layer = GroupNorm<Double>(groups: golden.argument("groups"), channels: channels)
    expectAgreement(of: layer, with: golden, parameters: ["weight", "bias"])
  }

  @Test func embedding() throws {
    let golden = try Goldens("images")["embedding/plain"]
    var generator = RandomGenerator(seed: 1)
    let layer = Embedding<Double>(5, dimensions: 3, using: &generator)
    expectEqual(layer.parameters.map(\.name), ["weight"])
    layer.weight.update(golden.tensor("input0"))
    let output = layer(golden.labels("input1"))
    expectEqual(difference(output, golden.tensor("output")), 0)
    let gradients = (output * golden.tensor("cotangent")).sum().backward()
    expectLess(difference(gradients[layer.weight.value], golden.tensor("gradient0")), 1e-14)
  }

  @Test func newNormalisationsChangeNothingButTheStatistics() {
    var generator = RandomGenerator(seed: 2)
    let input = Tensor<Float>.normal([4, 3, 3, 6], mean: 3, deviation: 2, using: &generator)
    for output in [LayerNorm<Float>(6)(input), GroupNorm<Float>(groups: 6, channels: 6)(input)] {
      #expect(abs(output.mean().item) < 1e-5 && abs(output.variance(along: 0, 1, 2, 3).item - 1) < 0.01)
    }
  }

  @Test func groupsThatDoNotDivideTrap() async {
    let conv = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = Conv2D<Float>(4, 6, kernel: 3, groups: 4, using: &generator)
    }
    let ofConvolution = text(conv?.standardErrorContent)
    #expect(ofConvolution.contains("Conv2D: 4 and 6 channels do not divide into 4 groups"))
    let transposed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = ConvTranspose2D<Float>(4, 6, kernel: 3, groups: 4, using: &generator)
    }
    let ofTransposed = text(transposed?.standardErrorContent)
    #expect(ofTransposed.contains("ConvTranspose2D: 4 and 6 channels do not divide into 4 groups"))
    let norm = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GroupNorm<Float>(groups: 4, channels: 6)
    }
    let ofNorm = text(norm?.standardErrorContent)
    #expect(ofNorm.contains("GroupNorm: 6 channels do not divide into 4 groups"))
  }
}

/// Gives a layer the golden's parameters (`input1`, …) and compares output and gradients.
private func expectAgreement(of layer: some Layer<Double>, with golden: GoldenCase, parameters: [String]) {
  let own = layer.parameters
  expectEqual(own.map(\.name), parameters)
  for (index, named) in own.enumerated() { named.parameter.update(golden.tensor("input\(index + 1)")) }
  let input = golden.tensor("input0", as: Double.self).tracked()
  let output = layer(input)
  let gradients = (output * golden.tensor("cotangent")).sum().backward()
  expectLess(difference(output, golden.tensor("output")), 1e-12)
  expectLess(difference(gradients[input], golden.tensor("gradient0")), 1e-12)
  for (index, named) in own.enumerated() {
    expectLess(
      difference(gradients[named.parameter.value], golden.tensor("gradient\(index + 1)")), 1e-12, "\(named.name)")
  }
}
