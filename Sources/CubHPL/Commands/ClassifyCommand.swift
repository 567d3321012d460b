import Collectives
import Foundation
import Retrieval
import Tensor
import Vision

/// The command `classify`: the class that each picture has in a gallery.
struct ClassifyCommand: Command {
  static let word = "classify"
  static let operand: String? = "[PICTURES]"
  static let summary =
    "name the class of a picture, of all in a folder, or of those that the model was tested on, by the nearest in a gallery"
  static let examples = [
    CommandExample(
      arguments: "classify a.jpg --gallery birds.gallery --checkpoint last.safetensors",
      meaning: "the class of a picture; with --threshold perhaps none of these")
  ]

  /// How to decide.
  struct Decision: OptionGroup {
    static let heading = "Gallery"

    let threshold = Option<Double?>(
      "--threshold", "X", "the least cosine from -1 to 1; what is nearest with less is none of these",
      default: .none("none: every picture has a class")
    ) { text throws(InvalidValue) in
      guard let number = Double(text), (-1...1).contains(number) else {
        throw InvalidValue("must be a number from -1 to 1")
      }
      return number
    }
    let neighbors = Option<Int>(
      "--neighbors", "N", "how many of the nearest pictures vote, by their cosines", default: .always(1),
      read: integer(1...100_000))
  }

  private let place: String?
  private let file: URL
  private let checkpoint: String
  private let threshold: Double?
  private let neighbors: Int
  private let skipsBroken: Bool
  private let compute: Compute
  private let methods: MethodList

  static func groups(_ methods: MethodList) -> [any OptionGroup] {
    [GalleryOptions(), Decision(), BrokenPictureOptions(needs: [.folder]), CheckpointOptions(), ComputeOptions()]
  }

  init(_ given: Given) throws(UsageError) {
    place = try given.pictures(for: Self.word)
    try given.checkNeeds(of: Self.options(given.methods))
    file = try GalleryOptions.file(given, for: Self.word)
    checkpoint = try CheckpointOptions.path(given, for: Self.word)
    (threshold, neighbors) = (given[Decision().threshold], given[Decision().neighbors])
    (skipsBroken, compute, methods) = (given.skipBroken, Compute(given), given.methods)
  }

  func run() throws {
    let (found, gallery, matches) = try result()
    let table = Table(
      header: ["Picture", "class", "similarity"],
      rows: zip(found.names, matches).map { name, match in
        [
          name, match.map { gallery.classNames[$0.label] } ?? "none of these",
          match.map { fixed(Double($0.similarity), 4) } ?? "",
        ]
      })
    try StandardOutput.print("\(table)")
  }

  /// The pictures, the gallery, and what each picture was recognised as.
  func result() throws -> (pictures: NamedPictures, gallery: Gallery, matches: [Gallery.Match?]) {
    let (group, say) = try compute.begin()
    let (model, gallery) = try group.agree {
      let model = try TrainedModel(opening: checkpoint, methods: methods)
      let gallery = try compute.meter.during("reading \(file.relativePath)") {
        try Gallery(contentsOf: file.path, model: model.fingerprint())
      }
      return (model, gallery)
    }
    let found = try pictures(of: model, over: group, note: say)
    try found.check(model, over: group)
    let rows = try model.embeddings(
      of: found.pictures, over: group, workers: compute.workers, meter: compute.meter)
    let matches = try compute.meter.during("searching among \(counted(gallery.count, "picture", "pictures"))") {
      try gallery.classify(rows, neighbors: neighbors, threshold: Float(threshold ?? -1))
    }
    return (found, gallery, matches)
  }

  /// One picture, those of a folder, or those of the model's test.
  private func pictures(
    of model: TrainedModel, over group: Group, note: (String) -> Void
  ) throws -> NamedPictures {
    var isFolder: ObjCBool = false
    guard let place, !FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) || !isFolder.boolValue
    else {
      return try NamedPictures(
        folder: place, testing: model, of: checkpoint, .queries, skippingBroken: skipsBroken, over: group,
        meter: compute.meter, note: note)
    }
    guard !skipsBroken else {
      throw UsageError.conflict("--skip-broken leaves out pictures of a folder, and \(place) is one picture")
    }
    let image = try group.agree { try Image(contentsOf: URL(fileURLWithPath: place)) }
    return NamedPictures(
      pictures: ImageDataset(
        name: place, classNames: [place], samples: [.init(source: .memory(image, name: place), label: 0)]),
      names: [place], classes: [place])
  }
}
