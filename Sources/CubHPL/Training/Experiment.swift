import ClassTree
import Collectives
import Foundation
import Tensor
import TensorFiles
import Vision

/// The runs of one plan, and what is written about them.
///
/// Every run has a folder in the output folder, with a checkpoint after each epoch and in the end its result. Given again,
/// the same command goes on where it stopped.
struct Experiment {
  private let plan: ExperimentPlan
  private let output: OutputFolder
  private let progress: Progress
  private let live: LiveReport
  private let meter: Meter

  private var settings: Settings { plan.settings }
  private var data: TrainingData { plan.data }
  private var group: Group { plan.group }

  /// Plans, trains and reports.
  static func run(_ given: Given, _ kind: ExperimentKind) throws {
    let compute = Compute(given)
    let (group, say) = try compute.begin()
    let style = World.speaks ? Progress.Style.suitable(quiet: compute.isQuiet) : .quiet
    let plan = try ExperimentPlan(given, kind, over: group, meter: compute.meter, note: say)
    let folder = given.has(TrainingOptions.run.output) ? "" : " with --output \(shellCommand([plan.settings.output]))"
    let advice = "the same command\(folder) goes on after the last epoch that was finished"
    let output = try OutputFolder.begin(plan.settings.output, advice: advice)
    defer { output.close() }
    let live = LiveReport(output)
    Interruption.prepare(advice) {
      live.end("stopped")
      output.discardIfEmpty()
    }
    do {
      let profile = given.profile ? Profile() : nil
      let work = { try Experiment.train(plan, output, style, live, compute.meter) }
      let report = try profile?.measure(work) ?? work()
      let files = try report.files()
      try Interruption.finishing {
        try output.write(files)
        live.close()
        if World.speaks { try profile?.writeTrace(to: output.file("profile.json")) }
      }
      try StandardOutput.print("\n" + tables(report.content.results))
      if let profile { try StandardOutput.print("\n\(profile)") }
      say("")
      say("report: \(output.file("report.html"))")
    } catch {
      live.end("failed", reason: Failure.line(for: error))
      output.discardIfEmpty()
      throw error
    }
  }

  private static func tables(_ results: Results) -> String {
    let (summary, width) = (Summary(results), Terminal.textWidth)
    let tables: [String?] =
      switch results.options.command {
      case .train:
        [
          Table.text(for: summary, width: width), Table.hierarchical(summary, width: width),
          Table.remeasured(summary, width: width), Table.convergence(summary, width: width),
          Table.coarseLevels(summary, width: width),
        ]
      case .compare:
        [
          Table.comparison(results, width: width), Table.hierarchical(summary, width: width),
          Table.remeasured(summary, width: width), Table.convergence(summary, width: width),
        ]
      case .sweep: [Table.sweep(results, width: width)]
      }
    return tables.compactMap(\.self).joined(separator: "\n\n")
  }

  private static func train(
    _ plan: ExperimentPlan, _ output: OutputFolder, _ style: Progress.Style, _ live: LiveReport, _ meter: Meter
  ) throws -> Report {
    let date = Date().ISO8601Format()
    let settings = plan.settings
    // What was begun with other settings is refused before anything is trained.
    let open = try plan.runs.joined().filter { run in
      let folder = RunFolder(output, run, plan.data(of: run), over: plan.group)
      try folder.check()
      return try folder.finished() == nil
    }
    try output.write(JSONText.encoded(SettingsFile(plan)), as: SettingsFile.name)
    let progress = Progress(plan: .init(epochs: settings.epochs, steps: try plan.batches(of: open)), style: style)
    defer { progress.finish() }
    for (_, data) in plan.allData {
      progress.note(
        "\(data.title): \(data.train.count) pictures of \(data.train.classCount) classes to train, "
          + "\(data.test.count) of \(data.test.classCount) other classes to test"
          + (data.gallery.map { " in a gallery of \($0.count)" } ?? ""))
    }
    if plan.group.size > 1 { progress.note("\(plan.group.size) ranks: \(Machine.counted(plan.group.hosts))") }
    if let held = try plan.runs[0].first.flatMap({ try plan.data(of: $0).classes(settings, fold: $0.fold).validation })
    {
      progress.note("of the classes to train, \(held.classCount) are held out to choose the epoch")
    }
    let experiment = Experiment(plan: plan, output: output, progress: progress, live: live, meter: meter)
    let baselines = plan.allData.map { swept, data in
      Baselines(
        settings: settings, data: data, swept: swept, output: output, progress: progress, group: plan.group)
    }
    var report = Report(plan)
    report.begin(date: date, try baselines.flatMap { try $0.known() })
    if !open.isEmpty { progress.note("report: \(live.page), anew after every epoch") }
    for runs in plan.runs {
      if runs.count == 1 {
        try report.add(experiment.finished(runs[0], report), progress)
      } else {
        for result in try experiment.foldedResults(runs, report) { report.add(result) }
      }
    }
    // A finished experiment keeps its page, whatever comes now.
    if !open.isEmpty { try experiment.tell(report, work: "the networks before training", isNews: false) }
    report.add(try baselines.flatMap { try $0.measured() })
    try report.finish()
    return report
  }

  /// The result of a run, which is trained as far as it has not been.
  private func finished(_ run: RunPlan, _ report: Report) throws -> FinishedRun {
    let data = plan.data(of: run)
    let folder = RunFolder(output, run, data, over: group)
    guard var result = try folder.finished() else { return try trained(run, folder, report) }
    progress.note("\(run.label): taken from \(folder.path)")
    var finished = FinishedRun(result, in: folder, methods: plan.methods)
    let remeasurement = Remeasurement(settings, meter: meter)
    if result.result.remeasured?.steps != remeasurement?.steps {
      result.result.remeasured = try remeasurement.map { remeasurement in
        let model = try finished.model()
        let embeddings = try TestEmbeddings(model, data, over: group, workers: settings.workers) {
          embedding($0, run.label, data)
        }
        return try remeasurement.measured(model, embeddings, data, over: group)
      }
      try folder.write(result)
      finished.result = result
    }
    if plan.isProjected(run), result.projection == nil {
      let model = try finished.model()
      result.projection = try projection(model, data) { pictures in
        let shown = pictures.map { data.test.samples[$0] }
        return try model.embeddings(
          of: ImageDataset(name: data.test.name, classNames: data.test.classNames, samples: shown), over: group,
          workers: settings.workers, meter: meter)
      }
      try folder.write(result)
      finished.result = result
    }
    return finished
  }

  private func trained(_ plan: RunPlan, _ folder: RunFolder, _ report: Report) throws -> FinishedRun {
    let data = self.plan.data(of: plan)
    let run = try TrainingRun(plan, data: data, folder: folder)
    if plan.seed == settings.seed, plan.fold ?? 0 == 0 {
      for line in run.weightNotes + run.learningRates { progress.note("\(plan.label)  \(line)") }
    }
    if !run.curve.isEmpty { progress.note("\(plan.label): goes on after epoch \(run.curve.count)") }
    if let other = run.otherRanks {
      progress.note(
        "\(plan.label): was trained by \(counted(other, "rank", "ranks")) so far; with \(group.size) it goes on with other rounding"
      )
    }
    if let first = run.lengthened.last {
      progress.note(
        "\(plan.label): lengthened from \(first) to \(plan.settings.epochs) epochs; what is trained from here on has the "
          + "learning rates of \(plan.settings.epochs) epochs, which differs from a run of that length")
    }
    progress.begin(plan.label)
    try tell(report, run, isNews: true)
    while !run.isFinished {
      try run.advance(progress)
      try tell(report, run, isNews: false)
    }
    progress.end()
    progress.note("\(plan.label): \(run.tested)")
    let model = try run.testedModel(self.plan.methods)
    let embeddings = try TestEmbeddings(model, data, over: group, workers: settings.workers) {
      embedding($0, plan.label, data)
    }
    let measures = try data.measure(embeddings, over: group, progress: progress.evaluating)
    let search = try data.search(embeddings)
    var own = run.result(of: model, measures)
    own.remeasured = try Remeasurement(settings, meter: meter)?.measured(model, embeddings, data, over: group)
    let result = RunFolder.Finished(
      identity: folder.identity, result: own,
      retrievals: data.retrievals(search), study: try RetrievalStudy(model, search),
      projection: self.plan.isProjected(plan)
        ? try projection(model, data) { embeddings.test.take(Tensor<Int>($0)) } : nil,
      checkpoint: run.testedCheckpoint)
    if let hierarchy = try ClassHierarchy(result.result.hierarchy, classes: model.state.classNames) {
      try Interruption.holding { if World.speaks { try hierarchy.write(to: folder.file("hierarchy.json")) } }
    }
    try folder.open().write(Data(measures.csv(data.test.classNames).utf8), as: "classes.csv")
    try folder.write(result)
    return FinishedRun(result, in: folder, methods: self.plan.methods, model: model)
  }

  /// Tells how far the embedding of the test pictures is.
  private func embedding(_ share: Double, _ label: String, _ data: TrainingData) {
    progress.tell(share, "\(label)  embedding \(grouped(data.test.count + (data.gallery?.count ?? 0))) pictures")
  }

  /// Writes where the experiment stands.
  private func tell(_ report: Report, _ run: TrainingRun? = nil, work: String = "", isNews: Bool) throws {
    guard World.speaks else { return }
    let state = ExperimentState(
      plan.runs, at: run?.plan, work: work, epoch: run?.curve.count, epochs: settings.epochs,
      updated: Date().ISO8601Format(), pause: run?.costs.last?.seconds ?? 0)
    try live.update(
      LiveResults(results: report.content.results, unfinished: run.map { [$0.unfinished] } ?? [], state: state),
      isNews: isNews)
  }

  /// The test pictures on the plane, from the embeddings of those that are projected.
  private func projection(
    _ model: TrainedModel, _ data: TrainingData, _ embeddings: ([Int]) throws -> Tensor<Float>
  ) throws -> RunProjection {
    let pictures = RunProjection.pictures(of: data)
    return try RunProjection(model, pictures: pictures, embeddings(pictures), seed: settings.seed) {
      progress.tell($0, "\(model.state.title)  projecting")
    }
  }

  /// The results of a protocol's folds: of all embeddings side by side, and the mean of each network's own.
  private func foldedResults(_ plans: [RunPlan], _ report: Report) throws -> [Results.Run] {
    var (results, embeddings): ([Results.Run], [TestEmbeddings]) = ([], [])
    for run in plans {
      let finished = try finished(run, report)
      results.append(finished.result.result)
      do throws(ContentError) {
        try Check.alike(results.map { (run.method.name, $0.metrics) }, "folds")
      } catch {
        throw CheckpointError.unreadableResult(file: output.file("runs/\(run.name)/result.json"), reason: "\(error)")
      }
      embeddings.append(
        try TestEmbeddings(finished.model(), data, over: group, workers: settings.workers) {
          embedding($0, run.label, data)
        })
    }
    let metrics = try data.measure(.concatenated(embeddings), over: group, progress: progress.evaluating).metrics
    var together = results[0]
    together.metrics = metrics
    together.title += ", concatenated"
    (together.epochs, together.hierarchy, together.costs) = ([], [], nil)
    together.parameters = results.reduce(0) { $0 + $1.parameters }
    together.seconds = results.reduce(0) { $0 + $1.seconds }
    together.tested = results.enumerated().map { "fold \($0 + 1): \($1.tested)" }.joined(separator: "; ")
    var apart = together
    apart.metrics = .mean(results.map(\.metrics))
    (apart.method, apart.flatMethod) = (apart.method + "-separated", apart.flatMethod + "-separated")
    apart.title = "\(plans[0].method.title), separated"
    (apart.epochs, apart.costs) = (results[0].epochs, results[0].costs)
    return [together, apart]
  }
}
