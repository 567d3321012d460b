import Models
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// Published weights into networks of every kind: strict, with everything named that is left aside.
@Suite struct PublishedWeightsTests {
  private static let thin = ResNetArchitecture(block: .basic, depths: [1, 1, 1, 1], width: 2)

  private func resNet(seed: UInt64) -> ResNet<Float> {
    var generator = RandomGenerator(seed: seed)
    return ResNet(Self.thin, embedding: 3, using: &generator)
  }

  /// What torchvision would have saved: with a classifier and counters.
  private func published(prefix: String = "") -> Safetensors {
    var generator = RandomGenerator(seed: 1)
    var file = Safetensors()
    let model = ResNet<Float>(Self.thin, classes: 7, using: &generator)
    for named in model.state {
      file.set(named.parameter.value, for: prefix + named.name)
      if named.name.hasSuffix("running_var") {
        file.set(Labels([12]), for: prefix + named.name.replacing("running_var", with: "num_batches_tracked"))
      }
    }
    return file
  }

  @Test func theBodyIsLoadedAndTheRestIsNamed() throws {
    let (model, file) = (resNet(seed: 2), published())
    let head = model.headParameters.map(\.parameter.value.scalars)
    let aside = try model.loadPublished(file)
    expectEqual(Set(aside), Set(file.names.filter { $0.hasPrefix("fc.") || $0.hasSuffix("num_batches_tracked") }))
    #expect(aside.contains("fc.weight") && aside.contains("layer2.0.downsample.1.num_batches_tracked"))
    for named in model.state where !named.name.hasPrefix("head.") {
      expectEqual(named.parameter.value.scalars, (try file.tensor(named.name, as: Float.self).scalars), "\(named.name)")
    }
    expectEqual(model.headParameters.map(\.parameter.value.scalars), head)
  }

  @Test func aClassifierTakesItsOwn() throws {
    var generator = RandomGenerator(seed: 3)
    let model = ResNet<Float>(Self.thin, classes: 7, using: &generator)
    let aside = try model.loadPublished(published(prefix: "state_dict."), prefix: "state_dict.")
    #expect(aside.allSatisfy { $0.hasSuffix("num_batches_tracked") })
    expectEqual(model.parameter("fc.bias").value.scalars, (try published().tensor("fc.bias", as: Float.self).scalars))
    let other = ResNet<Float>(Self.thin, classes: 5, using: &generator)
    let error = #expect(throws: StateError.self) { try other.loadPublished(published()) }
    expectEqual(error?.misshapen.count, 2)
  }

  @Test func everyMisfitIsListedAndNothingChanges() throws {
    let model = resNet(seed: 2)
    let before = model.state.map(\.parameter.value.scalars)
    var file = Safetensors()
    for name in published().names where name != "bn1.bias" {
      if name.hasSuffix("num_batches_tracked") { continue }
      file.set(try published().tensor(name, as: Float.self), for: name)
    }
    file.set(Tensor<Float>.zeros([3, 3]), for: "conv1.weight")
    file.set(Labels([1, 2]), for: "bn1.weight")
    file.set(Tensor<Float>.zeros([2]), for: "layer5.0.conv1.weight")
    file.set(Tensor<Float>(0), for: "conv1.num_batches_tracked")
    let error = #expect(throws: StateError.self) { try model.loadPublished(file) }
    expectEqual(error?.missing, ["bn1.bias"])
    expectEqual(error?.unexpected, ["layer5.0.conv1.weight", "conv1.num_batches_tracked"])
    expectEqual(error?.misshapen.map { String($0.prefix { $0 != " " }) }, ["conv1.weight", "bn1.weight"])
    expectEqual(model.state.map(\.parameter.value.scalars), before)
  }

  /// The older files of BN-Inception have `[1, n]` for `[n]`, and weights may be stored in half precision.
  @Test func rowsAndHalvesAreRead() throws {
    var generator = RandomGenerator(seed: 4)
    let model = BNInception<Float>(embedding: 3, width: 2, using: &generator)
    let source = BNInception<Float>(classes: 5, width: 2, using: &generator)
    var file = Safetensors()
    for named in source.state {
      let value = named.parameter.value
      let isNorm = named.name.contains("_bn.")
      try file.set(isNorm ? value.unsqueezed(0) : value, for: named.name, convertingTo: .float16)
    }
    try expectEqual(model.loadPublished(file), ["last_linear.weight", "last_linear.bias"])
    for named in model.bodyParameters {
      expectLess(difference(named.parameter.value, source.parameter(named.name).value), 1e-3, "\(named.name)")
    }
  }

  @Test func aTransformerDropsItsClassifier() throws {
    var generator = RandomGenerator(seed: 5)
    let shape = VisionTransformerArchitecture(imageSize: 8, patchSize: 4, dimensions: 4, depth: 1, heads: 2)
    let source = VisionTransformer<Float>(shape, classes: 5, using: &generator)
    let model = VisionTransformer<Float>(shape, embedding: 3, using: &generator)
    try expectEqual(model.loadPublished(source.tensors()), ["head.weight", "head.bias"])
    expectEqual(model.parameter("pos_embed").value.scalars, source.parameter("pos_embed").value.scalars)
    // Its own file has a head, and is loaded whole.
    let other = VisionTransformer<Float>(shape, embedding: 3, using: &generator)
    try other.load(model.tensors())
    expectEqual(other.parameter("head.linear.bias").value.scalars, model.parameter("head.linear.bias").value.scalars)
  }

  /// DINOv2's files have a token that only training needs, and no classifier.
  @Test func whatOnlyTrainingNeedsIsLeftAside() throws {
    var generator = RandomGenerator(seed: 5)
    let shape = VisionTransformerArchitecture(
      imageSize: 8, patchSize: 4, dimensions: 4, depth: 1, heads: 2, hasLayerScale: true, registers: 2)
    let model = VisionTransformer<Float>(shape, embedding: 3, using: &generator)
    var file = VisionTransformer<Float>(shape, embedding: 3, using: &generator).tensors().without(prefix: "head.")
    file.set(Tensor<Float>.zeros([1, 4]), for: "mask_token")
    try expectEqual(model.loadPublished(file), ["mask_token"])
    let classifier = VisionTransformer<Float>(shape, classes: 3, using: &generator)
    let error = #expect(throws: StateError.self) { try classifier.loadPublished(file) }
    expectEqual(error?.missing, ["head.weight", "head.bias"])
  }

  /// Positions that are no square grid, or of another width, are not resampled but named.
  @Test(arguments: [[1, 7, 4], [1, 5, 6], [5, 4], [1, 1, 4]])
  func positionsThatDoNotFitAreNamed(_ shape: [Int]) throws {
    var generator = RandomGenerator(seed: 5)
    let architecture = VisionTransformerArchitecture(imageSize: 12, patchSize: 4, dimensions: 4, depth: 1, heads: 2)
    let model = VisionTransformer<Float>(architecture, embedding: 3, using: &generator)
    var file = model.tensors().without(prefix: "head.")
    file.set(Tensor<Float>.zeros(shape), for: "pos_embed")
    let error = #expect(throws: StateError.self) { try model.loadPublished(file) }
    expectEqual(error?.misshapen, ["pos_embed (expected [1, 10, 4] floating-point numbers, found \(shape) float32)"])
  }

  @Test func publishedWeightsWithNaNAreNamed() throws {
    var file = published()
    let name = "bn1.running_var"
    file.set(Tensor<Float>([.nan, 1]), for: name)
    let error = #expect(throws: StateError.self) { try resNet(seed: 2).loadPublished(file) }
    expectEqual(error?.notFinite, [name])
  }
}
