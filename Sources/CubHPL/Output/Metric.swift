/// How well the nearest neighbours of unseen classes are of the same class; shares from 0 to 1.
struct Metrics: Equatable, Sendable {
  var precisionAt1: Double
  /// Recall@K by K, always with that at 1; which others depends on the data set.
  var recall: [Int: Double]
  var rPrecision: Double
  var mapAtR: Double

  var recallAt1: Double { recall[1]! }

  /// The columns of a table.
  var columns: [Metric] { [.precisionAt1] + recall.keys.sorted().map { .recall($0) } + [.rPrecision, .mapAtR] }

  /// The mean of several networks' numbers, at least one.
  static func mean(_ all: [Metrics]) -> Metrics {
    func mean(_ value: (Metrics) -> Double) -> Double { all.reduce(0) { $0 + value($1) } / Double(all.count) }
    let recall = all[0].recall.keys.map { k in (k, mean { $0.recall[k]! }) }
    return Metrics(
      precisionAt1: mean(\.precisionAt1), recall: Dictionary(uniqueKeysWithValues: recall),
      rPrecision: mean(\.rPrecision), mapAtR: mean(\.mapAtR))
  }
}

extension Metrics: Codable {
  /// `precision_at_1`, `recall_at_1`, `recall_at_10` and so on, `r_precision`, `map_at_r`.
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    static let precisionAt1 = Key(stringValue: "precision_at_1")
    static let rPrecision = Key(stringValue: "r_precision")
    static let mapAtR = Key(stringValue: "map_at_r")
    private static let recallPrefix = "recall_at_"

    static func recall(_ k: Int) -> Key { Key(stringValue: "\(recallPrefix)\(k)") }

    /// The K of a recall.
    var k: Int? {
      stringValue.hasPrefix(Self.recallPrefix) ? Int(stringValue.dropFirst(Self.recallPrefix.count)) : nil
    }
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    recall = [:]
    for key in values.allKeys { if let k = key.k { recall[k] = try values.decode(Double.self, forKey: key) } }
    recall[1] = try values.decode(Double.self, forKey: .recall(1))
    precisionAt1 = try values.decode(Double.self, forKey: .precisionAt1)
    rPrecision = try values.decode(Double.self, forKey: .rPrecision)
    mapAtR = try values.decode(Double.self, forKey: .mapAtR)
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(precisionAt1, forKey: .precisionAt1)
    for (k, value) in recall { try values.encode(value, forKey: .recall(k)) }
    try values.encode(rPrecision, forKey: .rPrecision)
    try values.encode(mapAtR, forKey: .mapAtR)
  }
}

/// A column of the result table.
enum Metric: Equatable, Sendable {
  case precisionAt1
  case recall(Int)
  case rPrecision, mapAtR

  static let recallAt1 = Metric.recall(1)

  var title: String {
    switch self {
    case .precisionAt1: "P@1"
    case .recall(let k): "R@\(k)"
    case .rPrecision: "R-Precision"
    case .mapAtR: "MAP@R"
    }
  }

  /// The number; of a recall that was not measured, NaN.
  func value(in metrics: Metrics) -> Double {
    switch self {
    case .precisionAt1: metrics.precisionAt1
    case .recall(let k): metrics.recall[k] ?? .nan
    case .rPrecision: metrics.rPrecision
    case .mapAtR: metrics.mapAtR
    }
  }
}
