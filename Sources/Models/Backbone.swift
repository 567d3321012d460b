import NN
import Tensor
import TensorFiles

/// A network whose body takes published weights, and whose last layer is a classifier or a head for embeddings.
///
/// Both kinds of last layer have names of their own: that of the classifier is the published one (`fc` in torchvision's
/// ResNets), that of the embedding head is always `head.linear`.
public protocol Backbone<Scalar>: Layer {
  /// What the names of the classifier begin with in published weights, such as `fc.`.
  static var classifierPrefix: String { get }

  /// What the names of tensors begin with that published files have and no network needs; none unless it says otherwise.
  static var unusedPrefixes: [String] { get }

  /// What the names of each part of the body begin with, from the input to the output: units for learning rates.
  var bodyParts: [[String]] { get }

  /// Published tensors under this network's names and in its shapes, where the two differ in a known way.
  ///
  /// The same file unless it says otherwise. Whether all fits is not its concern: `loadPublished` compares.
  func fitted(_ published: Safetensors, prefix: String) throws -> Safetensors
}

extension Backbone {
  /// None.
  public static var unusedPrefixes: [String] { [] }

  /// The same file.
  public func fitted(_ published: Safetensors, prefix: String) throws -> Safetensors { published }
}

extension Backbone {
  /// The weights of the embedding head: what published weights do not have.
  public var headParameters: [NamedParameter<Scalar>] { parameters.filter { $0.name.hasPrefix(embeddingPrefix) } }

  /// All weights but those of the embedding head.
  public var bodyParameters: [NamedParameter<Scalar>] { parameters.filter { !$0.name.hasPrefix(embeddingPrefix) } }
}

extension Backbone {
  /// Freezes or unfreezes all weights but those of the embedding head, as for a warm-up of the head.
  ///
  /// What `setStatisticsFrozen` has frozen stays frozen. Batch-norms that are not go on with their running statistics.
  public func setBodyFrozen(_ isFrozen: Bool) { setFrozen(isFrozen) { !$0.hasPrefix(embeddingPrefix) } }
}

/// What the names of an embedding head begin with, in every backbone.
let embeddingPrefix = "head.linear."
