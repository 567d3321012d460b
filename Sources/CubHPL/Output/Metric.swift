/// How well the nearest neighbours of unseen classes are of the same class; shares from 0 to 1.
struct Metrics: Codable, Equatable, Sendable {
  var precisionAt1: Double
  var recallAt1: Double
  var recallAt2: Double
  var recallAt4: Double
  var recallAt8: Double
  var rPrecision: Double
  var mapAtR: Double

  enum CodingKeys: String, CodingKey {
    case precisionAt1 = "precision_at_1"
    case recallAt1 = "recall_at_1"
    case recallAt2 = "recall_at_2"
    case recallAt4 = "recall_at_4"
    case recallAt8 = "recall_at_8"
    case rPrecision = "r_precision"
    case mapAtR = "map_at_r"
  }
}

extension Metrics {
  /// The mean of several networks' numbers, at least one.
  static func mean(_ all: [Metrics]) -> Metrics {
    func mean(_ key: KeyPath<Metrics, Double>) -> Double {
      all.reduce(0) { $0 + $1[keyPath: key] } / Double(all.count)
    }
    return Metrics(
      precisionAt1: mean(\.precisionAt1), recallAt1: mean(\.recallAt1), recallAt2: mean(\.recallAt2),
      recallAt4: mean(\.recallAt4), recallAt8: mean(\.recallAt8), rPrecision: mean(\.rPrecision),
      mapAtR: mean(\.mapAtR))
  }
}

/// A column of the result table.
enum Metric: CaseIterable, Sendable {
  case precisionAt1, recallAt1, recallAt2, recallAt4, recallAt8, rPrecision, mapAtR

  var title: String {
    switch self {
    case .precisionAt1: "P@1"
    case .recallAt1: "R@1"
    case .recallAt2: "R@2"
    case .recallAt4: "R@4"
    case .recallAt8: "R@8"
    case .rPrecision: "R-Precision"
    case .mapAtR: "MAP@R"
    }
  }

  func value(in metrics: Metrics) -> Double {
    switch self {
    case .precisionAt1: metrics.precisionAt1
    case .recallAt1: metrics.recallAt1
    case .recallAt2: metrics.recallAt2
    case .recallAt4: metrics.recallAt4
    case .recallAt8: metrics.recallAt8
    case .rPrecision: metrics.rPrecision
    case .mapAtR: metrics.mapAtR
    }
  }
}
