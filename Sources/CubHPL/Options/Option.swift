/// One option, declared in one place: how it is written, what it may be, what the help says, what stands where it is not given,
/// and what files call it.
struct Option<Value: OptionValue>: Sendable {
  let name: String
  /// The name of the value in the help; nil for a flag.
  let placeholder: String?
  let help: String
  let standard: Standard<Value>
  /// What `results.json` calls it, a dot before each inner key; nil for what changes nothing there.
  let key: String?
  /// What must be there for it to change anything.
  let needs: [Need]
  /// Joins what is given several times; nil where it may be given once.
  let joined: (@Sendable (Value, Value) -> Value)?
  private let reader: @Sendable (String) throws(InvalidValue) -> Value

  /// - Parameters:
  ///   - key: nil for the name, with underscores.
  ///   - isSetting: false for what changes nothing in `results.json`.
  init(
    _ name: String, _ placeholder: String?, _ help: String, default standard: Standard<Value>, key: String? = nil,
    isSetting: Bool = true, needs: [Need] = [], joined: (@Sendable (Value, Value) -> Value)? = nil,
    read reader: @escaping @Sendable (String) throws(InvalidValue) -> Value
  ) {
    (self.name, self.placeholder, self.help, self.standard) = (name, placeholder, help, standard)
    self.key = isSetting ? key ?? String(name.dropFirst(2)).replacing("-", with: "_") : nil
    (self.needs, self.joined, self.reader) = (needs, joined, reader)
  }

  func read(_ text: String) throws(InvalidValue) -> Value { try reader(text) }
}

extension Option<Bool> {
  /// A flag, which takes no value and is off where it is not given.
  init(flag name: String, _ help: String, isSetting: Bool = true, needs: [Need] = []) {
    self.init(name, nil, help, default: .said(nil) { _ in false }, isSetting: isSetting, needs: needs) { $0 != "false" }
  }
}

/// What stands where an option is not given.
struct Standard<Value: OptionValue>: Sendable {
  /// As the help says it; nil where its text already does.
  let words: String?
  let value: @Sendable (Given) -> Value
  /// What it is, whatever else is given; nil where that matters.
  private(set) var constant: Value?
  /// Makes it fit other options.
  private(set) var fit: @Sendable (Value, Given) -> Value = { value, _ in value }

  /// Always the same.
  static func always(_ value: Value) -> Self {
    var standard = Self(words: value.spelling) { _ in value }
    standard.constant = value
    return standard
  }

  /// What depends on other options, in words.
  static func said(_ words: String?, _ value: @escaping @Sendable (Given) -> Value) -> Self {
    Self(words: words, value: value)
  }

  /// What the embedded data, a folder of `--data` and a published backbone ask for; nil for the same as the one before.
  static func by(embedded: Value, folder: Value? = nil, published: Value? = nil) -> Self {
    let folder = folder ?? embedded
    var words = embedded.spelling ?? ""
    if folder != embedded { words += "; with --data \(folder.spelling ?? "")" }
    if let published { words += "; with a published --backbone \(published.spelling ?? "")" }
    return Self(words: words) { given in
      if let published, given.backbone.isPublished { return published }
      return given.data == nil ? embedded : folder
    }
  }

  /// The same in other words.
  func saying(_ words: (String) -> String) -> Self {
    Self(words: self.words.map(words), value: value, fit: fit)
  }

  /// The same, made to fit other options.
  func fitting(_ fit: @escaping @Sendable (Value, Given) -> Value) -> Self {
    var standard = self
    standard.fit = fit
    return standard
  }
}

extension Standard {
  /// Nothing, in words.
  static func none<Wrapped: OptionValue>(_ words: String? = nil) -> Self where Value == Wrapped? {
    Self(words: words) { _ in nil }
  }
}
