/// What `sweep` goes over, and the values it takes.
struct Sweep: Codable, Equatable, Sendable {
  /// A number of the first coarse level.
  enum Parameter: String, CaseIterable, Codable, Sendable {
    /// Its weight.
    case weight = "w1"
    /// How many proxies it has.
    case coarse
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
    }
  }

  /// Levels with the parameter at a value.
  static func levels(_ levels: LevelSpecification, setting parameter: Parameter, to value: Double) -> LevelSpecification
  {
    var levels = levels
    switch parameter {
    case .weight: levels.coarse[0].weight = value
    case .coarse: levels.coarse[0].source = .clusters(Int(value))
    }
    return levels
  }

  /// Throws unless the levels have what is swept and the values suit it.
  func check(_ levels: LevelSpecification) throws(UsageError) {
    guard let first = levels.coarse.first else {
      throw .conflict("--levels \(levels) has no coarse level to sweep over")
    }
    guard parameter == .coarse else { return }
    guard case .clusters = first.source else {
      throw .conflict("--over coarse needs clusters as the first coarse level, not --levels \(levels)")
    }
    if let value = values.first(where: { $0 < 1 || $0 != $0.rounded() || $0 > 1_000_000 }) {
      throw .conflict("--values \(value): --over coarse takes whole numbers of proxies, from 1")
    }
  }
}
