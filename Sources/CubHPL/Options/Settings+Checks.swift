/// The options against each other.
extension Settings {
  func check(_ given: Given) throws(UsageError) {
    if self.warmUp >= self.epochs {
      throw .conflict(
        "--warm-up \(self.warmUp) leaves no epoch with clusters: it must be less than --epochs \(self.epochs)")
    }
    let data = TrainingOptions.data
    let ofFolders: [any AnyOption] = [data.dataset, data.taxonomy, data.classSplit, TrainingOptions.broken.skipBroken]
    if self.data == nil, let option = ofFolders.first(where: { given.has($0) }) {
      throw .conflict(
        "\(option.name) needs --data: the embedded birds have their own form and groups, and none is broken")
    }
    try checkBackbone()
    try checkTraining(given)
    if self.hierarchy != nil,
      given.values[TrainingOptions.method.levels]?.coarse.contains(where: { $0.source == .taxonomy }) == false
    {
      throw .conflict(
        "--hierarchy gives groups, and --levels \(self.levels) takes none of them: it needs taxonomy:WEIGHT")
    }
    if let ramp = self.levelRamp, ramp > self.epochs - self.warmUp {
      throw .conflict(
        "--level-ramp \(ramp) does not end: after --warm-up \(self.warmUp) of --epochs \(self.epochs) there are \(self.epochs - self.warmUp)"
      )
    }
    if self.samplesPerClass > self.batch {
      throw .conflict("--samples-per-class \(self.samplesPerClass) does not fit into --batch \(self.batch)")
    }
    if self.seed > UInt64.max - UInt64(self.seeds) {
      throw .conflict("--seed \(self.seed) is too large for --seeds \(self.seeds)")
    }
    if !self.proxyLearningRate.isFinite {
      throw .conflict("--lr \(self.learningRate) is too large: the learning rate of the proxies would be infinite")
    }
    if command == .sweep { try checkSweep(given) }
    try checkMethods(given)
  }

  private func checkSweep(_ given: Given) throws(UsageError) {
    guard let sweep else {
      throw .conflict("sweep needs --over: \(Sweep.Parameter.allCases.map(\.rawValue).joined(separator: " or "))")
    }
    try sweep.check(self.levels)
    if sweep.parameter == .coarse, self.hierarchy != nil, !given.has(TrainingOptions.method.levels) {
      throw .conflict("--over coarse needs clusters, and --hierarchy gives groups that stay: name both with --levels")
    }
    if let flat = self.methods.first(where: { given.methods[$0]?.isHierarchical != true }) {
      throw .conflict("--method \(flat) has no coarse level: sweep takes the methods hpl-…")
    }
  }

  private func checkMethods(_ given: Given) throws(UsageError) {
    let chosen = self.methods.compactMap { given.methods[$0] }
    for option in TrainingOptions.all(of: command) where given.values.names.contains(option.name) {
      if let part = option.needs, !chosen.contains(where: part.isFound) {
        throw .conflict("\(option.name) \(part.reason): \(self.methods.joined(separator: ", "))")
      }
    }
    let levels = given.values[TrainingOptions.method.levels]
    let method = TrainingOptions.method
    let ofLevels: [any AnyOption] = [method.warmUp, method.recluster, method.levelRamp]
    for option in ofLevels where given.has(option) && levels?.coarse.isEmpty == true {
      throw .conflict("\(option.name) is about coarse levels, and --levels \(self.levels) has none")
    }
    let isGiven = levels.map { !$0.coarse.contains { $0.source != .taxonomy } } ?? (self.hierarchy != nil)
    if given.has(TrainingOptions.method.recluster), isGiven {
      throw .conflict("--recluster is about clusters, and the groups of a taxonomy stay as they are")
    }
  }

  private func checkTraining(_ given: Given) throws(UsageError) {
    if let recipe = self.recipe, let reason = recipe.objection(to: self.backbone) {
      throw .conflict("--protocol \(recipe.rawValue) does not fit --backbone \(self.backbone.rawValue): \(reason)")
    }
    if self.recipe?.folds != nil, given.has(TrainingOptions.course.validation) {
      throw .conflict("--validation-classes does not fit --protocol mlrc, whose folds are the validation classes")
    }
    if self.patience != nil, self.validation == .none, self.recipe?.folds == nil {
      throw .conflict("--patience needs --validation-classes: without them nothing says that an epoch is better")
    }
    if self.samplingRate < 1, self.accumulate > 1 {
      throw .conflict(
        "--sampling-rate \(self.samplingRate) does not fit --accumulate \(self.accumulate): every batch draws other proxies"
      )
    }
    if let pieces = self.piecesOf {
      guard pieces < self.batch else {
        throw .conflict("--pieces-of \(pieces) divides nothing: --batch \(self.batch) is no larger")
      }
      guard !self.syncBatchNorm else {
        throw .conflict(
          "--pieces-of does not fit --sync-batch-norm: processes would normalise other pieces together than the whole batch"
        )
      }
    }
    if self.sampler == .shuffled, given.has(TrainingOptions.course.samplesPerClass) {
      throw .conflict("--samples-per-class does not fit --sampler shuffled, which takes pictures as they come")
    }
  }

  private func checkBackbone() throws(UsageError) {
    if let reason = self.backbone.objection(toSize: self.imageSize) {
      throw .conflict("--image-size \(self.imageSize) does not fit --backbone \(self.backbone.rawValue): \(reason)")
    }
    if self.freezeBatchNorm && self.weights == nil {
      throw .conflict("--freeze-batch-norm needs --weights: the statistics of a random network say nothing")
    }
    if self.freezeBatchNorm && !self.backbone.hasBatchNorm {
      throw .conflict("--freeze-batch-norm does not fit --backbone \(self.backbone.rawValue), which has no batch-norm")
    }
    if self.syncBatchNorm && (self.freezeBatchNorm || !self.backbone.hasBatchNorm) {
      throw .conflict(
        "--sync-batch-norm is about batch-norms that learn, and "
          + (self.freezeBatchNorm ? "--freeze-batch-norm keeps them" : "--backbone \(self.backbone.rawValue) has none"))
    }
    if self.headWarmUp > 0 && self.weights == nil {
      throw .conflict("--head-warm-up needs --weights: the body of a random network must learn from the start")
    }
    if self.headWarmUp >= self.epochs {
      throw .conflict(
        "--head-warm-up \(self.headWarmUp) leaves no epoch for the body: it must be less than --epochs \(self.epochs)")
    }
  }
}
