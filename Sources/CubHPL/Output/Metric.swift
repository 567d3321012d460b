/// How well the nearest neighbours of unseen classes are of the same class; shares from 0 to 1.
struct Metrics: Equatable, Sendable {
  var precisionAt1: Double
  /// Recall@K by K, always with that at 1; which others depends on the data set.
  var recall: [Int: Double]
  var rPrecision: Double
  var mapAtR: Double
  /// NMI of the classes and as many k-means clusters of the test embeddings; nil in what an older version wrote.
  var nmi: Double?
  /// The measures that know the taxonomy of the test classes, where there is one.
  var hierarchical: Hierarchical?
  /// MRR; nil for chance and in what an older version wrote.
  var meanReciprocalRank: Double?
  /// CMC: Recall@K for each K from 1 to 20; nil as above.
  var cumulativeMatches: [Double]?
  /// precision@K by K, where it was asked for.
  var precision: [Int: Double] = [:]

  /// Retrieval by the levels of a taxonomy.
  struct Hierarchical: Codable, Equatable, Sendable {
    /// For each level above the classes, the finest first, the groups that the test classes are in.
    var groups: [Int]
    /// MAP@R with the groups of each level as classes.
    var mapAtR: [Double]
    var hierarchicalAP: Double
    var ndcg: Double
    /// nil for chance, of which no closed form is known.
    var averageSetIntersection: Double?
    /// The share of queries whose first item of another class is in their class's group on the first level.
    var firstErrorsWithinParent: Double?

    enum CodingKeys: String, CodingKey {
      case groups, ndcg
      case mapAtR = "map_at_r"
      case hierarchicalAP = "h_ap"
      case averageSetIntersection = "asi"
      case firstErrorsWithinParent = "first_errors_within_parent"
    }
  }

  var recallAt1: Double { recall[1]! }

  /// The columns of a table; P@1 is R@1 once more, and only the files for programs have both.
  var columns: [Metric] {
    recall.keys.sorted().map { .recall($0) } + [.rPrecision, .mapAtR] + (nmi == nil ? [] : [.nmi])
  }

  /// The columns that the usual table has not; precision@1 is a column there.
  var furtherColumns: [Metric] {
    (meanReciprocalRank == nil ? [] : [.meanReciprocalRank])
      + precision.keys.filter { $0 > 1 }.sorted().map { .precision($0) }
  }

  /// The columns of the table by the taxonomy; none without one.
  var hierarchicalColumns: [Metric] {
    guard let hierarchical else { return [] }
    return hierarchical.mapAtR.indices.map { .groupMapAtR(level: $0 + 1) } + [.hierarchicalAP, .ndcg, .asi]
      + (hierarchical.firstErrorsWithinParent == nil ? [] : [.firstErrorsWithinParent])
  }

  /// The names of all that was measured.
  var measured: Set<String> {
    var names = Set((columns + furtherColumns + hierarchicalColumns).map(\.key))
    if hierarchical?.averageSetIntersection == nil { names.remove(Metric.asi.key) }
    if let cumulativeMatches { names.insert("cmc to \(cumulativeMatches.count)") }
    return names
  }

  /// The mean of several networks' numbers, at least one, of which all have the same measures.
  static func mean(_ all: [Metrics]) -> Metrics {
    func mean(_ value: (Metrics) -> Double) -> Double { all.reduce(0) { $0 + value($1) } / Double(all.count) }
    func means(_ shares: (Metrics) -> [Int: Double]) -> [Int: Double] {
      Dictionary(uniqueKeysWithValues: shares(all[0]).keys.map { k in (k, mean { shares($0)[k]! }) })
    }
    return Metrics(
      precisionAt1: mean(\.precisionAt1), recall: means(\.recall),
      rPrecision: mean(\.rPrecision), mapAtR: mean(\.mapAtR), nmi: all[0].nmi.map { _ in mean { $0.nmi! } },
      hierarchical: all[0].hierarchical.map { first in
        Hierarchical(
          groups: first.groups, mapAtR: first.mapAtR.indices.map { level in mean { $0.hierarchical!.mapAtR[level] } },
          hierarchicalAP: mean { $0.hierarchical!.hierarchicalAP }, ndcg: mean { $0.hierarchical!.ndcg },
          averageSetIntersection: first.averageSetIntersection.map { _ in
            mean { $0.hierarchical!.averageSetIntersection! }
          },
          firstErrorsWithinParent: first.firstErrorsWithinParent.map { _ in
            mean { $0.hierarchical!.firstErrorsWithinParent! }
          })
      }, meanReciprocalRank: all[0].meanReciprocalRank.map { _ in mean { $0.meanReciprocalRank! } },
      cumulativeMatches: all[0].cumulativeMatches.map { $0.indices.map { k in mean { $0.cumulativeMatches![k] } } },
      precision: means(\.precision))
  }
}

extension Metrics: Codable {
  /// `precision_at_1` and, where asked for, others, `recall_at_1`, `recall_at_10` and so on, `r_precision`, `map_at_r`,
  /// `mean_reciprocal_rank`, `cmc`, `nmi`, `hierarchical`.
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    static let precisionAt1 = Key(stringValue: "precision_at_1")
    static let rPrecision = Key(stringValue: "r_precision")
    static let mapAtR = Key(stringValue: "map_at_r")
    static let nmi = Key(stringValue: "nmi")
    static let hierarchical = Key(stringValue: "hierarchical")
    static let meanReciprocalRank = Key(stringValue: "mean_reciprocal_rank")
    static let cumulativeMatches = Key(stringValue: "cmc")
    static let recallPrefix = "recall_at_"
    static let precisionPrefix = "precision_at_"

    static func recall(_ k: Int) -> Key { Key(stringValue: "\(recallPrefix)\(k)") }
    static func precision(_ k: Int) -> Key { Key(stringValue: "\(precisionPrefix)\(k)") }

    /// The K of a recall or a precision.
    func k(_ prefix: String) -> Int? {
      stringValue.hasPrefix(prefix) ? Int(stringValue.dropFirst(prefix.count)) : nil
    }
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    recall = [:]
    for key in values.allKeys {
      if let k = key.k(Key.recallPrefix) {
        recall[k] = try values.decode(Double.self, forKey: key)
      } else if let k = key.k(Key.precisionPrefix), k != 1 {
        precision[k] = try values.decode(Double.self, forKey: key)
      }
    }
    recall[1] = try values.decode(Double.self, forKey: .recall(1))
    precisionAt1 = try values.decode(Double.self, forKey: .precisionAt1)
    rPrecision = try values.decode(Double.self, forKey: .rPrecision)
    mapAtR = try values.decode(Double.self, forKey: .mapAtR)
    nmi = try values.decodeIfPresent(Double.self, forKey: .nmi)
    hierarchical = try values.decodeIfPresent(Hierarchical.self, forKey: .hierarchical)
    meanReciprocalRank = try values.decodeIfPresent(Double.self, forKey: .meanReciprocalRank)
    cumulativeMatches = try values.decodeIfPresent([Double].self, forKey: .cumulativeMatches)
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(precisionAt1, forKey: .precisionAt1)
    for (k, value) in recall { try values.encode(value, forKey: .recall(k)) }
    // That at 1 stands there already.
    for (k, value) in precision where k != 1 { try values.encode(value, forKey: .precision(k)) }
    try values.encode(rPrecision, forKey: .rPrecision)
    try values.encode(mapAtR, forKey: .mapAtR)
    try values.encodeIfPresent(nmi, forKey: .nmi)
    try values.encodeIfPresent(hierarchical, forKey: .hierarchical)
    try values.encodeIfPresent(meanReciprocalRank, forKey: .meanReciprocalRank)
    try values.encodeIfPresent(cumulativeMatches, forKey: .cumulativeMatches)
  }
}

/// A column of the result table.
enum Metric: Equatable, Sendable {
  case precisionAt1
  case recall(Int)
  case rPrecision, mapAtR, nmi, meanReciprocalRank
  case precision(Int)
  /// MAP@R with the groups of a level of the taxonomy as classes.
  case groupMapAtR(level: Int)
  case hierarchicalAP, ndcg, asi, firstErrorsWithinParent

  static let recallAt1 = Metric.recall(1)

  var title: String {
    switch self {
    case .precisionAt1: "P@1"
    case .recall(let k): "R@\(k)"
    case .rPrecision: "R-Precision"
    case .mapAtR: "MAP@R"
    case .nmi: "NMI"
    case .meanReciprocalRank: "MRR"
    case .precision(let k): "P@\(k)"
    case .groupMapAtR(let level): "MAP@R level \(level)"
    case .hierarchicalAP: "H-AP"
    case .ndcg: "NDCG"
    case .asi: "ASI"
    case .firstErrorsWithinParent: "errors in parent"
    }
  }

  /// The column in a file for other programs.
  var key: String {
    switch self {
    case .precisionAt1: "precision_at_1"
    case .recall(let k): "recall_at_\(k)"
    case .rPrecision: "r_precision"
    case .mapAtR: "map_at_r"
    case .nmi: "nmi"
    case .meanReciprocalRank: "mean_reciprocal_rank"
    case .precision(let k): "precision_at_\(k)"
    case .groupMapAtR(let level): "map_at_r_level_\(level)"
    case .hierarchicalAP: "h_ap"
    case .ndcg: "ndcg"
    case .asi: "asi"
    case .firstErrorsWithinParent: "first_errors_within_parent"
    }
  }

  /// The metrics of some lists, each once, in the order of columns.
  static func union(_ lists: [[Metric]]) -> [Metric] {
    var all: [Metric] = []
    for metric in lists.joined() where !all.contains(metric) { all.append(metric) }
    return all.sorted { $0.order < $1.order }
  }

  private var order: (Int, Int) {
    switch self {
    case .precisionAt1: (0, 0)
    case .recall(let k): (1, k)
    case .rPrecision: (2, 0)
    case .mapAtR: (3, 0)
    case .nmi: (4, 0)
    case .groupMapAtR(let level): (5, level)
    case .hierarchicalAP: (6, 0)
    case .ndcg: (7, 0)
    case .asi: (8, 0)
    case .firstErrorsWithinParent: (9, 0)
    case .meanReciprocalRank: (10, 0)
    case .precision(let k): (11, k)
    }
  }

  /// The number; of what was not measured, NaN.
  func value(in metrics: Metrics) -> Double {
    switch self {
    case .precisionAt1: metrics.precisionAt1
    case .recall(let k): metrics.recall[k] ?? .nan
    case .rPrecision: metrics.rPrecision
    case .mapAtR: metrics.mapAtR
    case .nmi: metrics.nmi ?? .nan
    case .meanReciprocalRank: metrics.meanReciprocalRank ?? .nan
    case .precision(let k): metrics.precision[k] ?? .nan
    case .groupMapAtR(let level): metrics.hierarchical?.mapAtR.dropFirst(level - 1).first ?? .nan
    case .hierarchicalAP: metrics.hierarchical?.hierarchicalAP ?? .nan
    case .ndcg: metrics.hierarchical?.ndcg ?? .nan
    case .asi: metrics.hierarchical?.averageSetIntersection ?? .nan
    case .firstErrorsWithinParent: metrics.hierarchical?.firstErrorsWithinParent ?? .nan
    }
  }
}
