/// One of the program's parts by its name, or one of another program, which files may name and this one cannot make.
///
/// Two of one name are the same.
protocol NamedChoice: OptionValue, Hashable, RawRepresentable<String>, CaseIterable {
  /// What a name stands for that this program does not know.
  static func unknown(_ name: String) -> Self
}

extension NamedChoice {
  init?(rawValue: String) {
    guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = known
  }

  /// Whether it is a part of a program that calls this one.
  var isOwn: Bool { !Self.allCases.contains { $0.rawValue == rawValue } }

  static func == (a: Self, b: Self) -> Bool { a.rawValue == b.rawValue }
  func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

  init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    self = Self(rawValue: name) ?? .unknown(name)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
