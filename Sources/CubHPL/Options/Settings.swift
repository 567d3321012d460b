/// The options with every default filled in: what an experiment does, and what `results.json` says it did.
struct Settings: TrainingValues, Equatable, Sendable {
  private(set) var command: ExperimentKind
  private(set) var values = Values()

  /// Fills in what the command line leaves open, and checks the options against each other.
  init(_ given: Given, for command: ExperimentKind = .train) throws(UsageError) {
    self.command = command
    let given = given.followingProtocol()
    for option in TrainingOptions.settings(of: command) where option.name != TrainingOptions.method.methods.name {
      option.resolve(given, into: &values)
    }
    values[TrainingOptions.method.methods] = given[MethodOptions(of: command, given.methods).methods]
    values[TrainingOptions.run.seeds] = given[RunOptions(of: command).seeds]
    try check(given)
  }

  subscript<Value>(_ option: Option<Value>) -> Value {
    get { values[option]! }
    set { values[option] = newValue }
  }

  /// What `sweep` goes over; the values are known when the data is.
  var sweep: Sweep? {
    get {
      guard let over = values[TrainingOptions.sweep.over] ?? nil else { return nil }
      return Sweep(parameter: over, values: values[TrainingOptions.sweep.values] ?? [])
    }
    set {
      values[TrainingOptions.sweep.over] = newValue?.parameter
      values[TrainingOptions.sweep.values] = newValue?.values
    }
  }

  /// The birds to draw for each value of a sweep over these; none elsewhere.
  var sweptBirds: [(value: Double, birds: DrawnData)] {
    guard let sweep = sweep?.filled, let pictures = values[TrainingOptions.sweep.pictures] else { return [] }
    return sweep.values.compactMap { value in sweep.birds(value, pictures: pictures).map { (value, $0) } }
  }

  /// The seeds to train with, one after the other.
  var allSeeds: [UInt64] { (0..<UInt64(self.seeds)).map { self.seed &+ $0 } }

  /// The folds that a method is trained on, from 0; without a protocol that has some, nil alone.
  var folds: [Int?] { self.recipe?.folds.map { (0..<$0).map { $0 } } ?? [nil] }

  /// The steps of an epoch of so many batches.
  func steps(for batches: Int) -> Int { (batches + self.accumulate - 1) / self.accumulate }

  /// The same with what stands where some options are not given.
  func forgetting(_ options: [any AnyOption]) -> Settings {
    var settings = self
    for option in options { option.resolve(Given(), into: &settings.values) }
    return settings
  }

  /// Those of one run: without the command's own, which say what other runs there are.
  var ofOneRun: Settings {
    var settings = self
    settings.command = .train
    for option in TrainingOptions.sweep.options { settings.values.remove(option) }
    return settings
  }
}

/// The command, and the key of each option.
extension Settings: Codable {
  private static let commandKey = TextKey(stringValue: "command")

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: TextKey.self)
    command = try container.decode(ExperimentKind.self, forKey: Self.commandKey)
    for option in TrainingOptions.settings(of: command) {
      let path = option.key!.split(separator: ".").map { TextKey(stringValue: String($0)) }
      let inner = try path.dropLast().reduce(container) { try $0.nestedContainer(keyedBy: TextKey.self, forKey: $1) }
      try option.decode(into: &values, from: inner, as: path.last!)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: TextKey.self)
    try container.encode(command, forKey: Self.commandKey)
    for option in TrainingOptions.settings(of: command) {
      let path = option.key!.split(separator: ".").map { TextKey(stringValue: String($0)) }
      if path.count == 1 {
        try option.encode(values, to: &container, as: path[0])
      } else {
        var inner = container.nestedContainer(keyedBy: TextKey.self, forKey: path[0])
        try option.encode(values, to: &inner, as: path[1])
      }
    }
  }
}
