/// What must be there for an option to change anything: an option that is given without it is refused.
///
/// An option says what it needs where it is declared, so this is the one rule for options without effect.
struct Need: Sendable {
  /// Whether it is there, by the options and the methods that these name.
  let isMet: @Sendable (Given, [Method]) -> Bool
  /// Why the option changes nothing without it, in words that follow its name.
  let reason: @Sendable (Given, [Method]) -> String

  init(
    _ reason: @escaping @Sendable (Given, [Method]) -> String,
    where isMet: @escaping @Sendable (Given, [Method]) -> Bool
  ) {
    (self.reason, self.isMet) = (reason, isMet)
  }

  init(_ reason: String, where isMet: @escaping @Sendable (Given) -> Bool) {
    self.init({ _, _ in reason }) { given, _ in isMet(given) }
  }
}

extension Given {
  /// Throws for the first of some options that was given and changes nothing.
  func checkNeeds(of options: [any AnyOption], methods: [Method] = []) throws(UsageError) {
    for option in options where has(option) && option.spelling(in: values) != "false" {
      for need in option.needs where !need.isMet(self, methods) {
        throw .conflict("\(option.name) \(need.reason(self, methods))")
      }
    }
  }
}

// MARK: Of methods

extension Need {
  static let proxies: Need = method("is about proxies, and none of the methods has some", where: \.hasProxies)
  static let classProxies: Need = method("is about proxies, and none of the methods has some") { !$0.comparesSamples }
  static let pairs: Need = method("chooses pairs, and none of the methods compares pairs", where: \.usesMiner)
  static let hierarchicalMethod: Need = method(
    "is about coarse levels, and none of the methods has some", where: \.isHierarchical)

  /// Something that one of the methods must have.
  private static func method(_ reason: String, where isFound: @escaping @Sendable (Method) -> Bool) -> Need {
    Need({ "\(reason): \($1.map(\.name).joined(separator: ", "))" }) { $1.contains(where: isFound) }
  }

  static let coarseLevels: Need = Need({ given, _ in
    "is about coarse levels, and --levels \(given.levels) has none"
  }) { given, _ in !given.levels.coarse.isEmpty }

  static let clusters: Need = Need("is about clusters, and the groups of a taxonomy stay as they are") { given in
    given.has(TrainingOptions.method.levels)
      ? given.levels.coarse.contains { $0.source != .taxonomy } : given.hierarchy == nil
  }

  static let taxonomyLevels: Need = Need({ given, _ in
    "gives groups, and --levels \(given.levels) takes none of them: it needs taxonomy:WEIGHT"
  }) { given, _ in
    !given.has(TrainingOptions.method.levels) || given.levels.coarse.contains { $0.source == .taxonomy }
  }
}

// MARK: Of other options

extension Need {
  /// A folder of pictures; `otherwise` says what is taken without one.
  static func data(_ otherwise: String) -> Need { Need("needs --data: \(otherwise)") { $0.data != nil } }

  static let sweepOverData: Need = Need("is about the drawn birds, and --over changes nothing there") {
    $0[TrainingOptions.sweep.over]?.isOfData == true
  }

  static let publishedStatistics: Need = Need("needs --weights: the statistics of a random network say nothing") {
    $0.weights != nil
  }

  static let trainedBody: Need = Need("needs --weights: the body of a random network must learn from the start") {
    $0.weights != nil || $0.headWarmUp == 0
  }

  static let batchNorm: Need = Need({ given, _ in
    "does not fit --backbone \(given.backbone.rawValue), which has no batch-norm"
  }) { given, _ in given.backbone.hasBatchNorm }

  static let learningBatchNorm: Need = Need({ given, _ in
    let isFrozen: Bool = given.freezeBatchNorm
    let reason = isFrozen ? "--freeze-batch-norm keeps them" : "--backbone \(given.backbone.rawValue) has none"
    return "is about batch-norms that learn, and \(reason)"
  }) { given, _ in given.backbone.hasBatchNorm && !given.freezeBatchNorm }

  static let classesInBatches: Need = Need("does not fit --sampler shuffled, which takes pictures as they come") {
    $0.sampler != .shuffled
  }

  static let noFolds: Need = Need("does not fit --protocol mlrc, whose folds are the validation classes") {
    $0.recipe?.folds == nil
  }

  static let validation: Need = Need("needs --validation-classes: without them nothing says that an epoch is better") {
    $0.validation != .none || $0.recipe?.folds != nil
  }

  static let laterEpochs: Need = Need({ given, _ in
    "\(given.patience.map(String.init) ?? "") never ends a run of --epochs \(given.epochs)"
  }) { given, _ in given.patience.map { $0 < given.epochs } ?? true }
}
