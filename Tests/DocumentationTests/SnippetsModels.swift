import Foundation
import HPL
import Models
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

@Suite struct ModelsSnippets {
  @Test func byName() {
    var generator = RandomGenerator(seed: 0)
    // snippet: backbone-name
    let name = BackboneName(rawValue: "dinov2-vit-s14-reg")!
    let model: any Backbone<Float> = name.makeNetwork(embedding: 128, imageSize: 224, using: &generator)
    // end snippet
    expectEqual(model.parameter("pos_embed").shape, [1, 1 + 16 * 16, 384])
    expectEqual(name.imageSize, 518)
  }

  /// The page's table has every network with a type, and what its files are called.
  @Test func everyNameStandsOnThePage() {
    let rows = readLines("Documentation/models.md").filter { $0.hasPrefix("| `") }
    for name in BackboneName.allCases { expectEqual(rows.count { $0.hasPrefix("| `\(name.rawValue)` |") }, 1) }
  }

  @Test func publishedWeightsAndFineTuning() throws {
    let path = packageFolder.appendingPathComponent("Tests/Goldens/files/state.pth").path
    var generator = RandomGenerator(seed: 0)
    func load() throws -> ResNet<Float> {
      // snippet: published-weights
      let model = ResNet<Float>(.resNet18, embedding: 64, using: &generator)
      let aside = try model.loadPublished(Safetensors(pyTorch: path))
      print(aside)  // fc.weight, fc.bias, bn1.num_batches_tracked, …
      // end snippet
      return model
    }
    // The file is of another network, which is said.
    let error = #expect(throws: StateError.self) { try load() }
    expectEqual(error?.missing.contains("layer1.0.conv1.weight"), true)
    expectEqual(error?.unexpected.contains("0.weight"), true)

    let model = ResNet<Float>(.init(block: .basic, depths: [1, 1, 1, 1], width: 4), embedding: 8, using: &generator)
    let images = Tensor<Float>.normal([6, 32, 32, 3], using: &generator)
    let labels = Labels([0, 1, 2, 0, 1, 2])
    let loss = HierarchicalProxyLoss<Float>(
      dimensions: 8, levels: [.classes(3, loss: ProxyAnchor())], using: &generator)
    loss.setFrozen(true)
    let before = model.parameters.map(\.parameter.value.scalars)
    // snippet: fine-tuning
    model.setStatisticsFrozen(true)
    let optimizer = AdamW(model.layerwiseGroups(learningRate: 1e-3, decay: 0.5))
    for epoch in 0..<3 {
      model.setBodyFrozen(epoch < 1)  // only the head learns at first
      model.train()
      optimizer.step { loss(model(images), labels: labels) }
    }
    // end snippet
    for (named, old) in zip(model.parameters, before) {
      let isNorm = named.name.contains("bn") || named.name.contains("downsample.1")
      expectEqual((named.parameter.value.scalars == old), isNorm, "\(named.name)")
    }

    // snippet: parameter-groups
    let groups = model.parameterGroups(["head.": 1e-3, "layer4.": 1e-4], others: 1e-5)
    // end snippet
    expectEqual(groups.map(\.name), ["head.", "layer4.", "others"])
  }
}
