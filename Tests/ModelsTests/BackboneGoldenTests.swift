import Models
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// The published networks, thin, against torchvision's, timm's and our own rewrite of BN-Inception's port in PyTorch: logits and
/// all gradients.
@Suite struct BackboneGoldenTests {
  private static let goldens = (try? Goldens("backbones").cases) ?? []
  static let cases = goldens.filter { $0.roles.contains("evaluated") && $0.name != "vit-timm-registers" }
  static let positions = goldens.filter { $0.name.hasPrefix("positions-") }

  private func model(_ name: String) -> any Backbone<Double> {
    var generator = RandomGenerator(seed: 1)
    return switch name {
    case "resnet-basic":
      ResNet(.init(block: .basic, depths: [2, 1, 1, 1], width: 2), classes: 3, using: &generator)
    case "resnet-bottleneck":
      ResNet(.init(block: .bottleneck, depths: [2, 1, 1, 1], width: 2), classes: 3, using: &generator)
    case "bn-inception", "bn-inception-67": BNInception(classes: 3, width: 2, using: &generator)
    case "vit":
      VisionTransformer(
        .init(imageSize: 16, patchSize: 8, dimensions: 8, depth: 2, heads: 2), classes: 3, using: &generator)
    case "vit-registers": VisionTransformer(Self.registers, classes: 3, using: &generator)
    case "mobilenet-v3":
      MobileNetV3(
        .init(
          stem: 8,
          blocks: [
            .init(3, 8, 8), .init(3, 16, 8, isSqueezed: true, stride: 2),
            .init(5, 16, 8, isSqueezed: true, isSwish: true), .init(3, 40, 16, isSwish: true, stride: 2),
          ], hidden: 8, dropout: 0), classes: 3, using: &generator)
    case "convnext":
      ConvNeXt(.init(depths: [1, 2, 1, 1], widths: [4, 8, 12, 16]), classes: 3, using: &generator)
    default: fatalError("no network for the golden \(name)")
    }
  }

  private static let registers = VisionTransformerArchitecture(
    imageSize: 16, patchSize: 8, dimensions: 8, depth: 2, heads: 2, hasLayerScale: true, registers: 2)

  @Test func thereAreCases() {
    expectEqual(Self.cases.count, 8)
    expectEqual(Self.positions.count, 8)
  }

  @Test(arguments: cases) func logitsAndGradients(_ golden: GoldenCase) {
    let model = model(golden.name)
    let values = filled(model.state.map { ($0.name, $0.parameter.shape) })
    for named in model.state { named.parameter.update(values[named.name]!) }
    let images = images(golden)
    model.evaluate()
    expectLess(difference(model(images), golden.tensor("evaluated")), 1e-10)
    guard golden.roles.contains("output") else { return }

    model.train()
    let output = model(images)
    expectLess(difference(output, golden.tensor("output")), 1e-10)
    let gradients = (output * golden.tensor("cotangent")).sum().backward()
    let expected = golden.roles.filter { $0.hasPrefix("gradient.") }
    expectEqual(Set(expected), Set(model.parameters.map { "gradient.\($0.name)" }))
    for named in model.parameters {
      let gradient = named.parameter.gradient(in: gradients) ?? .zeros(named.parameter.shape)
      expectLess(difference(gradient, golden.tensor("gradient.\(named.name)")), 1e-9, "\(named.name)")
    }
  }

  /// timm's file of a network with registers: other names, and no position for the class token.
  @Test func timmsRegistersAreRead() throws {
    let golden = try Goldens("backbones")["vit-timm-registers"]
    var generator = RandomGenerator(seed: 1)
    let model = VisionTransformer<Double>(Self.registers, classes: 3, using: &generator)
    let shapes = model.state.map { named -> (String, [Int]) in
      switch named.name {
      case "register_tokens": ("reg_token", named.parameter.shape)
      case "pos_embed": ("pos_embed", [1, 4, 8])
      default: (named.name, named.parameter.shape)
      }
    }
    var file = Safetensors()
    for (name, value) in filled(shapes) { file.set(value, for: name) }
    try expectEqual(model.loadPublished(file), [])
    expectLess(difference(model(images(golden)), golden.tensor("evaluated")), 1e-10)
  }

  @Test(arguments: positions) func positionsAreResampled(_ golden: GoldenCase) throws {
    let (side, target): (Int, Int) = (golden.argument("side"), golden.argument("target"))
    func network(_ side: Int) -> VisionTransformer<Double> {
      var generator = RandomGenerator(seed: 1)
      let resampling: PositionResampling = golden.name.contains("shifted") ? .shifted : .antialiased
      return VisionTransformer(
        .init(imageSize: 2 * side, patchSize: 2, dimensions: 4, depth: 1, heads: 1, resampling: resampling),
        embedding: 2, using: &generator)
    }
    let count = 1 + side * side
    var file = network(side).tensors().without(prefix: "head.")
    file.set(Tensor(uniform(2000 + side, count * 4), shape: [1, count, 4]), for: "state.pos_embed")
    for name in file.names where name != "state.pos_embed" && name != "pos_embed" {
      file.set(try file.tensor(name, as: Double.self), for: "state." + name)
    }
    let model = network(target)
    try model.loadPublished(file, prefix: "state.")
    expectLess(difference(model.parameter("pos_embed").value, golden.tensor("resampled")), 1e-12)
  }

  private func images(_ golden: GoldenCase) -> Tensor<Double> {
    let size: Int = golden.argument("size")
    return Tensor(uniform(1000, 2 * size * size * 3).map { $0 * 4 }, shape: [2, size, size, 3])
  }

  /// As `fill` in `backbones.py`: parameter number k, by name, has values that follow from k.
  private func filled(_ shapes: [(name: String, shape: [Int])]) -> [String: Tensor<Double>] {
    var result: [String: Tensor<Double>] = [:]
    for (number, (name, shape)) in shapes.sorted(by: { $0.name < $1.name }).enumerated() {
      let count = shape.reduce(1, *)
      var values = uniform(number, count)
      if shape.count > 1 {
        values = values.map { $0 * 4 / Double(count / shape[0]).squareRoot() }
      } else if name.hasSuffix(".weight") || name.hasSuffix("running_var") {
        values = values.map { $0 + 1 }
      }
      result[name] = Tensor(values, shape: shape)
    }
    return result
  }

  /// As `uniform` in `backbones.py`.
  private func uniform(_ number: Int, _ count: Int) -> [Double] {
    (0..<count).map { position in
      var x = UInt32(truncatingIfNeeded: position * 2_654_435_761 + number * 40503 + 12345)
      for (shift, factor) in [(16, 0x45D9F3B), (15, 0x2C1B3C6D)] as [(UInt32, UInt32)] {
        x = (x ^ (x >> shift)) &* factor
      }
      return Double(x ^ (x >> 16)) / 4_294_967_296 - 0.5
    }
  }
}
