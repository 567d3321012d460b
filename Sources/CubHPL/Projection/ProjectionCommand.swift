import Foundation
import Tensor
import Vision

/// The command `tsne`: embeds the same pictures with some trained models and draws them side by side.
enum ProjectionCommand {
  static func run(_ options: Options, command: [String], methods: MethodList = .standard) throws {
    guard let paths = options.checkpoints else {
      throw UsageError.conflict("tsne needs --checkpoint, such as runs/table/runs/hpl-pa-seed-0/last.safetensors")
    }
    _ = Backend.blas  // set up before any thread starts
    let settings = try Settings(options, methods: methods, cores: Threads.count)
    Threads.count = settings.threads
    let say = { (text: String) in if !settings.quiet { Terminal.note(text) } }
    let models = try paths.map { try TrainedModel(opening: $0, methods: methods) }
    let output = try OutputFolder.begin(settings.output)
    defer { output.close() }
    do {
      let data =
        try settings.data == nil
        ? TrainingData(of: zip(paths, models).map { ($0, $1.state) }, settings, note: say)
        : TrainingData(settings, note: say)
      let split = options.split ?? .test
      let pictures = split == .test ? data.test : data.train
      let embeddings = try models.enumerated().map { index, model in
        say("embedding \(pictures.count) pictures: \(paths[index])")
        return try model.embeddings(of: pictures, workers: settings.workers)
      }
      say("projecting")
      let shown = spread(pictures.count, atMost: 600)
      let thumbnails = Dictionary(uniqueKeysWithValues: try shown.map { ($0, try pictures.thumbnail(at: $0)) })
      let clusters = try zip(models, embeddings).compactMap { try $0.coarseClusters(of: $1) }.first
      let colorings = Projections.colorings(
        of: pictures, Array(pictures.samples.indices), clusters: clusters.map { ($0.groups, $0.names) })
      let projections = try Projections(
        title: "\(data.title), \(split.rawValue) pictures", models: Array(zip(titles(of: models), embeddings)),
        colorings: colorings, names: pictures.samples.map(\.source.name), thumbnails: thumbnails, seed: settings.seed)
      try Interruption.finishing {
        try projections.write(to: output, facts: facts(command, models, paths, pictures, data))
      }
      for panel in projections.panels {
        try StandardOutput.print("\(panel.title): \(panel.note)")
      }
      say("")
      say("picture: \(output.file("tsne.svg")), page: \(output.file("tsne.html")), table: \(output.file("tsne.csv"))")
    } catch {
      output.discardIfEmpty()
      throw error
    }
  }

  /// The methods, with seeds and numbers where they would be equal.
  private static func titles(of models: [TrainedModel]) -> [String] {
    func isUnique(_ names: [String]) -> Bool { Set(names).count == names.count }
    let methods = models.map(\.method.title)
    if isUnique(methods) { return methods }
    let seeded = models.map { "\($0.method.title), seed \($0.state.seed)" }
    return isUnique(seeded) ? seeded : seeded.enumerated().map { "\($0.offset + 1): \($0.element)" }
  }

  private static func facts(
    _ command: [String], _ models: [TrainedModel], _ paths: [String], _ pictures: ImageDataset, _ data: TrainingData
  ) -> [String] {
    var facts = zip(models, paths).map { model, path in
      "\(model.method.title), seed \(model.state.seed), \(counted(model.state.curve.count, "epoch", "epochs")): \(path)"
    }
    if models.contains(where: { ($0.loss?.levels.count ?? 0) > 1 }) {
      facts.append(
        "The coarse cluster of a picture is the nearest coarse proxy of the first model that has some, in every panel.")
    }
    for (model, path) in zip(models, paths) where model.state.identity.splitChecksum != data.splitChecksum {
      facts.append("\(path) was trained on other pictures than the half of this data that is for training.")
    }
    return facts + ["Command: \(shellCommand(command))"]
  }
}
