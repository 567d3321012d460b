import Models
import Tensor
import TensorFiles
import Vision

extension BackboneKind {
  /// Makes the network with random weights, for pictures of a size where that makes a difference.
  func makeNetwork(
    embedding dimensions: Int, imageSize: Int? = nil, using generator: inout RandomGenerator
  ) -> any Backbone<Float> {
    switch self {
    case .small: SmallResNet(embedding: dimensions, using: &generator)
    case .published(let name): name.makeNetwork(embedding: dimensions, imageSize: imageSize, using: &generator)
    case .own(let part): part.make!(dimensions, imageSize ?? 64, &generator)
    }
  }

  /// How the published weights want pictures in 0...1.
  var normalization: any Transform {
    switch self {
    case .published(.bnInception): CaffeNormalize()
    case .published(.vitS16), .published(.vitB16): Normalize(mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
    case .own(let part): part.normalization
    default: Normalize()
    }
  }
}

extension Backbone<Float> {
  /// Takes the weights of a file: all of them from an earlier run's, the body's from a published one.
  ///
  /// Returns a line on what was left aside. Throws what reading throws, `StateError` where names or shapes do not fit, and
  /// `CheckpointError` for a checkpoint of another network.
  func loadWeights(of path: String, _ settings: Settings) throws -> [String] {
    let isPyTorch = [".pth", ".pt"].contains { path.hasSuffix($0) }
    let file = try isPyTorch ? Safetensors(pyTorch: path) : Safetensors(contentsOf: path)
    if file.metadata[Checkpoint.key] != nil {
      let checkpoint = try Checkpoint(contentsOf: path)
      func words(_ settings: Settings) -> String {
        "\(settings.backbone.rawValue) of \(settings.dimensions) dimensions"
      }
      let found = words(checkpoint.state.identity.settings)
      guard found == words(settings) else {
        throw CheckpointError.otherNetwork(file: path, found: found, wanted: "a \(words(settings))")
      }
      try checkpoint.loadNetwork(into: self)
      return []
    }
    if file.contains("head.linear.weight") {
      try load(file)
      return []
    }
    let prefix = prefix(in: file)
    let outside = file.names.filter { !$0.hasPrefix(prefix) }
    let aside = try loadPublished(file, prefix: prefix) + outside
    if aside.isEmpty { return ["weights: all \(file.names.count) tensors of \(path) used"] }
    let names = aside.filter { !$0.hasSuffix("num_batches_tracked") }
    let counters = aside.count - names.count
    return [
      "weights: \(file.names.count - aside.count) of \(file.names.count) tensors of \(path) used; left aside "
        + (names + (counters > 0 ? ["\(counters) counters num_batches_tracked"] : [])).joined(separator: ", ")
    ]
  }

  /// What stands before the names of the network, such as `state_dict.` or `module.`.
  private func prefix(in file: Safetensors) -> String {
    let first = bodyParameters[0].name
    let fitting = file.names.filter { $0 == first || $0.hasSuffix(".\(first)") }
    return fitting.count == 1 ? String(fitting[0].dropLast(first.count)) : ""
  }
}
