/// The levels of a proxy hierarchy as `--levels` writes them: `1.0,clusters:20:0.1,taxonomy:0.1:centroid`.
///
/// The first number is the weight of the class proxies; each further part adds a coarse level above the one before.
struct LevelSpecification: Equatable, Sendable, CustomStringConvertible {
  /// One coarse level.
  struct Coarse: Equatable, Sendable, CustomStringConvertible {
    /// Where the groups come from.
    enum Source: Equatable, Sendable {
      /// Clusters of the proxies of the level below.
      case clusters(Int)
      /// The groups that the data set comes with, or those of `--hierarchy`.
      case taxonomy
    }

    /// What clusters are made of.
    enum Points: String, CaseIterable, Sendable {
      /// The proxies of the level below.
      case proxies
      /// The mean embedding of each class, and on the levels above the means of these.
      case means
    }

    /// How clusters are found: k-means, or merging from below with a linkage.
    enum Algorithm: String, CaseIterable, Sendable {
      case kMeans = "k-means"
      case ward, average, complete
    }

    /// What a coarse proxy is.
    enum Proxies: String, CaseIterable, Sendable {
      /// Parameters of their own, started at the centroids.
      case learned
      /// The mean of their children.
      case centroid
    }

    var source: Source
    var weight: Double
    var algorithm: Algorithm = .kMeans
    var points: Points = .proxies
    var proxies: Proxies = .learned

    var description: String {
      let suffix =
        (algorithm == .kMeans ? "" : ":\(algorithm.rawValue)") + (points == .proxies ? "" : ":\(points.rawValue)")
        + (proxies == .learned ? "" : ":\(proxies.rawValue)")
      return switch source {
      case .clusters(let count): "clusters:\(count):\(weight)\(suffix)"
      case .taxonomy: "taxonomy:\(weight)\(suffix)"
      }
    }
  }

  var classWeight: Double
  var coarse: [Coarse]

  static let grammar =
    "WEIGHT then any number of ,clusters:COUNT:WEIGHT, optionally followed by :k-means, :ward, :average or :complete and, at the "
    + "first of them, by :means, or ,taxonomy:WEIGHT, each optionally ending in :learned or :centroid, as in 1.0,clusters:20:0.1"

  init(classWeight: Double, coarse: [Coarse]) {
    self.classWeight = classWeight
    self.coarse = coarse
  }

  /// Reads the notation; the error says which part is wrong and what the grammar is.
  init(_ text: String) throws(InvalidValue) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    classWeight = try Self.weight(parts[0], in: parts[0])
    coarse = []
    for part in parts.dropFirst() { coarse.append(try Self.level(part)) }
    guard classWeight + coarse.map(\.weight).reduce(0, +) > 0 else {
      throw InvalidValue("at least one level needs a weight above 0")
    }
    var below: Int?
    for case .clusters(let count) in coarse.map(\.source) {
      if let below, count >= below {
        throw InvalidValue("a level needs fewer clusters than the one below it, not \(count) above \(below)")
      }
      below = count
    }
    let clustered = coarse.filter { $0.source != .taxonomy }
    if clustered.dropFirst().contains(where: { $0.points == .means }) {
      throw InvalidValue(":means belongs to the first level of clusters; those above it follow")
    }
  }

  /// Whether the mean embeddings of the classes are clustered instead of the proxies.
  var clustersMeans: Bool { coarse.contains { $0.points == .means } }

  var description: String {
    (["\(classWeight)"] + coarse.map(\.description)).joined(separator: ",")
  }

  private static func level(_ part: String) throws(InvalidValue) -> Coarse {
    var fields = part.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    var proxies = Coarse.Proxies.learned
    if let last = fields.last, let named = Coarse.Proxies(rawValue: last) {
      proxies = named
      fields.removeLast()
    }
    var points = Coarse.Points.proxies
    if fields.first == "clusters", let last = fields.last, let named = Coarse.Points(rawValue: last) {
      points = named
      fields.removeLast()
    }
    var algorithm = Coarse.Algorithm.kMeans
    if fields.first == "clusters", let last = fields.last, let named = Coarse.Algorithm(rawValue: last) {
      algorithm = named
      fields.removeLast()
    }
    switch (fields.first, fields.count) {
    case ("clusters", 3):
      guard let count = Int(fields[1]), (1...1_000_000).contains(count) else {
        throw malformed(part, "'\(fields[1])' is not a number of clusters")
      }
      return Coarse(
        source: .clusters(count), weight: try weight(fields[2], in: part), algorithm: algorithm, points: points,
        proxies: proxies)
    case ("taxonomy", 2):
      return Coarse(source: .taxonomy, weight: try weight(fields[1], in: part), proxies: proxies)
    case ("clusters", _): throw malformed(part, "clusters need a count and a weight")
    case ("taxonomy", _): throw malformed(part, "a taxonomy needs a weight")
    default: throw malformed(part, "a coarse level is clusters or taxonomy")
    }
  }

  private static func weight(_ text: String, in part: String) throws(InvalidValue) -> Double {
    guard let value = Double(text), value.isFinite, value >= 0 else {
      throw malformed(part, "'\(text)' is not a weight of at least 0")
    }
    return value
  }

  private static func malformed(_ part: String, _ reason: String) -> InvalidValue {
    InvalidValue("in level '\(part)': \(reason); the form is \(grammar)")
  }
}

/// A specification is stored as its notation.
extension LevelSpecification: Codable {
  init(from decoder: any Decoder) throws { try self.init(decoder.singleValueContainer().decode(String.self)) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
