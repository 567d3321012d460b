import Foundation
import Tensor
import Vision

/// The command `embed`: the embeddings of a folder's pictures, each of length 1, and the pictures' names.
enum EmbedCommand {
  static func run(_ options: Options, methods: MethodList = .standard) throws {
    guard let folder = options.folder else {
      throw UsageError.conflict("embed needs a folder of pictures: embed DIR --checkpoint FILE")
    }
    let path = try options.checkpoint()
    let file = URL(fileURLWithPath: options.output ?? "embeddings.npy")
    guard file.pathExtension == "npy" else {
      throw UsageError.conflict("--output '\(options.output ?? "")': embed writes a file that ends in .npy")
    }
    let say = options.begin()
    let model = try TrainedModel(opening: path, methods: methods)
    let found = try NamedPictures(folder: folder, skippingBroken: options.skipBroken, note: say)
    if let name = found.names.first(where: { $0.contains(where: \.isNewline) }) {
      throw DatasetError.wrongContent(file: folder, problem: "a picture's name has more than one line: \(name)")
    }
    let output = try OutputFolder.begin(file.deletingLastPathComponent().path)
    defer { output.close() }
    do {
      say("embedding \(counted(found.pictures.count, "picture", "pictures"))")
      let embeddings = try model.embeddings(of: found.pictures, workers: options.workers ?? Defaults.workers)
        .normalized(along: 1)
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
