import Models

/// A network that the program can train.
enum BackboneKind: NamedChoice, Sendable {
  case small
  case published(BackboneName)
  /// One of the program that calls this one.
  case own(NamedBackbone)

  static let allCases = [.small] + BackboneName.allCases.map(BackboneKind.published)

  var rawValue: String {
    switch self {
    case .small: "small"
    case .published(let name): name.rawValue
    case .own(let part): part.name
    }
  }

  static func unknown(_ name: String) -> BackboneKind { .own(NamedBackbone(unknown: name)) }

  /// Whether others have published weights for it.
  var isPublished: Bool {
    if case .published = self { true } else { false }
  }

  /// Whether there may be a batch-norm to freeze.
  var hasBatchNorm: Bool {
    switch self {
    case .small, .own: true
    case .published(let name): name.hasBatchNorm
    }
  }

  /// Why pictures of a size are not possible, or nil where they are.
  func objection(toSize size: Int) -> String? {
    switch self {
    case .small, .own: nil
    case .published(let name): name.objection(toSize: size)
    }
  }
}
