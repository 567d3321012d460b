import Models
import NN
import Tensor
import Testing
import _TestSupport

/// BN-Inception and the vision transformer: names, shapes; and what all backbones have in common.
@Suite struct BackboneTests {
  private var backbones: [any Backbone<Float>] {
    var generator = RandomGenerator(seed: 1)
    return [
      ResNet(.init(block: .bottleneck, depths: [1, 1, 1, 1], width: 2), embedding: 3, using: &generator),
      BNInception(embedding: 3, width: 2, using: &generator),
      VisionTransformer(
        .init(imageSize: 32, patchSize: 16, dimensions: 8, depth: 2, heads: 2), embedding: 3, using: &generator),
      VisionTransformer(
        .init(
          imageSize: 32, patchSize: 16, dimensions: 8, depth: 2, heads: 2, hasLayerScale: true, registers: 3),
        embedding: 3, using: &generator),
      MobileNetV3(
        .init(stem: 4, blocks: [.init(3, 8, 4, isSqueezed: true), .init(5, 12, 4, isSwish: true)], hidden: 5),
        embedding: 3, using: &generator),
      ConvNeXt(.init(depths: [1, 1], widths: [4, 6]), embedding: 3, using: &generator),
    ]
  }

  @Test func everyBackboneEmbedsAndTrainsEveryParameter() {
    var generator = RandomGenerator(seed: 2)
    let images = Tensor<Float>.normal([2, 32, 32, 3], using: &generator)
    for model in backbones {
      let embeddings = model(images)
      expectEqual(embeddings.shape, [2, 3])
      let gradients = embeddings.sum().backward()
      for named in model.parameters { #expect(named.parameter.gradient(in: gradients) != nil, "\(named.name)") }
      expectEqual(model.headParameters.map(\.name), ["head.linear.weight", "head.linear.bias"])
    }
  }

  @Test func everyNameOfTheBodyBelongsToOnePart() {
    for model in backbones {
      for named in model.bodyParameters {
        let count = model.bodyParts.count { $0.contains { named.name.hasPrefix($0) } }
        expectEqual(count, 1, "\(named.name)")
      }
    }
  }

  @Test func bnInceptionHasItsPortsNames() {
    var generator = RandomGenerator(seed: 1)
    let names = BNInception<Float>(classes: 3, width: 2, using: &generator).names
    // 69 convolutions with two parameters, their norms with four, and the classifier.
    expectEqual(names.count, 69 * 6 + 2)
    expectEqual(
      names.prefix(7),
      [
        "conv1_7x7_s2.weight", "conv1_7x7_s2.bias", "conv1_7x7_s2_bn.weight", "conv1_7x7_s2_bn.bias",
        "conv1_7x7_s2_bn.running_mean", "conv1_7x7_s2_bn.running_var", "conv2_3x3_reduce.weight",
      ])
    for name in ["inception_3a_1x1", "inception_4e_double_3x3_2_bn", "inception_5b_pool_proj", "last_linear"] {
      #expect(names.contains("\(name).weight"), "\(name)")
    }
    #expect(!names.contains { $0.hasPrefix("inception_3c_1x1") || $0.hasPrefix("inception_4e_pool_proj") })
  }

  @Test func theTransformerHasTimmsNames() {
    var generator = RandomGenerator(seed: 1)
    let shape = VisionTransformerArchitecture(imageSize: 8, patchSize: 4, dimensions: 4, depth: 1, heads: 2)
    func both(_ names: String...) -> [String] { names.flatMap { ["\($0).weight", "\($0).bias"] } }
    let block = ["norm1", "attn.qkv", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2"].map { "blocks.0.\($0)" }
    let body = ["cls_token", "pos_embed"] + both("patch_embed.proj") + block.flatMap { both($0) } + both("norm")
    expectEqual(VisionTransformer<Float>(shape, classes: 3, using: &generator).names, body + both("head"))
    expectEqual(VisionTransformer<Float>(shape, embedding: 3, using: &generator).names, body + both("head.linear"))
  }

  @Test func dinoV2HasItsAuthorsNames() {
    var generator = RandomGenerator(seed: 1)
    let shape = VisionTransformerArchitecture(
      imageSize: 8, patchSize: 4, dimensions: 4, depth: 1, heads: 2, hasLayerScale: true, registers: 3)
    let model = VisionTransformer<Float>(shape, embedding: 3, using: &generator)
    let added = ["register_tokens", "blocks.0.ls1.gamma", "blocks.0.ls2.gamma"]
    expectEqual(model.names.filter { added.contains($0) }, added)
    expectEqual(model.parameter("register_tokens").shape, [1, 3, 4])
    expectEqual(model.features(.zeros([2, 8, 8, 3])).shape, [2, 1 + 3 + 4, 4])
  }

  @Test func picturesOfAWrongSizeTrap() async {
    let inception = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = BNInception<Float>(embedding: 3, width: 2, using: &generator)(.zeros([1, 48, 64, 3]))
    }
    let inceptionMessage = text(inception?.standardErrorContent)
    #expect(inceptionMessage.contains("[1, 48, 64, 3]"))
    expectEqual((200...300).filter(BNInception<Float>.accepts), Array(223...230) + Array(255...262) + Array(287...294))
    let transformer = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      let shape = VisionTransformerArchitecture(imageSize: 8, patchSize: 4, dimensions: 4, depth: 1, heads: 2)
      _ = VisionTransformer<Float>(shape, embedding: 3, using: &generator)(.zeros([1, 12, 8, 3]))
    }
    let transformerMessage = text(transformer?.standardErrorContent)
    #expect(transformerMessage.contains("do not have 4 patches"))
  }

  @Test func groupsByDepthCoverEveryParameter() {
    for model in backbones {
      let groups = model.layerwiseGroups(learningRate: 1, decay: 0.5)
      expectEqual(groups.flatMap(\.parameters).map(\.name), model.parameters.map(\.name))
      expectEqual(groups.last!.parameters.map(\.name), ["head.linear.weight", "head.linear.bias"])
      expectEqual(groups.last!.learningRate, 1)
      expectEqual(groups[groups.count - 2].learningRate, 0.5)
      let halves = groups.indices.reversed().map { Double(sign: .plus, exponent: -$0, significand: 1) }
      expectEqual(groups.map(\.learningRate), halves)
    }
  }

  @Test func groupsByNameCoverEveryParameterOnce() {
    let model = backbones[0]
    let groups = model.parameterGroups(["head.": 1, "layer4.": 0.1, "layer4.0.bn": 0.2], others: 0.01)
    expectEqual(groups.map(\.name), ["head.", "layer4.", "layer4.0.bn", "others"])
    expectEqual(groups.map(\.learningRate), [1, 0.1, 0.2, 0.01])
    #expect(groups[2].parameters.count == 6 && groups[1].parameters.allSatisfy { !$0.name.contains("bn") })
    expectEqual(groups.reduce(0) { $0 + $1.parameters.count }, model.parameters.count)
    _ = SGD(groups)
  }

  @Test func aForgottenOrMistypedNameTraps() async {
    let forgotten = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = SmallResNet<Float>(embedding: 2, using: &generator).parameterGroups(["head.": 1])
    }
    let forgottenMessage = text(forgotten?.standardErrorContent)
    #expect(forgottenMessage.contains("no group takes 'conv1.weight'"))
    let mistyped = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = SmallResNet<Float>(embedding: 2, using: &generator).parameterGroups(["haed.": 1], others: 1)
    }
    let mistypedMessage = text(mistyped?.standardErrorContent)
    #expect(mistypedMessage.contains("no parameter is left for 'haed.'"))
  }
}
