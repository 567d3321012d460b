/// The options of the commands that train.
enum TrainingOptions {
  static let data = DataOptions()
  static let broken = BrokenPictureOptions()
  static let method = MethodOptions()
  static let course = CourseOptions()
  static let evaluation = EvaluationOptions()
  static let sweep = SweepOptions()
  static let run = RunOptions()
  static let compute = ComputeOptions()

  static func groups(of kind: ExperimentKind, _ known: MethodList = .standard) -> [any OptionGroup] {
    [data, broken, MethodOptions(of: kind, known), CourseOptions(known), evaluation] + (kind == .sweep ? [sweep] : [])
      + [RunOptions(of: kind), compute]
  }

  static func all(of kind: ExperimentKind, _ known: MethodList = .standard) -> [any AnyOption] {
    groups(of: kind, known).flatMap(\.options)
  }

  /// Those that `results.json` has.
  static func settings(of kind: ExperimentKind) -> [any AnyOption] { settings[kind]! }

  /// Made once, because every file that is read or written asks for them.
  private static let settings = Dictionary(
    uniqueKeysWithValues: ExperimentKind.allCases.map { kind in (kind, all(of: kind).filter { $0.key != nil }) })
}

/// What has a value for the options of the commands that train: `settings.epochs` is the value of `CourseOptions.epochs`.
@dynamicMemberLookup
protocol TrainingValues {
  subscript<Value>(_ option: Option<Value>) -> Value { get set }
}

extension TrainingValues {
  subscript<Value>(dynamicMember path: KeyPath<DataOptions, Option<Value>>) -> Value {
    get { self[TrainingOptions.data[keyPath: path]] }
    set { self[TrainingOptions.data[keyPath: path]] = newValue }
  }

  subscript<Value>(dynamicMember path: KeyPath<BrokenPictureOptions, Option<Value>>) -> Value {
    get { self[TrainingOptions.broken[keyPath: path]] }
    set { self[TrainingOptions.broken[keyPath: path]] = newValue }
  }

  subscript<Value>(dynamicMember path: KeyPath<MethodOptions, Option<Value>>) -> Value {
    get { self[TrainingOptions.method[keyPath: path]] }
    set { self[TrainingOptions.method[keyPath: path]] = newValue }
  }

  subscript<Value>(dynamicMember path: KeyPath<CourseOptions, Option<Value>>) -> Value {
    get { self[TrainingOptions.course[keyPath: path]] }
    set { self[TrainingOptions.course[keyPath: path]] = newValue }
  }

  subscript<Value>(dynamicMember path: KeyPath<EvaluationOptions, Option<Value>>) -> Value {
    get { self[TrainingOptions.evaluation[keyPath: path]] }
    set { self[TrainingOptions.evaluation[keyPath: path]] = newValue }
  }

  subscript<Value>(dynamicMember path: KeyPath<RunOptions, Option<Value>>) -> Value {
    get { self[TrainingOptions.run[keyPath: path]] }
    set { self[TrainingOptions.run[keyPath: path]] = newValue }
  }

  subscript<Value>(dynamicMember path: KeyPath<ComputeOptions, Option<Value>>) -> Value {
    get { self[TrainingOptions.compute[keyPath: path]] }
    set { self[TrainingOptions.compute[keyPath: path]] = newValue }
  }
}

/// What a command that trains is for.
enum ExperimentKind: String, CaseIterable, Codable, Sendable {
  case train, compare, sweep

  /// The methods without `--method`.
  func methods(_ known: MethodList) -> Standard<[String]> {
    switch self {
    case .train: .said("all") { _ in MethodList.main }
    case .compare: .said("every flat loss, hpl-nca and hpl-pa") { _ in known.compared }
    case .sweep:
      .said("hpl-nca, hpl-pa; over the drawn birds all") { given in
        given[TrainingOptions.sweep.over]?.isOfData == true ? MethodList.main : ["hpl-nca", "hpl-pa"]
      }
    }
  }
}
