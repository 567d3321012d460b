import Foundation
import HPL
import NN
import Tensor
import Vision

/// Collects what is written about an experiment while its runs finish.
struct Report {
  private(set) var content: ReportContent
  private let data: TrainingData
  /// The last method's network and proxies, from the first seed.
  private var model = Safetensors()
  private var proxies = Safetensors()

  private static let thumbnailSize = 48
  private static let samplesPerClass = 4
  private static let queries = 6
  private static let neighbours = 6

  init(_ settings: Settings, _ data: TrainingData) {
    self.data = data
    let results = Results(
      version: Program.version, command: "", seed: settings.seed, date: "",
      data: .init(
        name: data.title, classesTrain: data.train.classCount, classesTest: data.test.classCount,
        imagesTrain: data.train.count, imagesTest: data.test.count, splitChecksum: data.splitChecksum,
        classNames: data.train.classNames, skippedFiles: data.skipped.map(\.name)),
      options: settings, machine: .current(threads: settings.threads), packages: ["OpenBLAS": Backend.blas], runs: [])
    content = ReportContent(title: data.title, results: results)
  }

  /// Takes a finished run; of the first seed also hierarchy, retrievals and weights.
  mutating func add(_ run: TrainingRun, _ embeddings: Tensor<Float>, _ result: Results.Run) throws {
    content.results.runs.append(result)
    guard run.seed == content.results.seed else { return }
    content.retrievals.append(.init(title: run.method.title, rows: try retrievals(embeddings)))
    if run.method.isHierarchical {
      let classes = try trainingClasses()
      content.hierarchies.append(
        .init(title: run.method.title, roots: ReportContent.Node.tree(levels: result.hierarchy, classes: classes)))
    }
    let origin = [
      "method": run.method.rawValue, "seed": "\(run.seed)", "program": "\(Program.name) \(Program.version)",
    ]
    model = Safetensors(metadata: origin)
    run.model.save(into: &model)
    proxies = Safetensors(metadata: origin)
    run.loss.save(into: &proxies)
  }

  /// Fills in what is known at the end.
  mutating func finish(command: [String], date: String) {
    content.results.command = shellCommand(command)
    content.results.date = date
    if !data.skipped.isEmpty {
      content.notes.append("\(data.skipped.count) broken pictures were left out; results.json lists them.")
    }
    let dropped = content.results.runs.map(\.queriesDropped).max() ?? 0
    if dropped > 0 { content.notes.append("\(dropped) test pictures are alone in their class and count in no metric.") }
  }

  /// Writes the four files of a run, all or none of them.
  func write(to folder: OutputFolder) throws {
    let (results, page) = (try content.results.json(), ReportPage.html(content))
    try folder.write([
      ("model.safetensors", { try model.write(to: $0) }),
      ("proxies.safetensors", { try proxies.write(to: $0) }),
      ("results.json", { try OutputFolder.write(results, to: $0) }),
      ("report.html", { try OutputFolder.write(page, to: $0) }),
    ])
  }

  private func trainingClasses() throws -> [ReportContent.Node] {
    try zip(data.train.classNames, data.train.indicesByClass).map { name, indices in
      .init(title: name, samples: try indices.prefix(Self.samplesPerClass).map { try thumbnail(data.train, $0) })
    }
  }

  /// The same queries for every run: the first pictures of classes spread evenly over the test classes.
  private func retrievals(_ embeddings: Tensor<Float>) throws -> [ReportContent.Retrievals.Row] {
    let normalized = embeddings.normalized(along: 1)
    let classes = data.test.indicesByClass
    let count = min(Self.queries, classes.count)
    return try (0..<count).map { row in
      let query = classes[row * classes.count / count][0]
      let similarities = normalized.matmul(normalized[query]).scalars
      let nearest = similarities.indices.filter { $0 != query }.sorted { similarities[$0] > similarities[$1] }
      return .init(
        query: try thumbnail(data.test, query), queryClass: data.test.classNames[data.test.labels[query]],
        neighbours: try nearest.prefix(Self.neighbours).map { index in
          .init(
            picture: try thumbnail(data.test, index), className: data.test.classNames[data.test.labels[index]],
            isCorrect: data.test.labels[index] == data.test.labels[query])
        })
    }
  }

  private func thumbnail(_ dataset: ImageDataset, _ index: Int) throws -> ReportContent.Thumbnail {
    let size = Self.thumbnailSize
    var unused = RandomGenerator(seed: 0)
    let picture = ResizedCenterCrop(size: size, shorterSide: size)(try dataset.image(at: index), using: &unused)
    return .init(rgb: Image(unitPixels: picture).pixels.scalars, width: size, height: size)
  }
}
