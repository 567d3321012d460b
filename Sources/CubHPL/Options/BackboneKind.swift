import Models

/// A network that the program can train.
enum BackboneKind: RawRepresentable, CaseIterable, Codable, Hashable, Sendable {
  case small
  case published(BackboneName)

  static let allCases = [.small] + BackboneName.allCases.map(BackboneKind.published)

  init?(rawValue: String) {
    guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = kind
  }

  var rawValue: String {
    switch self {
    case .small: "small"
    case .published(let name): name.rawValue
    }
  }

  /// Whether others have published weights for it.
  var isPublished: Bool { self != .small }

  /// Whether there is a batch-norm to freeze.
  var hasBatchNorm: Bool {
    switch self {
    case .small: true
    case .published(let name): name.hasBatchNorm
    }
  }

  /// Why pictures of a size are not possible, or nil where they are.
  func objection(toSize size: Int) -> String? {
    switch self {
    case .small: nil
    case .published(let name): name.objection(toSize: size)
    }
  }
}
