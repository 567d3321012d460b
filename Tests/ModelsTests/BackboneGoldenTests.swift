import Models
import Tensor
import Testing
import _TestSupport

/// The published networks, thin, against torchvision's, timm's and our own rewrite of BN-Inception's port in PyTorch: logits and
/// all gradients.
@Suite struct BackboneGoldenTests {
  static let cases = (try? Goldens("backbones").cases) ?? []

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
    default: fatalError("no network for the golden \(name)")
    }
  }

  @Test func thereAreCases() { #expect(Self.cases.count == 5) }

  @Test(arguments: cases) func logitsAndGradients(_ golden: GoldenCase) {
    let model = model(golden.name)
    fill(model)
    let size: Int = golden.argument("size")
    let images = Tensor(uniform(1000, 2 * size * size * 3).map { $0 * 4 }, shape: [2, size, size, 3])
    model.evaluate()
    #expect(difference(model(images), golden.tensor("evaluated")) < 1e-10)
    guard golden.roles.contains("output") else { return }

    model.train()
    let output = model(images)
    #expect(difference(output, golden.tensor("output")) < 1e-10)
    let gradients = (output * golden.tensor("cotangent")).sum().backward()
    let expected = golden.roles.filter { $0.hasPrefix("gradient.") }
    #expect(Set(expected) == Set(model.parameters.map { "gradient.\($0.name)" }))
    for named in model.parameters {
      let gradient = named.parameter.gradient(in: gradients) ?? .zeros(named.parameter.shape)
      #expect(difference(gradient, golden.tensor("gradient.\(named.name)")) < 1e-9, "\(named.name)")
    }
  }

  /// As `fill` in `backbones.py`: parameter number k, by name, has values that follow from k.
  private func fill(_ model: any Backbone<Double>) {
    for (number, named) in model.state.sorted(by: { $0.name < $1.name }).enumerated() {
      let shape = named.parameter.shape
      let count = shape.reduce(1, *)
      var values = uniform(number, count)
      if shape.count > 1 {
        values = values.map { $0 * 4 / Double(count / shape[0]).squareRoot() }
      } else if named.name.hasSuffix(".weight") || named.name.hasSuffix("running_var") {
        values = values.map { $0 + 1 }
      }
      named.parameter.update(Tensor(values, shape: shape))
    }
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
