import Collectives
import Foundation
import Tensor
import Vision

/// What an experiment does, from the options and the data; it changes no more.
struct ExperimentPlan {
  /// With every default filled in, fitted to the data.
  let settings: Settings
  let methods: MethodList
  let data: TrainingData
  /// The data of a sweep over the drawn birds, by the value.
  private let sweptData: [Double: TrainingData]
  /// The runs in their order; those that are put together, the folds of a protocol, stand side by side.
  let runs: [[RunPlan]]
  /// What was given.
  let given: Given
  /// The ranks that do it together.
  let group: Group
  /// A line for each default that has become smaller.
  let smallerDefaults: [String]

  /// Reads the data, and throws `UsageError` where options do not fit it.
  ///
  /// Throws `RanksError` where ranks were given other options or find other data.
  init(
    _ given: Given, _ kind: ExperimentKind, over group: Group = .alone, meter: Meter = .silent, note: (String) -> Void
  ) throws {
    self.group = group
    var given = given
    if given.recipe != nil, given.dataset == nil, let path = given.data {
      // The protocol's numbers depend on the form of the data.
      let form = try group.agree { try DatasetKind.recognize(URL(fileURLWithPath: path)) }
      given.kept[TrainingOptions.data.dataset] = form
      note("\(path): taken for \(form.title); --dataset says otherwise")
    }
    let asked = try Settings(given, for: kind)
    var drawn: [Double: TrainingData] = [:]
    for (value, birds) in asked.sweptBirds {
      var request = DataRequest(asked)
      request.birds = birds
      drawn[value] = try TrainingData(request, over: group, meter: meter, note: note)
    }
    sweptData = drawn
    data =
      try asked.sweptBirds.first.flatMap { drawn[$0.value] }
      ?? TrainingData(DataRequest(asked), over: group, meter: meter, note: note)
    let data = data
    let fewest = try asked.folds.map { try data.classes(asked, fold: $0).train }.min { $0.classCount < $1.classCount }!
    // Where each value has data of its own, its runs are fitted to that.
    settings = drawn.isEmpty ? asked.fitted(to: fewest, given) : asked
    let parts = try asked.sweptBirds.map { value, _ in
      (
        Results.Swept(parameter: asked.sweep!.parameter.rawValue, value: value),
        try drawn[value]!.classes(asked, fold: nil).train
      )
    }
    smallerDefaults =
      parts.isEmpty
      ? settings.smallerDefaults(given, classes: fewest.classCount)
      : parts.flatMap { swept, classes in
        asked.fitted(to: classes, given).smallerDefaults(given, classes: classes.classCount).map {
          "\(swept.parameter) \(swept.text): \($0)"
        }
      }
    for line in smallerDefaults { note("note: \(line)") }
    let ofRanks = [settings.shardProxies ? "--shard-proxies" : nil, settings.syncBatchNorm ? "--sync-batch-norm" : nil]
    if group.size == 1, let option = ofRanks.compactMap(\.self).first {
      note("note: \(option) changes nothing for one process; it is for several that mpirun or srun starts")
    }
    let share = (settings.batch + group.size - 1) / group.size
    if let pieces = settings.piecesOf, pieces >= share {
      note("note: --pieces-of \(pieces) changes nothing: the network gets \(share) pictures of a batch")
    }
    if !settings.precision.isAccelerated {
      note("note: this processor does not multiply bfloat16 itself: that saves memory and takes longer")
    }
    (self.given, methods) = (given, given.methods)
    let usual = settings
    runs = try Self.runs(usual, given.methods) { value in
      guard let data = drawn[value] else { return usual }
      return asked.fitted(to: try data.classes(asked, fold: nil).train, given)
    }
    for run in runs.joined() {
      let classes = drawn.isEmpty ? fewest : try drawn[run.swept!.value]!.classes(run.settings, fold: nil).train
      _ = try run.method.levels(run.settings, classes: classes.classCount, taxonomy: classes.taxonomy, over: group)
    }
    try RanksError.check(self)
    if settings.levels.clustersMeans,
      let empty = zip(data.train.classNames, data.train.indicesByClass).first(where: \.1.isEmpty)?.0
    {
      throw UsageError.conflict(
        "--levels \(settings.levels): the class '\(empty)' has no picture and so no mean embedding")
    }
  }

  /// The data of a run.
  func data(of run: RunPlan) -> TrainingData { run.swept.flatMap { sweptData[$0.value] } ?? data }

  /// For each of some runs, how many batches an epoch has.
  func batches(of runs: [RunPlan]) throws -> [Int] {
    // Runs on the same classes have as many.
    var known: [[Double?]: Int] = [:]
    return try runs.map { run in
      let part = [run.swept?.value, run.fold.map { Double($0) }]
      if let count = known[part] { return count }
      let classes = try data(of: run).classes(run.settings, fold: run.fold)
      let sampler = try run.settings.sampler.makeSampler(of: classes, settings: run.settings, seed: run.seed)
      let count = sampler.batches(epoch: 0).count
      known[part] = count
      return count
    }
  }

  /// The data of all runs: with the value that a sweep has it for, or nil.
  var allData: [(swept: Results.Swept?, data: TrainingData)] {
    guard let sweep = settings.sweep, !sweptData.isEmpty else { return [(nil, data)] }
    return sweep.values.map { (.init(parameter: sweep.parameter.rawValue, value: $0), sweptData[$0]!) }
  }

  private static func runs(
    _ settings: Settings, _ methods: MethodList, settingsAt: (_ value: Double) throws -> Settings
  ) rethrows -> [[RunPlan]] {
    let values: [Results.Swept?] =
      settings.sweep.map { sweep in sweep.values.map { .init(parameter: sweep.parameter.rawValue, value: $0) } } ?? [
        nil
      ]
    return try settings.allSeeds.flatMap { seed in
      try values.flatMap { swept in
        var own = try swept.map { try settingsAt($0.value) } ?? settings
        if let swept, let sweep = settings.sweep {
          own.levels = Sweep.levels(own.levels, setting: sweep.parameter, to: swept.value)
        }
        return settings.methods.map { name in
          return settings.folds.map {
            RunPlan(method: methods[name]!, seed: seed, fold: $0, swept: swept, settings: own)
          }
        }
      }
    }
  }

  /// Whether the report shows the pictures of a method's run: those of the first seed, and where losses are compared, only
  /// of those that stand there with and without a hierarchy.
  func shows(_ method: Method, seed: UInt64) -> Bool {
    guard seed == settings.seed else { return false }
    switch settings.command {
    case .train: return true
    case .compare: return settings.methods.count { methods[$0]?.flatName == method.flatName } > 1
    case .sweep: return false
    }
  }

  /// Whether the report shows a run's test pictures on the plane, and there are enough of them.
  func isProjected(_ run: RunPlan) -> Bool {
    run.fold == nil && data(of: run).test.count >= RunProjection.fewest && shows(run.method, seed: run.seed)
  }
}
