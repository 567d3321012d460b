import Foundation
import Tensor
import Vision

/// The command `embed`: the embeddings of a folder's pictures, or of those that the model was tested on, each of length 1, and the pictures' names.
struct EmbedCommand: Command {
  static let word = "embed"
  static let operand: String? = "[DIR]"
  static let summary =
    "write the embeddings of all pictures in a folder, or of those that the model was tested on: a .npy file, and their names as "
    + "a .txt file"
  static let examples = [
    CommandExample(
      arguments: "embed photos --checkpoint last.safetensors --output photos.npy",
      meaning: "the embeddings of a folder's pictures for other programs")
  ]

  /// Its own options.
  struct Output: OptionGroup {
    static let heading = "Run"

    let output = Option<String>(
      "--output", "FILE", "the file for the embeddings, which ends in .npy", default: .always("embeddings.npy"),
      read: nonempty)
  }

  private let folder: String?
  private let checkpoint: String
  private let file: URL
  private let skipsBroken: Bool
  private let compute: Compute
  private let methods: MethodList

  static func groups(_ methods: MethodList) -> [any OptionGroup] {
    [BrokenPictureOptions(needs: [.folder]), CheckpointOptions(), Output(), ComputeOptions()]
  }

  init(_ given: Given) throws(UsageError) {
    folder = try given.pictures(for: Self.word)
    try given.checkNeeds(of: Self.options(given.methods))
    checkpoint = try CheckpointOptions.path(given, for: Self.word)
    let output = given[Output().output]
    file = URL(fileURLWithPath: output)
    guard file.pathExtension == "npy" else {
      throw .conflict("--output '\(output)': embed writes a file that ends in .npy")
    }
    (skipsBroken, compute, methods) = (given.skipBroken, Compute(given), given.methods)
  }

  func run() throws {
    let (group, say) = try compute.begin()
    let model = try group.agree { try TrainedModel(opening: checkpoint, methods: methods) }
    let found = try NamedPictures(
      folder: folder, testing: model, of: checkpoint, skippingBroken: skipsBroken, over: group, meter: compute.meter,
      note: say)
    try found.check(model, over: group)
    if let name = found.names.first(where: { $0.contains(where: \.isNewline) }) {
      throw DatasetError.wrongContent(
        file: folder ?? checkpoint, problem: "a picture's name has more than one line: \(name)")
    }
    let output = try OutputFolder.begin(file.deletingLastPathComponent().path)
    defer { output.close() }
    do {
      say("embedding \(counted(found.pictures.count, "picture", "pictures"))")
      let embeddings = try model.embeddings(
        of: found.pictures, over: group, workers: compute.workers, meter: compute.meter
      ).normalized(along: 1)
      let list = Data(found.names.map { $0 + "\n" }.joined().utf8)
      let names = file.deletingPathExtension().lastPathComponent + ".txt"
      // The names come last: where they stand, they are those of the rows.
      try Interruption.finishing {
        try output.write([
          (file.lastPathComponent, { try embeddings.writeNPY(into: &$0) }), (names, { try $0.write(list) }),
        ])
      }
      try StandardOutput.print(
        "\(embeddings.shape[0]) embeddings of \(embeddings.shape[1]) numbers: \(file.relativePath), names beside it: \(names)"
      )
    } catch {
      output.discardIfEmpty()
      throw error
    }
  }
}
