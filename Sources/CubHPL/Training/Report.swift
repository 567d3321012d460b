import ClassTree
import Foundation
import Tensor
import TensorFiles
import Vision

/// Collects what is written about an experiment while its runs finish.
struct Report {
  private(set) var content: ReportContent
  private let plan: ExperimentPlan
  /// That of the last method from the first seed.
  private var last: FinishedRun?

  private var data: TrainingData { plan.data }

  /// The runs whose test pictures are shown on the plane.
  private var projections: [(run: Results.Run, projection: RunProjection)] = []

  private static let samplesPerClass = 4
  /// Of thousands of classes the page shows fewer pictures of each, or none.
  private static let mostSamples = 1000
  /// How many points of the plane show their picture.
  private static let mostShown = 360

  init(_ plan: ExperimentPlan) {
    self.plan = plan
    let (settings, data) = (plan.settings, plan.data)
    let swept = plan.allData.compactMap { swept, data in
      swept.map { Results.SweptData(swept: $0, data: .init(data)) }
    }
    let results = Results(
      version: Program.version, command: shellCommand(plan.given.commandLine), seed: settings.seed, date: "",
      data: .init(data), sweptData: swept.isEmpty ? nil : swept, options: settings,
      machine: .current(
        threads: settings.threads, hosts: plan.group.size > 1 ? plan.group.hosts : nil),
      packages: plan.group.library.map { ["OpenBLAS": Backend.blas, "MPI": $0] } ?? ["OpenBLAS": Backend.blas],
      runs: [],
      smallerDefaults: plan.smallerDefaults.isEmpty ? nil : plan.smallerDefaults)
    content = ReportContent(title: results.subject, results: results)
  }

  /// Takes a finished run, and where the report shows its pictures, also hierarchy, retrievals and projection.
  mutating func add(_ finished: FinishedRun, _ progress: Progress) throws {
    let run = finished.result
    add(run.result)
    guard run.result.seed == content.results.seed else { return }
    last = finished
    guard plan.shows(plan.methods[run.result.method]!, seed: run.result.seed) else { return }
    if let projection = run.projection { projections.append((run.result, projection)) }
    content.retrievals.append(.init(title: run.result.title, rows: try run.retrievals.map(row)))
    if let study = run.study {
      content.studies.append(
        .init(
          title: run.result.title, queries: study.queries, best: try study.best.map(row),
          worst: try study.worst.map(row), confusion: study.confusion.map(ReportHeatMap.init)))
    }
    if !run.result.hierarchy.isEmpty {
      let classes = try trainingClasses(progress)
      content.hierarchies.append(
        .init(
          title: run.result.title, roots: ReportContent.Node.tree(levels: run.result.hierarchy, classes: classes)))
    }
  }

  /// Takes a result alone.
  mutating func add(_ result: Results.Run) { content.results.runs.append(result) }

  /// Takes what is known before the first run.
  mutating func begin(date: String, _ baselines: [Results.Baseline]) {
    content.results.date = date
    content.results.baselines = baselines
  }

  /// Takes what the results must be compared with.
  mutating func add(_ baselines: [Results.Baseline]) { content.results.baselines = baselines }

  /// Fills in what is known at the end.
  mutating func finish() throws {
    content.projections = try pairedProjections()
    content.notes += content.results.notes.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
    content.notes += plan.smallerDefaults.map { "Smaller than usual: \($0)." }
    if !data.skipped.isEmpty {
      let broken = counted(data.skipped.count, "broken picture was", "broken pictures were")
      content.notes.append("\(broken) left out; results.json names \(data.skipped.count == 1 ? "it" : "them").")
    }
    let dropped = content.results.runs.map(\.queriesDropped).max() ?? 0
    if dropped > 0 {
      let alone = counted(
        dropped, "test picture is alone in its class and counts", "test pictures are alone in their class and count")
      content.notes.append("\(alone) in no metric.")
    }
  }

  /// The methods with the same loss side by side, with the coarse clusters of the hierarchical one.
  private func pairedProjections() throws -> [ReportContent.Projection] {
    guard let pictures = projections.first?.projection.pictures else { return [] }
    let shown = spread(pictures.count, atMost: Self.mostShown)
    let thumbnails = Dictionary(
      uniqueKeysWithValues: try shown.map { ($0, try data.test.thumbnail(at: pictures[$0])) })
    var losses: [String] = []
    for (run, _) in projections where !losses.contains(run.flatMethod) { losses.append(run.flatMethod) }
    return losses.map { loss in
      let pair = projections.filter { $0.run.flatMethod == loss }
      let clusters = pair.lazy.compactMap { run, projection in
        projection.clusters.map { ($0.groups, run.hierarchy.first?.groupNames ?? $0.names) }
      }.first
      let projections = Projections(
        title: pair.map(\.run.title).joined(separator: " and "), panels: pair.map(\.projection.panel),
        colorings: Projections.colorings(of: data.test, pictures, clusters: clusters),
        names: pictures.map(data.test.fileName),
        thumbnails: thumbnails)
      return .init(flatMethod: loss, projections: projections)
    }
  }

  /// The files of an experiment, the results last; all ranks must ask for them together.
  func files() throws -> [(name: String, body: AtomicFile.Body)] {
    var files: [(name: String, content: Data)] = []
    var tensors: [(name: String, body: AtomicFile.Body)] = []
    if let last {
      let trained = try last.model()
      let origin = try trained.state.metadata()
      var (model, proxies) = (Safetensors(metadata: origin), Safetensors(metadata: origin))
      proxies.metadata[Checkpoint.key] = nil
      trained.network.save(into: &model)
      trained.loss?.save(into: &proxies)
      tensors.append(("model.safetensors", { try model.write(into: &$0, withChecksum: true) }))
      if trained.loss != nil {
        tensors.append(("proxies.safetensors", { try proxies.write(into: &$0, withChecksum: true) }))
      }
      if let hierarchy = try ClassHierarchy(last.result.result.hierarchy, classes: trained.state.classNames) {
        files.append(("hierarchy.json", try hierarchy.json()))
      }
    }
    let curves = SweepCurve.all(content.results.runs)
    if !curves.isEmpty {
      files.append(("sweep.svg", Data(ChartFile.text(ReportSweepChart(curves: curves).drawing).utf8)))
      if let changes = ReportSweepChart(changesOf: curves) {
        files.append(("over-flat.svg", Data(ChartFile.text(changes.drawing).utf8)))
      }
    }
    for (name, drawing) in charts(isSweep: !curves.isEmpty) {
      files.append((name, Data(ChartFile.text(drawing).utf8)))
    }
    for pair in content.projections {
      files.append(("tsne-\(pair.flatMethod).svg", Data(ProjectionPicture(pair.projections).svg.utf8)))
    }
    files.append(("results.csv", Data(content.results.csv.utf8)))
    files.append((ReportPage.name, ReportPage.html(content)))
    files.append(("results.json", try content.results.json()))
    return tensors + files.map { file in (file.name, { try $0.write(file.content) }) }
  }

  /// The report's charts as files for papers.
  private func charts(isSweep: Bool) -> [(name: String, drawing: Drawing)] {
    guard !isSweep else { return [] }
    let summary = Summary(content.results)
    let losses = ReportCurveChart.losses(summary).map { ("loss-\($0.flatMethod).svg", $0.chart.drawing) }
    let validation = ReportCurveChart.validation(summary).map { [("validation.svg", $0.drawing)] } ?? []
    let confusions = content.studies.enumerated().compactMap { index, study in
      study.confusion.map { ("confusion-\(index + 1).svg", $0.drawing) }
    }
    return [("map-at-r.svg", ReportDotChart(metric: .mapAtR, summary: summary).drawing)] + losses + validation
      + confusions
  }

  private func trainingClasses(_ progress: Progress) throws -> [ReportContent.Node] {
    let pictures = try data.classes(plan.settings, fold: nil).train
    let count = min(Self.samplesPerClass, Self.mostSamples / max(1, pictures.classCount))
    defer { progress.tell(1, "reading pictures for the report") }
    return try zip(pictures.classNames, pictures.indicesByClass).enumerated().map { label, row -> ReportContent.Node in
      progress.tell(Double(label) / Double(pictures.classCount), "reading pictures for the report")
      return .init(title: row.0, samples: try row.1.prefix(count).map { try pictures.thumbnail(at: $0) })
    }
  }

  private func row(_ retrieval: RunFolder.Finished.Retrieval) throws -> ReportContent.Retrievals.Row {
    let (test, found) = (data.test, data.gallery ?? data.test)
    let label = test.labels[retrieval.query]
    return .init(
      query: try test.thumbnail(at: retrieval.query), queryClass: test.classNames[label],
      queryFile: test.fileName(at: retrieval.query),
      neighbours: try retrieval.neighbours.map { index in
        .init(
          picture: try found.thumbnail(at: index), className: found.classNames[found.labels[index]],
          file: found.fileName(at: index), isCorrect: found.labels[index] == label)
      })
  }
}

extension Results.DataSet {
  /// What is said of data in files.
  init(_ data: TrainingData) {
    self.init(
      name: data.title, classesTrain: data.train.classCount, classesTest: data.test.classCount,
      imagesTrain: data.train.count, imagesTest: data.test.count, kind: data.kind, imagesGallery: data.gallery?.count,
      notes: data.notes + [data.clusteringNote].compactMap(\.self), splitChecksum: data.splitChecksum,
      classNames: data.train.classNames, skippedFiles: data.skipped.map(\.name))
  }
}

extension ImageDataset {
  /// The name of a picture's file without its folder, or what a drawn picture is called.
  func fileName(at index: Int) -> String { URL(fileURLWithPath: samples[index].source.name).lastPathComponent }

  /// A picture as the report shows it.
  func thumbnail(at index: Int) throws -> ReportContent.Thumbnail {
    let size = 48
    var unused = RandomGenerator(seed: 0)
    let picture = ResizedCenterCrop(size: size, shorterSide: size)(try image(at: index), using: &unused)
    return .init(rgb: Image(unitPixels: picture).pixels.scalars, width: size, height: size)
  }
}
