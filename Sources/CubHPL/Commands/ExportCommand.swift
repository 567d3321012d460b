import Foundation
import Vision

/// The command `export`: the embedded birds as a folder of JPEG files.
struct ExportCommand: Command {
  static let word = "export"
  static let operand: String? = "DIR"
  static let summary = "write the embedded birds as a CUB folder of JPEG files"
  static let examples = [
    CommandExample(arguments: "export birds", meaning: "the pictures, to look at or to train on with --data birds")
  ]

  private let folder: String

  static func groups(_ methods: MethodList) -> [any OptionGroup] { [] }

  init(_ given: Given) throws(UsageError) {
    guard let folder = given.operand, !folder.isEmpty else {
      throw .conflict("export needs a folder to write: \(Program.name) \(Self.usage)")
    }
    self.folder = folder
  }

  func run() throws {
    guard World.speaks else { return }
    let birds = TrainingData.embedded()
    try Interruption.finishing { try CUBFolder.write(birds, to: URL(fileURLWithPath: folder)) }
    try StandardOutput.print("wrote the embedded birds to \(folder)")
  }
}
