import Models

/// A network that the program can train.
enum BackboneKind: String, CaseIterable, Codable, Sendable {
  case small
  case resNet18 = "resnet18"
  case resNet34 = "resnet34"
  case resNet50 = "resnet50"
  case bnInception = "bn-inception"
  case vitS16 = "vit-s16"

  /// Whether others have published weights for it.
  var isPublished: Bool { self != .small }

  /// Whether there is a batch-norm to freeze.
  var hasBatchNorm: Bool { self != .vitS16 }

  /// Why pictures of a size are not possible, or nil where they are.
  func objection(toSize size: Int) -> String? {
    switch self {
    case .bnInception where !BNInception<Float>.accepts(side: size):
      "its sides must be multiples of 32, or up to 6 pixels more"
    case .vitS16 where size != 224: "its position embeddings are for 224"
    default: nil
    }
  }
}
