import Foundation
import Tensor
import Vision

/// The command `tsne`: embeds the same pictures with some trained models and draws them side by side.
struct ProjectionCommand: Command {
  static let word = "tsne"
  static let summary = "draw the embeddings of the models of --checkpoint on the plane, side by side"
  static let examples = [
    CommandExample(
      arguments: "tsne --checkpoint a/last.safetensors --checkpoint b/last.safetensors",
      meaning: "the embeddings of two models side by side")
  ]

  /// What is drawn.
  struct Models: OptionGroup {
    static let heading = "Trained models"

    let checkpoints = Option<[String]>(
      "--checkpoint", "FILE",
      "a trained model: \(CheckpointOptions.files); each model has a --checkpoint of its own",
      default: .said("at least one must be given") { _ in [] }, joined: +
    ) { text throws(InvalidValue) in [try nonempty(text)] }
    let split = Option<Split>(
      "--split", "NAME", "the pictures: test or train", default: .always(.test), read: choice(called: "split"))
  }

  /// How, and where to.
  struct Run: OptionGroup {
    static let heading = "Run"

    let seed = Option<UInt64>(
      "--seed", "N", "seed of the projection; the same seed gives the same picture", default: .always(0),
      read: integer(0...UInt64.max))
    let output = Option<String>(
      "--output", "DIR", "folder for tsne.svg, tsne.html and tsne.csv", default: TrainingOptions.run.output.standard,
      read: nonempty)
  }

  private let checkpoints: [String]
  private let split: Split
  private let seed: UInt64
  private let folder: String
  /// nil for what the models were trained on.
  private let request: DataRequest?
  private let compute: Compute
  private let methods: MethodList
  private let commandLine: [String]

  private static let own = "without it the models' own data are drawn, as they were"

  static func groups(_ methods: MethodList) -> [any OptionGroup] {
    [
      DataOptions(standard: "what the models were trained on", otherwise: own),
      BrokenPictureOptions(needs: [.data(own)]), Models(), Run(), ComputeOptions(),
    ]
  }

  init(_ given: Given) throws(UsageError) {
    let (models, run) = (Models(), Run())
    checkpoints = given[models.checkpoints]
    guard !checkpoints.isEmpty else {
      throw .conflict("tsne needs --checkpoint, such as \(CheckpointOptions.example)")
    }
    (split, seed, folder) = (given[models.split], given[run.seed], given[run.output])
    try given.checkNeeds(of: Self.options(given.methods))
    request = given.data == nil ? nil : DataRequest(given: given)
    (compute, methods, commandLine) = (Compute(given), given.methods, given.commandLine)
  }

  func run() throws {
    let (group, say) = try compute.begin()
    let models = try group.agree { try checkpoints.map { try TrainedModel(opening: $0, methods: methods) } }
    let output = try OutputFolder.begin(folder)
    defer { output.close() }
    do {
      let data =
        try request.map { try TrainingData($0, over: group, meter: compute.meter, note: say) }
        ?? TrainingData(
          of: zip(checkpoints, models).map { ($0, $1.state) }, over: group, meter: compute.meter, note: say)
      let pictures = split == .test ? data.test : data.train
      for model in models { try model.check(over: group) }
      try RanksError.check("\(data.splitChecksum) \(data.pictures ?? "")", over: group) { _, _ in ["other pictures"] }
      let embeddings = try models.enumerated().map { index, model in
        say("embedding \(pictures.count) pictures: \(checkpoints[index])")
        return try model.embeddings(of: pictures, over: group, workers: compute.workers, meter: compute.meter)
      }
      say("projecting")
      let shown = spread(pictures.count, atMost: 600)
      let thumbnails = Dictionary(uniqueKeysWithValues: try shown.map { ($0, try pictures.thumbnail(at: $0)) })
      let clusters = try zip(models, embeddings).compactMap { try $0.coarseClusters(of: $1) }.first
      let colorings = Projections.colorings(
        of: pictures, Array(pictures.samples.indices), clusters: clusters.map { ($0.groups, $0.names) })
      let projections = try Projections(
        title: "\(data.title), \(split.rawValue) pictures", models: Array(zip(Self.titles(of: models), embeddings)),
        colorings: colorings, names: pictures.samples.map(\.source.name), thumbnails: thumbnails, seed: seed,
        meter: compute.meter)
      try Interruption.finishing {
        try projections.write(to: output, facts: facts(models, data))
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
    let methods = models.map(\.state.title)
    if isUnique(methods) { return methods }
    let seeded = models.map { "\($0.state.title), seed \($0.state.seed)" }
    return isUnique(seeded) ? seeded : seeded.enumerated().map { "\($0.offset + 1): \($0.element)" }
  }

  private func facts(_ models: [TrainedModel], _ data: TrainingData) -> [String] {
    var facts = zip(models, checkpoints).map { model, path in
      "\(model.state.title), seed \(model.state.seed), \(counted(model.state.curve.count, "epoch", "epochs")): \(path)"
    }
    if models.contains(where: { ($0.loss?.levels.count ?? 0) > 1 }) {
      facts.append(
        "The coarse cluster of a picture is the nearest coarse proxy of the first model that has some, in every panel.")
    }
    for (model, path) in zip(models, checkpoints) where model.state.identity.splitChecksum != data.splitChecksum {
      facts.append("\(path) was trained on other pictures than the half of this data that is for training.")
    }
    return facts + ["Command: \(shellCommand(commandLine))"]
  }
}
