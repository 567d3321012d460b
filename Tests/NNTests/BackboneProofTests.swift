import Foundation
import NN
import Tensor
import Testing

/// The networks at full size against PyTorch, in `Float`; run by hand, see `Tests/Goldens/backbones_full.py`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["HPL_BACKBONE_PROOF"] != nil))
struct BackboneProofTests {
  private let folder = ProcessInfo.processInfo.environment["HPL_BACKBONE_PROOF"] ?? ""

  private func model(_ name: String) -> any Backbone<Float> {
    var generator = RandomGenerator(seed: 1)
    return switch name {
    case "resnet18": ResNet(.resNet18, classes: 1000, using: &generator)
    case "resnet34": ResNet(.resNet34, classes: 1000, using: &generator)
    case "resnet50": ResNet(.resNet50, classes: 1000, using: &generator)
    case "bn-inception": BNInception(classes: 1000, using: &generator)
    default: VisionTransformer(.vitS16, classes: 1000, using: &generator)
    }
  }

  @Test(arguments: ["resnet18", "resnet34", "resnet50", "bn-inception", "vit-s16"])
  func logitsAndGradients(_ name: String) throws {
    let model = model(name)
    let files = [
      try Safetensors(pyTorch: "\(folder)/\(name).pth"), try Safetensors(pyTorch: "\(folder)/\(name)-legacy.pth"),
      try Safetensors(contentsOf: "\(folder)/\(name).safetensors"),
    ]
    for file in files {
      for named in model.state { named.parameter.update(.zeros(named.parameter.shape)) }
      let aside = try model.loadPublished(file)
      #expect(aside.allSatisfy { $0.hasSuffix("num_batches_tracked") })
      for named in model.state {
        #expect(named.parameter.value.scalars == (try files[0].tensor(named.name, as: Float.self).scalars))
      }
    }
    let reference = try Safetensors(contentsOf: "\(folder)/\(name)-reference.safetensors")
    let images: Tensor<Float> = try reference.tensor("images")
    for mode in ["evaluation", "training"] {
      model.evaluate()
      if mode == "training" { model.train() }
      let logits = model(images)
      let distance = try relativeDistance(logits, reference.tensor("\(mode).logits"))
      let gradients = (logits * (try reference.tensor("cotangent"))).sum().backward()
      var squares: (difference: Double, norm: Double) = (0, 0)
      var worst: (name: String, distance: Double) = ("", 0)
      for named in model.parameters {
        let expected: Tensor<Float> = try reference.tensor("\(mode).gradient.\(named.name)")
        let gradient = try #require(named.parameter.gradient(in: gradients))
        let delta = gradient - expected
        squares.difference += Double((delta * delta).sum().item)
        squares.norm += Double((expected * expected).sum().item)
        // A bias before a batch-norm in training has no influence: its gradient is zero but for rounding.
        if mode == "training", name == "bn-inception", isBiasBeforeNorm(named.name) { continue }
        let distance = relativeDistance(gradient, expected)
        if distance > worst.distance { worst = (named.name, distance) }
      }
      let all = (squares.difference / squares.norm).squareRoot()
      print("proof \(name) \(mode): logits \(distance), gradients \(all), worst \(worst.distance) of \(worst.name)")
      #expect(distance < 1e-4 && all < 1e-3 && worst.distance < 1e-3, "\(name) \(mode)")
    }
  }

  private func isBiasBeforeNorm(_ name: String) -> Bool {
    name.hasSuffix(".bias") && !name.hasSuffix("_bn.bias") && !name.hasPrefix("last_linear")
  }

  /// ‖a − b‖ / ‖b‖
  private func relativeDistance(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Double {
    guard a.shape == b.shape else { return .infinity }
    let delta = (a - b).cast(to: Double.self)
    let base = b.cast(to: Double.self)
    return ((delta * delta).sum().item / (base * base).sum().item).squareRoot()
  }
}
