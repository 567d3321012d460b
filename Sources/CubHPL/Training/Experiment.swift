import ClassTree
import Foundation
import Tensor
import TensorFiles
import Vision

/// The runs of one command on one data set, and what is written about them.
///
/// Every run has a folder in the output folder, with a checkpoint after each epoch and in the end its result. Given again,
/// the same command goes on where it stopped.
struct Experiment {
  private let settings: Settings
  private let methods: MethodList
  private let data: TrainingData
  private let output: OutputFolder
  private let progress: Progress

  /// Does what the command line asks for.
  static func run(_ options: Options, command: [String], methods: MethodList = .standard) throws {
    if let folder = options.export {
      let birds = TrainingData.embedded()
      try Interruption.finishing { try CUBFolder.write(birds, to: URL(fileURLWithPath: folder)) }
      try StandardOutput.print("wrote the embedded birds to \(folder)")
      return
    }
    _ = Backend.blas  // set up before any thread starts
    var settings = try Settings(options, methods: methods, cores: Threads.count)
    let style = Progress.Style.suitable(quiet: settings.quiet)
    let say = { (text: String) in if style != .quiet { Terminal.note(text) } }
    if settings.recipe != nil, settings.dataset == nil, let path = settings.data {
      // The protocol's numbers depend on the form of the data.
      var options = options
      let kind = try DatasetKind.recognize(URL(fileURLWithPath: path))
      options.dataset = kind
      settings = try Settings(options, methods: methods, cores: Threads.count)
      say("\(path): taken for \(kind.title); --dataset says otherwise")
    }
    Threads.count = settings.threads
    let data = try TrainingData(settings, note: say)
    let fewest = try settings.folds.map {
      try data.classes(settings, fold: $0).train
    }.min { $0.classCount < $1.classCount }!
    settings.fit(to: fewest, given: options)
    for line in settings.smallerDefaults(options, methods: methods, classes: fewest.classCount) { say("note: \(line)") }
    for plan in plans(settings, methods).joined() {
      _ = try plan.method.levels(plan.settings, classes: fewest.classCount, taxonomy: fewest.taxonomy)
    }
    if settings.levels.clustersMeans,
      let empty = zip(data.train.classNames, data.train.indicesByClass).first(where: \.1.isEmpty)?.0
    {
      throw UsageError.conflict(
        "--levels \(settings.levels): the class '\(empty)' has no picture and so no mean embedding")
    }
    let folder = options.output == nil ? " with --output \(shellCommand([settings.output]))" : ""
    let output = try OutputFolder.begin(
      settings.output, advice: "the same command\(folder) goes on after the last epoch that was finished")
    defer { output.close() }
    do {
      let profile = options.profile ? Profile() : nil
      let work = { try train(settings, methods, data, output, style, command: command) }
      let report = try profile?.measure(work) ?? work()
      try Interruption.finishing {
        try report.write(to: output)
        try profile?.writeTrace(to: output.file("profile.json"))
      }
      try StandardOutput.print("\n" + tables(report.content.results))
      if let profile { try StandardOutput.print("\n\(profile)") }
      say("")
      say("report: \(output.file("report.html"))")
    } catch {
      output.discardIfEmpty()
      throw error
    }
  }

  private static func tables(_ results: Results) -> String {
    let (summary, width) = (Summary(results), Terminal.textWidth)
    let tables: [String?] =
      switch results.options.command {
      case .train, .tsne, .embed, .search, .inspect:
        [
          Table.text(for: summary, width: width), Table.hierarchical(summary, width: width),
          Table.convergence(summary, width: width), Table.coarseLevels(summary, width: width),
        ]
      case .compare:
        [
          Table.comparison(results, width: width), Table.hierarchical(summary, width: width),
          Table.convergence(summary, width: width),
        ]
      case .sweep: [Table.sweep(results, width: width)]
      }
    return tables.compactMap(\.self).joined(separator: "\n\n")
  }

  /// The runs in their order; those that are put together, the folds of a protocol, stand side by side.
  private static func plans(_ settings: Settings, _ methods: MethodList) -> [[RunPlan]] {
    let values: [Results.Swept?] =
      settings.sweep.map { sweep in sweep.values.map { .init(parameter: sweep.parameter.rawValue, value: $0) } } ?? [
        nil
      ]
    return settings.allSeeds.flatMap { seed in
      values.flatMap { swept in
        settings.methods.map { name in
          var own = settings
          if let swept, let sweep = settings.sweep {
            own.levels = Sweep.levels(settings.levels, setting: sweep.parameter, to: swept.value)
          }
          return settings.folds.map {
            RunPlan(method: methods[name]!, seed: seed, fold: $0, swept: swept, settings: own)
          }
        }
      }
    }
  }

  private static func train(
    _ settings: Settings, _ methods: MethodList, _ data: TrainingData, _ output: OutputFolder, _ style: Progress.Style,
    command: [String]
  ) throws -> Report {
    let date = Date().ISO8601Format()
    let plans = plans(settings, methods)
    // What was begun with other settings is refused before anything is trained.
    let open = try plans.joined().filter { plan in
      let folder = RunFolder(output, plan, data)
      try folder.check()
      return try folder.finished() == nil
    }
    let steps = try open.first.map { plan in
      let labels = try data.classes(settings, fold: plan.fold).train.labels
      return try settings.sampler.makeSampler(labels: labels, settings: settings, seed: plan.seed).batches(epoch: 0)
        .count
    }
    let progress = Progress(
      plan: .init(runs: open.count, epochs: settings.epochs, steps: steps ?? 1), style: style)
    defer { progress.finish() }
    progress.note(
      "\(data.title): \(data.train.count) pictures of \(data.train.classCount) classes to train, "
        + "\(data.test.count) of \(data.test.classCount) other classes to test"
        + (data.gallery.map { " in a gallery of \($0.count)" } ?? ""))
    if let held = try plans[0].first.flatMap({ try data.classes(settings, fold: $0.fold).validation }) {
      progress.note("of the classes to train, \(held.classCount) are held out to choose the epoch")
    }
    let experiment = Experiment(settings: settings, methods: methods, data: data, output: output, progress: progress)
    var report = Report(settings, data, methods)
    for runs in plans {
      if runs.count == 1 {
        let (finished, folder) = try experiment.finished(runs[0])
        try report.add(finished, folder)
      } else {
        for result in try experiment.foldedResults(runs) { report.add(result) }
      }
    }
    report.add(try Baselines(settings: settings, data: data, output: output, progress: progress).measured())
    try report.finish(command: command, date: date)
    return report
  }

  /// The result of a run, which is trained as far as it has not been.
  private func finished(_ plan: RunPlan) throws -> (RunFolder.Finished, RunFolder) {
    let folder = RunFolder(output, plan, data)
    if var finished = try folder.finished() {
      progress.note("\(plan.label): taken from \(folder.path)")
      if isProjected(plan), finished.projection == nil {
        let model = try TrainedModel(checkpoint: folder.file(finished.checkpoint), methods: methods)
        finished.projection = try projection(model) { pictures in
          let shown = pictures.map { data.test.samples[$0] }
          return try model.embeddings(
            of: ImageDataset(name: data.test.name, classNames: data.test.classNames, samples: shown),
            workers: settings.workers)
        }
        try folder.write(finished)
      }
      return (finished, folder)
    }
    let run = try TrainingRun(plan, data: data, folder: folder)
    if plan.seed == settings.seed, plan.fold ?? 0 == 0 {
      for line in run.weightNotes + run.learningRates { progress.note("\(plan.label)  \(line)") }
    }
    if !run.curve.isEmpty { progress.note("\(plan.label): goes on after epoch \(run.curve.count)") }
    if let first = run.lengthened.last {
      progress.note(
        "\(plan.label): lengthened from \(first) to \(plan.settings.epochs) epochs; what is trained from here on has the "
          + "learning rates of \(plan.settings.epochs) epochs, which differs from a run of that length")
    }
    progress.begin(plan.label)
    while !run.isFinished { try run.advance(progress) }
    progress.end()
    progress.note("\(plan.label): \(run.tested)")
    let model = try TrainedModel(checkpoint: run.testedCheckpoint, methods: methods)
    let embeddings = try TestEmbeddings(model, data, workers: settings.workers)
    let (metrics, dropped) = try data.measure(embeddings, progress: progress.evaluating)
    let search = try data.search(embeddings)
    let finished = RunFolder.Finished(
      identity: folder.identity, result: run.result(of: model, metrics, queriesDropped: dropped),
      retrievals: data.retrievals(search), study: try RetrievalStudy(model, search),
      projection: isProjected(plan) ? try projection(model) { embeddings.test.take(Tensor<Int>($0)) } : nil,
      checkpoint: run.testedCheckpoint.components(separatedBy: "/").last!)
    if let hierarchy = try ClassHierarchy(finished.result.hierarchy, classes: model.state.classNames) {
      try Interruption.holding { try hierarchy.write(to: folder.file("hierarchy.json")) }
    }
    try folder.write(finished)
    return (finished, folder)
  }

  /// Whether the report shows the run's test pictures on the plane, and there are enough of them.
  private func isProjected(_ plan: RunPlan) -> Bool {
    plan.fold == nil && data.test.count >= RunProjection.fewest
      && settings.shows(plan.method, seed: plan.seed, of: methods)
  }

  /// The test pictures on the plane, from the embeddings of those that are projected.
  private func projection(
    _ model: TrainedModel, _ embeddings: ([Int]) throws -> Tensor<Float>
  ) throws -> RunProjection {
    let pictures = RunProjection.pictures(of: data)
    return try RunProjection(model, pictures: pictures, embeddings(pictures), seed: settings.seed)
  }

  /// The results of a protocol's folds: of all embeddings side by side, and the mean of each network's own.
  private func foldedResults(_ plans: [RunPlan]) throws -> [Results.Run] {
    let parts = try plans.map { try finished($0) }
    let embeddings = try parts.map { finished, folder in
      let model = try TrainedModel(checkpoint: folder.file(finished.checkpoint), methods: methods)
      return try TestEmbeddings(model, data, workers: settings.workers)
    }
    let (metrics, _) = try data.measure(.concatenated(embeddings), progress: progress.evaluating)
    let results = parts.map(\.0.result)
    var together = results[0]
    together.metrics = metrics
    together.title += ", concatenated"
    (together.epochs, together.hierarchy) = ([], [])
    together.parameters = results.reduce(0) { $0 + $1.parameters }
    together.seconds = results.reduce(0) { $0 + $1.seconds }
    together.tested = results.enumerated().map { "fold \($0 + 1): \($1.tested)" }.joined(separator: "; ")
    var apart = together
    apart.metrics = .mean(results.map(\.metrics))
    (apart.method, apart.flatMethod) = (apart.method + "-separated", apart.flatMethod + "-separated")
    apart.title = "\(plans[0].method.title), separated"
    apart.epochs = results[0].epochs
    return [together, apart]
  }
}

extension Settings {
  /// Whether the report shows the pictures of a method's run: those of the first seed, and where losses are compared, only
  /// of those that stand there with and without a hierarchy.
  func shows(_ method: Method, seed: UInt64, of all: MethodList) -> Bool {
    guard seed == self.seed else { return false }
    switch command {
    case .train: return true
    case .compare: return methods.count { all[$0]?.flatName == method.flatName } > 1
    case .sweep, .tsne, .embed, .search, .inspect: return false
    }
  }

  /// The folds that a method is trained on, from 0; without a protocol that has some, nil alone.
  var folds: [Int?] { recipe?.folds.map { (0..<$0).map { $0 } } ?? [nil] }

  /// Makes defaults that nobody gave fit a small data set, and fills in what a sweep goes over.
  mutating func fit(to data: ImageDataset, given options: Options) {
    if options.samplesPerClass == nil, options.batch == nil, sampler == .balanced {
      batch = min(batch, data.classCount * samplesPerClass)
    }
    if options.levels == nil, hierarchy != nil {
      let groups = data.taxonomy?.levels.prefix { $0.groups.count > 1 }.count ?? 0
      levels.coarse = Array(repeating: .init(source: .taxonomy, weight: 0.1), count: groups)
    } else if options.levels == nil {
      let most = max(1, data.classCount / 2)
      levels.coarse = levels.coarse.map { level in
        guard case .clusters(let count) = level.source else { return level }
        var level = level
        level.source = .clusters(min(count, most))
        return level
      }
    }
    if let given = sweep, given.values.isEmpty {
      sweep = Sweep(
        parameter: given.parameter, values: Sweep.values(of: given.parameter, classes: data.classCount))
    }
  }
}
