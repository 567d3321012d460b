/// What `sweep` goes over, and the values it takes.
struct Sweep: Codable, Equatable, Sendable {
  enum Parameter: String, CaseIterable, Codable, Sendable {
    /// The weight of the first coarse level.
    case weight = "w1"
    /// How many proxies that level has.
    case coarse
    /// How many species are drawn.
    case classes
    /// How many pictures of a species are drawn.
    case picturesPerClass = "pictures-per-class"
    /// How many of a family's traits a species has.
    case likeness

    /// What axes of charts call it.
    var title: String {
      switch self {
      case .weight: "weight of the coarse level"
      case .coarse: "coarse proxies"
      case .classes: "number of species"
      case .picturesPerClass: "number of pictures of a species"
      case .likeness: "likeness of a family's species"
      }
    }

    /// Whether another value means other data, and not other levels.
    var isOfData: Bool { ![.weight, .coarse].contains(self) }
  }

  let parameter: Parameter
  let values: [Double]

  /// Reads `0,0.05,0.1`.
  static func values(_ text: String) throws(InvalidValue) -> [Double] {
    var values: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Double(part), value.isFinite, value >= 0 else {
        throw InvalidValue("'\(part)' is not a number of at least 0")
      }
      if values.contains(value) { throw InvalidValue("\(part) is named twice") }
      values.append(value)
    }
    return values
  }

  /// What is swept without `--values`.
  static func values(of parameter: Parameter, classes: Int) -> [Double] {
    switch parameter {
    case .weight: return [0, 0.01, 0.05, 0.1, 0.2, 0.5, 1]
    case .coarse:
      let counts = [20, 10, 5, 3, 2].map { max(2, classes / $0) }
      return counts.indices.filter { $0 == 0 || counts[$0] > counts[$0 - 1] }.map { Double(counts[$0]) }
    case .classes: return [24, 48, 96, 180]
    case .picturesPerClass: return [8, 15, 30, 60]
    case .likeness: return [0.3, 0.5, 0.7, 0.9]
    }
  }

  /// The same with values, where these do not depend on the data.
  var filled: Sweep {
    values.isEmpty && parameter.isOfData
      ? Sweep(parameter: parameter, values: Self.values(of: parameter, classes: 0)) : self
  }

  /// Levels with the parameter at a value.
  static func levels(_ levels: LevelSpecification, setting parameter: Parameter, to value: Double) -> LevelSpecification
  {
    var levels = levels
    switch parameter {
    case .weight: levels.coarse[0].weight = value
    case .coarse: levels.coarse[0].source = .clusters(Int(value))
    case .classes, .picturesPerClass, .likeness: break
    }
    return levels
  }

  /// The birds to draw for a value, as many pictures in all as are asked for; nil where the data stays.
  func birds(_ value: Double, pictures: Int) -> DrawnData? {
    switch parameter {
    case .weight, .coarse: nil
    case .classes: DrawnData(species: Int(value), pictures: pictures / Int(value))
    case .picturesPerClass: DrawnData(species: pictures / Int(value), pictures: Int(value))
    case .likeness: DrawnData(pictures: pictures / DrawnData().species, likeness: value)
    }
  }

  /// Throws unless the levels have what is swept and the values suit it.
  func check(_ levels: LevelSpecification, pictures: Int) throws(UsageError) {
    switch parameter {
    case .weight, .coarse: try checkLevels(levels)
    case .classes, .picturesPerClass: try checkWhole(from: 2, "species and pictures")
    case .likeness:
      if let value = values.first(where: { $0 > 1 }) {
        throw .conflict("--values \(value): --over likeness takes shares from 0 to 1")
      }
    }
    for value in values {
      guard let birds = birds(value, pictures: pictures) else { continue }
      guard birds.species >= 8, birds.pictures >= 2 else {
        throw .conflict(
          "--values \(Results.Swept(parameter: "", value: value).text): of --pictures \(pictures) that is \(birds.species) species "
            + "with \(birds.pictures) pictures each; there must be at least 8 with 2")
      }
    }
  }

  private func checkLevels(_ levels: LevelSpecification) throws(UsageError) {
    guard let first = levels.coarse.first else {
      throw .conflict("--levels \(levels) has no coarse level to sweep over")
    }
    guard parameter == .coarse else { return }
    guard case .clusters = first.source else {
      throw .conflict("--over coarse needs clusters as the first coarse level, not --levels \(levels)")
    }
    try checkWhole(from: 1, "proxies")
  }

  private func checkWhole(from least: Double, _ what: String) throws(UsageError) {
    if let value = values.first(where: { $0 < least || $0 != $0.rounded() || $0 > 1_000_000 }) {
      throw .conflict(
        "--values \(value): --over \(parameter.rawValue) takes whole numbers of \(what), from \(Int(least))")
    }
  }
}
