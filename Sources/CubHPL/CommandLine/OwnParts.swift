import HPL
import Models
import NN
import Tensor
import Vision

/// A network of your own, by the name that `--backbone` takes.
///
/// ```swift
/// CubHPL.main(backbones: [NamedBackbone("tiny") { TinyNetwork(embedding: $0, using: &$2) }])
/// ```
public struct NamedBackbone: Sendable {
  /// The name.
  public let name: String
  /// What becomes of the pixels, in 0...1, before the network.
  public let normalization: any Transform
  /// Nil where a checkpoint of another program has said the name.
  let make: Make?

  /// Makes the network with random weights, for embeddings of so many dimensions, not normalised, of square pictures of so many pixels a
  /// side.
  public typealias Make =
    @Sendable (_ dimensions: Int, _ imageSize: Int, _ generator: inout RandomGenerator) -> any Backbone<Float>

  /// Names a network; names consist of small letters, digits, `-` and `+`, others trap.
  public init(
    _ name: String, normalization: any Transform = Normalize(), file: StaticString = #fileID, line: UInt = #line,
    _ make: @escaping Make
  ) {
    requirePartName(name, "NamedBackbone", file, line)
    (self.name, self.normalization, self.make) = (name, normalization, make)
  }

  init(unknown name: String) { (self.name, normalization, make) = (name, Normalize(), nil) }
}

/// A change of training pictures of your own, by the name that `--augment` takes.
public struct NamedTransform: Sendable {
  /// The name.
  public let name: String
  let make: Make?

  /// Makes the transform for square pictures of so many pixels a side, with pixels in 0...1; it keeps the shape.
  public typealias Make = @Sendable (_ imageSize: Int) -> any Transform

  /// Names a transform; names consist of small letters, digits, `-` and `+`, others trap.
  public init(_ name: String, file: StaticString = #fileID, line: UInt = #line, _ make: @escaping Make) {
    requirePartName(name, "NamedTransform", file, line)
    (self.name, self.make) = (name, make)
  }

  init(unknown name: String) { (self.name, make) = (name, nil) }
}

/// A sampler of your own, by the name that `--sampler` takes.
public struct NamedSampler: Sendable {
  /// The name.
  public let name: String
  let make: Make?

  /// What a sampler is made for.
  public struct Samples: Sendable {
    /// The class of each picture to train on.
    public let labels: Labels
    /// For each level of the data's taxonomy, the finest first, the group of each class.
    public let groups: [[Int]]
    /// The pictures of a batch, of `--batch`.
    public let batch: Int
    /// The pictures of a class in a batch, of `--samples-per-class`.
    public let samplesPerClass: Int
    /// The seed of the run.
    public let seed: UInt64
  }

  /// Makes the sampler; it throws where batches do not fit the data.
  public typealias Make = @Sendable (_ samples: Samples) throws -> any Sampler

  /// Names a sampler; names consist of small letters, digits, `-` and `+`, others trap.
  public init(_ name: String, file: StaticString = #fileID, line: UInt = #line, _ make: @escaping Make) {
    requirePartName(name, "NamedSampler", file, line)
    (self.name, self.make) = (name, make)
  }

  init(unknown name: String) { (self.name, make) = (name, nil) }
}

/// An optimizer of your own, by the name that `--optimizer` takes.
public struct NamedOptimizer: Sendable {
  /// The name.
  public let name: String
  let make: Make?

  /// Makes the optimizer of groups of parameters, each with its learning rate; `weightDecay` is that of `--weight-decay`.
  public typealias Make =
    @Sendable (_ groups: [ParameterGroup<Float>], _ weightDecay: Double) -> Optimizer<Float>

  /// Names an optimizer; names consist of small letters, digits, `-` and `+`, others trap.
  public init(_ name: String, file: StaticString = #fileID, line: UInt = #line, _ make: @escaping Make) {
    requirePartName(name, "NamedOptimizer", file, line)
    (self.name, self.make) = (name, make)
  }

  init(unknown name: String) { (self.name, make) = (name, nil) }
}

/// The parts of a program of one's own, but for its methods.
struct OwnParts: Sendable {
  var backbones: [NamedBackbone] = []
  var transforms: [NamedTransform] = []
  var samplers: [NamedSampler] = []
  var optimizers: [NamedOptimizer] = []

  /// Traps where a part has the name of another one, or of one of the program's.
  func check() {
    let kinds: [(kind: String, own: [String], known: [String])] = [
      ("backbones", backbones.map(\.name), BackboneKind.allCases.map(\.rawValue)),
      ("transforms", transforms.map(\.name), Augmentation.names),
      ("samplers", samplers.map(\.name), SamplerKind.allCases.map(\.rawValue)),
      ("optimizers", optimizers.map(\.name), OptimizerKind.allCases.map(\.rawValue)),
    ]
    for (kind, own, known) in kinds {
      for (index, name) in own.enumerated() where known.contains(name) || own[..<index].contains(name) {
        trap("CubHPL: two \(kind) are called '\(name)'", file: #fileID, line: #line)
      }
    }
  }
}

/// Traps unless a part can be called so: options, folders and files have the name.
func requirePartName(_ name: String, _ kind: StaticString, _ file: StaticString, _ line: UInt) {
  require(
    !name.isEmpty && name.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-+".contains($0) },
    "\(kind): '\(name)' is no name; take small letters, digits, - and +", file: file, line: line)
}
