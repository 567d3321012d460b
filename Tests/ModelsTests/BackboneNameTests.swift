import Models
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// Every network by its name: tensors and shapes are those of the published files, which torchvision and timm make.
@Suite struct BackboneNameTests {
  /// The wide transformers differ from the narrow ones by their width alone; one of them stands for all.
  static let names = BackboneName.allCases.filter { ![.dinoB16, .dinoV2B14, .dinoV2B14Registers].contains($0) }

  @Test(arguments: names) func tensorsAreThePublishedOnes(_ name: BackboneName) throws {
    let golden = try Goldens("backbones")["published-\(name.rawValue)"]
    var generator = RandomGenerator(seed: 1)
    let hasClassifier = !name.rawValue.hasPrefix("dino")
    let model: any Backbone<Float> =
      hasClassifier
      ? name.makeNetwork(classes: 1000, using: &generator) : name.makeNetwork(embedding: 2, using: &generator)
    let body = model.state.filter { !$0.name.hasPrefix("head.linear.") }
    expectEqual(body.count, golden.argument("tensors"))
    let lines = body.map { "\($0.name) \($0.parameter.shape.map(String.init).joined(separator: "x"))" }.sorted()
    var sum = FileChecksum()
    Array(lines.joined(separator: "\n").utf8).withUnsafeBytes { sum.add($0) }
    expectEqual(sum.digits, golden.argument("checksum"), "\(lines.prefix(5))")
    let count = body.filter { $0.parameter.role == .weight }.reduce(0) { $0 + $1.parameter.shape.reduce(1, *) }
    expectEqual(count, golden.argument("parameters"))
  }

  @Test func sizesOfPictures() {
    expectEqual(BackboneName.dinoV2S14.imageSize, 518)
    expectEqual(BackboneName.dinoS16.imageSize, 224)
    expectEqual(BackboneName.resNet50.imageSize, 224)
    expectEqual(BackboneName.dinoV2S14.objection(toSize: 224), nil)
    expectEqual(BackboneName.dinoV2S14.objection(toSize: 225), "its sides must be multiples of 14")
    expectEqual(BackboneName.vitS16.objection(toSize: 0), "its sides must be multiples of 16")
    expectEqual(BackboneName.bnInception.objection(toSize: 227), nil)
    expectEqual(BackboneName.bnInception.objection(toSize: 240)?.contains("multiples of 32"), true)
    expectEqual(BackboneName.convNeXtTiny.objection(toSize: 31), "its sides must be at least 32")
    expectEqual(BackboneName.mobileNetV3Small.objection(toSize: 33), nil)
    #expect(BackboneName.resNet18.objection(toSize: 0) != nil)
  }

  @Test func aTransformerIsMadeForAnotherSize() {
    var generator = RandomGenerator(seed: 1)
    let model: any Backbone<Float> = BackboneName.dinoV2S14.makeNetwork(embedding: 2, imageSize: 28, using: &generator)
    expectEqual(model.parameter("pos_embed").shape, [1, 5, 384])
    expectEqual(model(.zeros([1, 28, 28, 3])).shape, [1, 2])
  }

  @Test func batchNormsAreKnown() {
    for name in [BackboneName.resNet18, .mobileNetV3Small, .convNeXtTiny, .vitS16] {
      var generator = RandomGenerator(seed: 1)
      let model: any Backbone<Float> = name.makeNetwork(embedding: 2, using: &generator)
      expectEqual(model.state.contains { $0.parameter.role == .statistic }, name.hasBatchNorm)
    }
  }
}
