import Vision

/// What papers report for a loss on a data set, in percent.
struct PublishedResult: Equatable, Sendable {
  let title: String
  /// Network, length and source.
  let source: String
  var mapAtR: Double?
  /// What MLRC calls P@1.
  var recallAt1: Double?
  var rPrecision: Double?

  /// The numbers in the order of `columns`.
  var values: [Double?] { [mapAtR, recallAt1, rPrecision] }
  static let columns = ["MAP@R", "R@1", "R-Precision"]

  /// The numbers known for a data set, or none; the number of test classes tells it from others of its form.
  static func all(_ kind: DatasetKind?, testClasses: Int) -> (dataSet: String, results: [PublishedResult])? {
    guard let kind else { return nil }
    switch (kind, testClasses) {
    case (.cub, 100): return (kind.title, cub)
    case (.cars, 98): return (kind.title, cars)
    case (.sop, 11316): return (kind.title, products)
    case (.inShop, 3985): return (kind.title, clothes)
    default: return nil
    }
  }

  private static let hpl = "BN-Inception, 4 × 128, MLRC protocol (Yang et al., 2022)"

  private static func table(_ rows: [(String, Double, Double, Double)]) -> [PublishedResult] {
    rows.map { .init(title: $0.0, source: hpl, mapAtR: $0.1, recallAt1: $0.2, rPrecision: $0.3) }
  }

  private static func recall(_ title: String, _ source: String, _ value: Double) -> PublishedResult {
    .init(title: title, source: source, recallAt1: value)
  }

  private static let cub =
    table([
      ("Contrastive", 26.19, 67.21, 36.92), ("CosFace", 26.53, 67.19, 37.36), ("ArcFace", 26.45, 67.50, 37.31),
      ("ProxyNCA++", 23.53, 64.69, 34.37), ("Proxy-Anchor", 26.47, 67.64, 37.29), ("HPL-PA", 26.72, 68.25, 37.57),
    ]) + [
      recall("Proxy-NCA", "BN-Inception, 64", 49.2), recall("ProxyNCA++", "ResNet-50, 512", 69.0),
      recall("Proxy-Anchor", "BN-Inception, 512", 68.4), recall("Proxy-Anchor", "ResNet-50, 512", 69.9),
      recall("HIER", "ResNet-50, 512", 70.1),
    ]

  private static let cars =
    table([
      ("Contrastive", 25.49, 81.57, 35.72), ("CosFace", 26.86, 85.27, 36.72), ("ArcFace", 27.22, 85.44, 37.02),
      ("ProxyNCA++", 26.02, 82.09, 36.31), ("Proxy-Anchor", 27.77, 86.38, 37.53), ("HPL-PA", 28.67, 86.84, 38.36),
    ]) + [
      recall("Proxy-NCA", "BN-Inception, 64", 73.2), recall("ProxyNCA++", "ResNet-50, 512", 86.5),
      recall("Proxy-Anchor", "BN-Inception, 512", 86.1), recall("Proxy-Anchor", "ResNet-50, 512", 87.7),
      recall("HIER", "ResNet-50, 512", 88.2),
    ]

  private static let products =
    table([
      ("Contrastive", 44.51, 73.27, 47.45), ("CosFace", 46.92, 75.79, 49.77), ("ArcFace", 47.41, 76.20, 50.27),
      ("ProxyNCA++", 46.56, 75.10, 49.50), ("Proxy-Anchor", 47.88, 76.12, 50.82), ("HPL-PA", 49.07, 76.97, 51.97),
    ]) + [
      recall("Proxy-NCA", "BN-Inception, 64", 73.7), recall("ProxyNCA++", "ResNet-50, 512", 80.7),
      recall("Proxy-Anchor", "BN-Inception, 512", 79.1), recall("HIER", "ResNet-50, 512", 80.2),
    ]

  private static let clothes = [
    recall("ProxyNCA++", "ResNet-50, 512", 90.4), recall("Proxy-Anchor", "BN-Inception, 512", 91.5),
    recall("HIER", "ResNet-50, 512", 92.4),
  ]
}

extension Table {
  /// Published numbers with where they come from.
  init(_ published: [PublishedResult]) {
    header = ["Published"] + PublishedResult.columns + ["trained as"]
    rows = published.map { result in
      [result.title] + result.values.map { $0.map { fixed($0, 2) } ?? "–" } + [result.source]
    }
  }
}
