import Foundation
import Models
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// The networks at full size against PyTorch; run by hand, see `Tests/Goldens/backbones_full.py`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["HPL_BACKBONE_PROOF"] != nil))
struct BackboneProofTests {
  private let folder = ProcessInfo.processInfo.environment["HPL_BACKBONE_PROOF"] ?? ""

  private func model<Scalar: TensorScalar>(_ name: String) -> any Backbone<Scalar> {
    var generator = RandomGenerator(seed: 1)
    var mobile: MobileNetV3Architecture = name == "mobilenet-v3-large" ? .large : .small
    mobile.dropout = 0
    if name.hasPrefix("mobilenet") { return MobileNetV3<Scalar>(mobile, classes: 1000, using: &generator) }
    return BackboneName(rawValue: name)!.makeNetwork(classes: 1000, imageSize: 224, using: &generator)
  }

  /// Those that `HPL_BACKBONE_PROOF` has.
  static let names = BackboneName.allCases.map(\.rawValue).filter { name in
    let folder = ProcessInfo.processInfo.environment["HPL_BACKBONE_PROOF"] ?? ""
    return FileManager.default.fileExists(atPath: "\(folder)/\(name)-reference.safetensors")
  }

  @Test(arguments: names) func everyKindOfFileGivesTheSameWeights(_ name: String) throws {
    let model: any Backbone<Float> = model(name)
    let files = [
      try Safetensors(pyTorch: "\(folder)/\(name).pth"), try Safetensors(pyTorch: "\(folder)/\(name)-legacy.pth"),
      try Safetensors(contentsOf: "\(folder)/\(name).safetensors"),
    ]
    for file in files {
      for named in model.state { named.parameter.update(.zeros(named.parameter.shape)) }
      let aside = try model.loadPublished(file)
      #expect(aside.allSatisfy { $0.hasSuffix("num_batches_tracked") })
      for named in model.state {
        expectEqual(named.parameter.value.scalars, (try files[0].tensor(named.name, as: Float.self).scalars))
      }
    }
  }

  /// Logits in `Float`, gradients of all parameters in `Double`.
  ///
  /// In `Float` the sign of a few activations near zero, and with it what `relu` passes, hangs on rounding, so that no two
  /// implementations agree; that distance is printed beside PyTorch's own.
  @Test(arguments: names, ["evaluation", "training"]) func logitsAndGradients(_ name: String, _ mode: String) throws {
    let (logits, single) = try run(name, mode, Float.self)
    let (_, double) = try run(name, mode, Double.self)
    let file = try Safetensors(contentsOf: "\(folder)/\(name)-reference.safetensors")
    let expected = try file.tensor("\(mode).logits", convertingTo: Double.self)
    let distance = relativeDistance(logits, expected)
    let other = relativeDistance(try file.tensor("\(mode).single_logits", convertingTo: Double.self), expected)
    let otherGradients: Tensor<Float> = try file.tensor("\(mode).single_gradients")
    print(
      "proof \(name) \(mode): logits \(distance) (PyTorch \(other)), gradients in Double \(double.all), worst "
        + "\(double.worst) of \(double.name), in Float \(single.all) (PyTorch \(otherGradients.item))")
    #expect(distance < 1e-4 && double.worst < 1e-3 && double.all < 1e-3, "\(name) \(mode)")
  }

  private struct Distances {
    var all = 0.0
    var worst = 0.0
    var name = ""
  }

  /// The logits, and how far the gradients are from the reference: together, and the worst parameter alone.
  private func run<Scalar: TensorScalar>(
    _ name: String, _ mode: String, _: Scalar.Type
  ) throws -> (Tensor<Double>, Distances) {
    let model: any Backbone<Scalar> = model(name)
    try model.loadPublished(Safetensors(contentsOf: "\(folder)/\(name).safetensors"))
    if mode == "evaluation" { model.evaluate() }
    let file = try Safetensors(contentsOf: "\(folder)/\(name)-reference.safetensors")
    let logits = model(try file.tensor("images", convertingTo: Scalar.self))
    let gradients = (logits * (try file.tensor("cotangent", convertingTo: Scalar.self))).sum().backward()
    var distances = Distances()
    var (difference, norm) = (0.0, 0.0)
    var each: [(name: String, difference: Double, norm: Double)] = []
    for named in model.parameters {
      let expected = try file.tensor("\(mode).gradient.\(named.name)", convertingTo: Double.self)
      let delta = try #require(named.parameter.gradient(in: gradients)).cast(to: Double.self) - expected
      let squares = ((delta * delta).sum().item, (expected * expected).sum().item)
      (difference, norm) = (difference + squares.0, norm + squares.1)
      each.append((named.name, squares.0, squares.1))
    }
    // What a batch-norm in training takes away, such as a bias before it, has a gradient of zero but for rounding.
    for one in each where one.norm > 1e-20 * norm {
      let distance = (one.difference / one.norm).squareRoot()
      if distance > distances.worst { (distances.worst, distances.name) = (distance, one.name) }
    }
    distances.all = (difference / norm).squareRoot()
    return (logits.detached.cast(to: Double.self), distances)
  }

  /// The length of the difference over that of `b`.
  private func relativeDistance(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
    guard a.shape == b.shape else { return .infinity }
    return (((a - b) * (a - b)).sum().item / (b * b).sum().item).squareRoot()
  }
}
