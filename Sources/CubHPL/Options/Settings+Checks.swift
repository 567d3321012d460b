/// The values of options against each other; what changes nothing at all is the affair of `Need`.
extension Settings {
  func check(_ given: Given) throws(UsageError) {
    if self.warmUp >= self.epochs {
      throw .conflict(
        "--warm-up \(self.warmUp) leaves no epoch with clusters: it must be less than --epochs \(self.epochs)")
    }
    try checkBackbone()
    try checkTraining(given)
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
    try given.checkNeeds(
      of: TrainingOptions.all(of: command), methods: self.methods.compactMap { given.methods[$0] })
  }

  private func checkSweep(_ given: Given) throws(UsageError) {
    guard let sweep else {
      let names = Sweep.Parameter.allCases.map(\.rawValue)
      throw .conflict("sweep needs --over: \(names.dropLast().joined(separator: ", ")) or \(names.last!)")
    }
    try sweep.filled.check(self.levels, pictures: values[TrainingOptions.sweep.pictures]!)
    if sweep.parameter.isOfData {
      let others: [(String, String?)] = [("--data", self.data), ("--hierarchy", self.hierarchy)]
      if let option = others.first(where: { $0.1 != nil })?.0 {
        throw .conflict(
          "\(option) does not go with --over \(sweep.parameter.rawValue), which draws birds for each value")
      }
      if let recipe = self.recipe, recipe.folds != nil {
        throw .conflict(
          "--protocol \(recipe.rawValue) does not go with --over \(sweep.parameter.rawValue): its folds are of one data set"
        )
      }
      return
    }
    if sweep.parameter == .coarse, self.hierarchy != nil, !given.has(TrainingOptions.method.levels) {
      throw .conflict("--over coarse needs clusters, and --hierarchy gives groups that stay: name both with --levels")
    }
    if let flat = self.methods.first(where: { given.methods[$0]?.isHierarchical != true }) {
      throw .conflict("--method \(flat) has no coarse level: sweep takes the methods hpl-…")
    }
  }

  private func checkTraining(_ given: Given) throws(UsageError) {
    if let recipe = self.recipe, let reason = recipe.objection(to: self.backbone) {
      throw .conflict("--protocol \(recipe.rawValue) does not fit --backbone \(self.backbone.rawValue): \(reason)")
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
  }

  private func checkBackbone() throws(UsageError) {
    if let reason = self.backbone.objection(toSize: self.imageSize) {
      throw .conflict("--image-size \(self.imageSize) does not fit --backbone \(self.backbone.rawValue): \(reason)")
    }
    if self.headWarmUp >= self.epochs {
      throw .conflict(
        "--head-warm-up \(self.headWarmUp) leaves no epoch for the body: it must be less than --epochs \(self.epochs)")
    }
  }
}
