import NN
import Tensor
import Testing
import _TestSupport

/// Attention and transformers with PyTorch's weights: the same outputs and gradients, masks, both orders of the axes.
@Suite struct AttentionTests {
  @Test(arguments: moduleCases("attention")) func attention(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let layer = MultiHeadAttention<Double>(
      6, heads: 3, hasBias: golden.argument("bias"), batchFirst: golden.argument("batch_first"), using: &generator)
    expectModuleAgreement(of: layer, with: golden) { inputs in
      let (mask, padding) = (mask("mask", golden), mask("padding", golden))
      if inputs.count == 1 { return [layer(inputs[0], inputs[0], inputs[0], mask: mask, padding: padding)] }
      return [layer(inputs[0], inputs[1], inputs[2], mask: mask, padding: padding)]
    }
  }

  @Test(arguments: moduleCases("encoder")) func encoder(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let layer = TransformerEncoder<Double>(
      6, heads: 2, depth: 2, options: options(golden), normLast: golden.argument("norm_first"), using: &generator)
    expectModuleAgreement(of: layer, with: golden, tolerance: 1e-11) {
      [layer($0[0], mask: mask("mask", golden), padding: mask("padding", golden))]
    }
  }

  @Test(arguments: moduleCases("decoder")) func decoder(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let layer = TransformerDecoder<Double>(
      6, heads: 2, depth: 2, options: options(golden), normLast: golden.argument("norm_first"), using: &generator)
    expectModuleAgreement(of: layer, with: golden, tolerance: 1e-11) {
      let masks = DecoderMasks(isCausal: true, memoryPadding: mask("memory_padding", golden))
      return [layer($0[0], memory: $0[1], masks: masks)]
    }
  }

  @Test(arguments: moduleCases("transformer")) func transformer(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let layer = Transformer<Double>(
      6, heads: 2, encoderDepth: 1, decoderDepth: 1, options: options(golden), using: &generator)
    expectModuleAgreement(of: layer, with: golden, tolerance: 1e-11) { [layer($0[0], $0[1])] }
  }

  @Test func thereAreCases() {
    expectEqual(moduleCases("attention").count, 10)
    expectEqual(moduleCases("encoder").count, 8)
    expectEqual(moduleCases("decoder").count, 4)
    expectEqual(moduleCases("transformer").count, 4)
  }

  /// A causal mask, a mask for every head and sample, and the fused path say the same.
  @Test func masksAgree() {
    var generator = RandomGenerator(seed: 3)
    let layer = MultiHeadAttention<Double>(4, heads: 2, batchFirst: true, using: &generator)
    let x = Tensor<Double>.normal([2, 3, 4], using: &generator)
    let causal = layer(x, x, x, isCausal: true)
    let wide = Tensor<Bool>([Bool](repeating: false, count: 9), shape: [3, 3]).unsqueezed(0).unsqueezed(0)
    expectEqual(difference(causal, layer(x, x, x, mask: causalMask(3))), 0)
    expectLess(difference(layer(x), layer(x, x, x, mask: wide)), 1e-14)
    expectLess(difference(causal.select(along: 1, 2), layer(x).select(along: 1, 2)), 1e-14)
    #expect(difference(causal, layer(x)) > 1e-3)
  }

  @Test func gradientsOfBothOrders() throws {
    var generator = RandomGenerator(seed: 4)
    let layer = TransformerEncoderLayer<Double>(
      4, heads: 2, options: .init(feedforward: 3, activation: GELU<Double>(), normFirst: true, batchFirst: true),
      using: &generator)
    layer.evaluate()
    try gradientCheck(at: .normal([2, 3, 4], using: &generator)) { layer($0, mask: nil, isCausal: true) }
  }

  @Test func dropoutDropsWhileTraining() {
    var generator = RandomGenerator(seed: 5)
    let layer = TransformerEncoderLayer<Float>(
      8, heads: 2, options: .init(feedforward: 16, dropout: 0.5), using: &generator)
    let x = Tensor<Float>.normal([5, 2, 8], using: &generator)
    #expect(difference(layer(x), layer(x)) > 0.01)
    layer.evaluate()
    expectEqual(difference(layer(x), layer(x)), 0)
  }

  @Test func whatDoesNotFitTraps() async {
    let heads = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = MultiHeadAttention<Float>(6, heads: 4, using: &generator)
    }
    let ofHeads = text(heads?.standardErrorContent)
    #expect(ofHeads.contains("MultiHeadAttention: 6 dimensions do not divide into 4 heads"))
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = MultiHeadAttention<Float>(6, heads: 3, batchFirst: true, using: &generator)(.zeros([2, 4, 5]))
    }
    let ofShape = text(shape?.standardErrorContent)
    #expect(ofShape.contains("are not [batch, length, dimensions] of 6 dimensions"))
    let padding = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      let layer = MultiHeadAttention<Float>(6, heads: 3, batchFirst: true, using: &generator)
      let x = Tensor<Float>.zeros([2, 4, 6])
      _ = layer(x, x, x, padding: Tensor<Bool>([true, false], shape: [2, 1]))
    }
    let ofPadding = text(padding?.standardErrorContent)
    #expect(ofPadding.contains("MultiHeadAttention: padding [2, 1] is not [batch, keys], [2, 4]"))
  }

  private func options(_ golden: GoldenCase) -> TransformerOptions<Double> {
    let isFirst: Bool = golden.argument("norm_first")
    return .init(
      feedforward: 5, dropout: 0, activation: isFirst ? GELU<Double>() : ReLU<Double>(), normFirst: isFirst,
      batchFirst: golden.argument("batch_first"))
  }
}

private func mask(_ role: String, _ golden: GoldenCase) -> Tensor<Bool>? {
  golden.roles.contains(role) ? golden.labels(role) .== Tensor(1) : nil
}
