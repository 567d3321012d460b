import Models
import Tensor
import Testing
import _TestSupport

/// The published residual networks: names, shapes, the two kinds of last layer.
@Suite struct ResNetTests {
  /// Each with its published number of parameters; the tests build it thinner, with the same names.
  static let architectures: [(name: String, architecture: ResNetArchitecture, parameters: Int)] = [
    ("resnet18", .resNet18, 11_689_512), ("resnet34", .resNet34, 21_797_672), ("resnet50", .resNet50, 25_557_032),
  ]

  @Test(arguments: architectures.map(\.architecture)) func namesAreTorchvisions(_ architecture: ResNetArchitecture) {
    var thin = architecture
    thin.width = 4
    var generator = RandomGenerator(seed: 1)
    let names = ResNet<Float>(thin, classes: 3, using: &generator).names
    var expected = ["conv1.weight"] + norm("bn1")
    for (stage, depth) in architecture.depths.enumerated() {
      for block in 0..<depth {
        let path = "layer\(stage + 1).\(block)"
        for number in 1...(architecture.block == .basic ? 2 : 3) {
          expected += ["\(path).conv\(number).weight"] + norm("\(path).bn\(number)")
        }
        if block == 0, stage > 0 || architecture.block == .bottleneck {
          expected += ["\(path).downsample.0.weight"] + norm("\(path).downsample.1")
        }
      }
    }
    expectEqual(names, expected + ["fc.weight", "fc.bias"])
    let embedding = ResNet<Float>(thin, embedding: 3, using: &generator)
    expectEqual(embedding.names, expected + ["head.linear.weight", "head.linear.bias"])
    expectEqual(embedding.headParameters.map(\.name), ["head.linear.weight", "head.linear.bias"])
    expectEqual(embedding.bodyParameters.count, embedding.parameters.count - 2)
  }

  /// At the full width only ResNet-18, because drawing the weights of the others takes long in a debug build.
  @Test func theSizeIsThePublishedOne() {
    var generator = RandomGenerator(seed: 1)
    let model = ResNet<Float>(.resNet18, classes: 1000, using: &generator)
    expectEqual(model.parameterCount, Self.architectures[0].parameters)
  }

  @Test(arguments: architectures.map(\.architecture)) func shapes(_ architecture: ResNetArchitecture) {
    var thin = architecture
    thin.width = 4
    var generator = RandomGenerator(seed: 1)
    let images = Tensor<Float>.normal([2, 64, 48, 3], using: &generator)
    let classifier = ResNet<Float>(thin, classes: 7, using: &generator)
    expectEqual(classifier.features(images).shape, [2, 2, 2, architecture.block == .basic ? 32 : 128])
    expectEqual(classifier(images).shape, [2, 7])
    let model = ResNet<Float>(thin, embedding: 5, using: &generator)
    let gradients = model(images).sum().backward()
    expectEqual(model(images).shape, [2, 5])
    #expect(model.parameters.allSatisfy { $0.parameter.gradient(in: gradients) != nil })
  }

  @Test func everyNameOfTheBodyBelongsToOnePart() {
    var generator = RandomGenerator(seed: 1)
    let model = ResNet<Float>(.init(block: .basic, depths: [1, 1, 1, 1], width: 4), embedding: 3, using: &generator)
    for named in model.bodyParameters {
      expectEqual(model.bodyParts.count { $0.contains { named.name.hasPrefix($0) } }, 1, "\(named.name)")
    }
  }

  private func norm(_ name: String) -> [String] {
    ["weight", "bias", "running_mean", "running_var"].map { "\(name).\($0)" }
  }
}
