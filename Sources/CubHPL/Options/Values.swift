/// The values of some options, each with its own type.
struct Values: Equatable, Sendable {
  private var values: [String: any OptionValue] = [:]

  /// The value of an option; nil where it has none here.
  subscript<Value>(_ option: Option<Value>) -> Value? {
    get {
      // In two steps, because nothing would be a value of an optional type.
      guard let value = values[option.name] else { return nil }
      return value as? Value
    }
    set {
      if let newValue { values[option.name] = newValue } else { values[option.name] = nil }
    }
  }

  /// The names of the options that have a value.
  var names: Set<String> { Set(values.keys) }

  /// Forgets the value of an option.
  mutating func remove(_ option: any AnyOption) { values[option.name] = nil }

  static func == (a: Self, b: Self) -> Bool { a.values.mapValues(\.spelling) == b.values.mapValues(\.spelling) }
}

/// An option, whatever type its value has.
protocol AnyOption: Sendable {
  var name: String { get }
  var placeholder: String? { get }
  var help: String { get }
  var key: String? { get }
  var needs: [Need] { get }
  /// What the help says of the default.
  var standardWords: String? { get }
  var form: OptionForm { get }
  var isRepeatable: Bool { get }

  /// Reads a value as the command line has it.
  func read(_ text: String, into values: inout Values) throws(InvalidValue)

  /// Takes the value that was given, or what stands in its place.
  func resolve(_ given: Given, into values: inout Values)

  /// The value as the command line has it; nil for nothing.
  func spelling(in values: Values) -> String?

  func encode(_ values: Values, to container: inout KeyedEncodingContainer<TextKey>, as key: TextKey) throws
  func decode(into values: inout Values, from container: KeyedDecodingContainer<TextKey>, as key: TextKey) throws
}

extension Option: AnyOption {
  var standardWords: String? { standard.words }
  var form: OptionForm { Value.form }
  var isRepeatable: Bool { joined != nil }

  func read(_ text: String, into values: inout Values) throws(InvalidValue) {
    let value: Value = try read(text)
    let before: Value? = values[self]
    values[self] = before.flatMap { before in joined?(before, value) } ?? value
  }

  func resolve(_ given: Given, into values: inout Values) { values[self] = given[self] }

  func spelling(in values: Values) -> String? { values[self]?.spelling }

  func encode(_ values: Values, to container: inout KeyedEncodingContainer<TextKey>, as key: TextKey) throws {
    guard let value = values[self], value.spelling != nil else { return }
    try container.encode(value, forKey: key)
  }

  func decode(into values: inout Values, from container: KeyedDecodingContainer<TextKey>, as key: TextKey) throws {
    // What an older version wrote lacks the options that came later, whose defaults are what it did.
    if let absent = Value.absent ?? standard.constant, !container.contains(key) {
      values[self] = absent
    } else {
      values[self] = try container.decode(Value.self, forKey: key)
    }
  }
}

/// Any text as a key.
struct TextKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// Options that belong together: constants, found in the order in which they are declared.
protocol OptionGroup: Sendable {
  /// Stands above them in the help.
  static var heading: String { get }
}

extension OptionGroup {
  var options: [any AnyOption] { Mirror(reflecting: self).children.compactMap { $0.value as? any AnyOption } }
}
