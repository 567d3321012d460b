import Foundation
import Retrieval
import Tensor

/// The command `index`: a gallery of a folder's pictures, or of those that the model was tested on.
struct IndexCommand: Command {
  static let word = "index"
  static let operand: String? = "[DIR]"
  static let summary =
    "make a gallery of the pictures in a folder, whose folders are the classes, or of those that the model was tested on"
  static let examples = [
    CommandExample(
      arguments: "index photos --gallery birds.gallery --checkpoint last.safetensors",
      meaning: "a gallery to which classes can be added without training")
  ]

  private let pictures: IndexedPictures

  static func groups(_ methods: MethodList) -> [any OptionGroup] { IndexedPictures.groups }

  init(_ given: Given) throws(UsageError) {
    try given.checkNeeds(of: Self.options(given.methods))
    pictures = try IndexedPictures(given, for: Self.word)
  }

  func run() throws {
    try pictures.add { model in Gallery(model: try model.fingerprint(), dimensions: model.settings.dimensions) }
  }
}

/// The command `add`: more pictures in a gallery, of new classes or of those that are there.
struct AddCommand: Command {
  static let word = "add"
  static let operand: String? = "DIR"
  static let summary = "add the pictures in a folder to a gallery, whose folders are the classes; nothing is trained"
  static let examples = [
    CommandExample(
      arguments: "add more --gallery birds.gallery --checkpoint last.safetensors",
      meaning: "classes that the model was not trained on")
  ]

  private let pictures: IndexedPictures

  static func groups(_ methods: MethodList) -> [any OptionGroup] { IndexedPictures.groups }

  init(_ given: Given) throws(UsageError) {
    guard given.operand != nil else {
      throw .conflict("add needs a folder of pictures: \(Program.name) \(Self.usage) --gallery FILE --checkpoint FILE")
    }
    pictures = try IndexedPictures(given, for: Self.word)
  }

  func run() throws {
    try pictures.add { model in try Gallery(contentsOf: pictures.file.path, model: model.fingerprint()) }
  }
}

/// The command `remove`: a gallery without a class.
struct RemoveCommand: Command {
  static let word = "remove"
  static let operand: String? = "CLASS"
  static let summary = "remove a class from a gallery"
  static let examples = [
    CommandExample(arguments: "remove gull --gallery birds.gallery", meaning: "what is no gull any more")
  ]

  private let className: String
  private let file: URL

  static func groups(_ methods: MethodList) -> [any OptionGroup] { [GalleryOptions()] }

  init(_ given: Given) throws(UsageError) {
    guard let name = given.operand, !name.isEmpty else {
      throw .conflict("remove needs a class: \(Program.name) \(Self.usage) --gallery FILE")
    }
    (className, file) = (name, try GalleryOptions.file(given, for: Self.word))
  }

  func run() throws {
    try GalleryFile.replace(file) {
      var gallery = try Gallery(contentsOf: file.path)
      try gallery.remove(className: className)
      return gallery
    }
  }
}

/// What `index` and `add` do: a folder's pictures, or those that the model was tested on, go into a gallery.
private struct IndexedPictures {
  let folder: String?
  let file: URL
  let checkpoint: String
  let skipsBroken: Bool
  let compute: Compute
  let methods: MethodList

  static let groups: [any OptionGroup] = [
    GalleryOptions(), BrokenPictureOptions(needs: [.folder]), CheckpointOptions(), ComputeOptions(),
  ]

  init(_ given: Given, for command: String) throws(UsageError) {
    folder = try given.pictures(for: command)
    file = try GalleryOptions.file(given, for: command)
    checkpoint = try CheckpointOptions.path(given, for: command)
    (skipsBroken, compute, methods) = (given.skipBroken, Compute(given), given.methods)
  }

  func add(to gallery: (TrainedModel) throws -> Gallery) throws {
    let (group, say) = try compute.begin()
    let model = try group.agree { try TrainedModel(opening: checkpoint, methods: methods) }
    try GalleryFile.replace(file) {
      var gallery = try group.agree { try compute.meter.during("reading \(file.relativePath)") { try gallery(model) } }
      let found = try NamedPictures(
        folder: folder, testing: model, of: checkpoint, skippingBroken: skipsBroken, over: group, meter: compute.meter,
        note: say)
      try found.check(model, over: group)
      say("embedding \(counted(found.pictures.count, "picture", "pictures"))")
      let rows = try model.embeddings(
        of: found.pictures, over: group, workers: compute.workers, meter: compute.meter)
      try group.agree { try gallery.add(found, rows) }
      return gallery
    }
  }
}
