import Foundation

/// The command `report`: pages from the files of experiments, finished or not.
struct ReportCommand: Command {
  static let word = "report"
  static let operand: String? = "DIR…"
  static let summary =
    "make a page over all runs in some folders, with filters and their curves laid over one another, from the files alone"
  static let examples = [
    CommandExample(arguments: "report runs", meaning: "runs/index.html, over all experiments in runs")
  ]

  /// Where to.
  struct Output: OptionGroup {
    static let heading = "Run"

    let output = Option<String?>(
      "--output", "FILE", "the page, which ends in .html", default: .none("index.html in the first DIR"), read: nonempty
    )
  }

  private let folders: [String]
  private let page: URL

  static func groups(_ methods: MethodList) -> [any OptionGroup] { [Output()] }

  init(_ given: Given) throws(UsageError) {
    folders = given.operands
    guard let first = folders.first, !folders.contains("") else {
      throw .conflict("report needs a folder with experiments, such as runs: \(Program.name) report DIR")
    }
    let output = given[Output().output]
    page = URL(fileURLWithPath: output ?? (first.hasSuffix("/") ? "\(first)index.html" : "\(first)/index.html"))
    guard page.pathExtension == "html" else {
      throw .conflict("--output '\(output ?? "")': report writes a page that ends in .html")
    }
  }

  func run() throws {
    guard World.speaks else { return }
    var (experiments, leftOut): ([RecordedExperiment], [String]) = ([], [])
    let meter = Meter(.suitable(quiet: false))
    for folder in folders {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
        throw CheckpointError.unusable(file: folder, reason: "is not a folder")
      }
      let found = RecordedExperiment.folders(in: folder)
      if found.isEmpty {
        throw CheckpointError.unusable(
          file: folder,
          reason: "holds no experiment: there is no results.json and no \(LiveResults.name) in it or below")
      }
      for (index, path) in found.enumerated() {
        meter.tell(Double(index) / Double(found.count), "reading \(counted(found.count, "experiment", "experiments"))")
        do {
          experiments.append(try RecordedExperiment(path).withReport())
        } catch let error as CheckpointError {
          leftOut.append("\(error)")
        } catch let error as OutputError {
          leftOut.append("\(error)")
        }
      }
      meter.tell(1, "")
    }
    for line in leftOut { Terminal.note("left out: \(line)") }
    guard !experiments.isEmpty else {
      throw CheckpointError.unusable(file: folders[0], reason: "holds no experiment that can be read")
    }
    let index = RunIndex(experiments, beside: page)
    let html = try RunIndexPage(index, title: folders.joined(separator: ", ")).html
    try Interruption.finishing {
      try OutputFolder(within: page.deletingLastPathComponent().path).write(html, as: page.lastPathComponent)
    }
    try StandardOutput.print(
      "\(counted(index.runs.count, "run", "runs")) of \(counted(experiments.count, "experiment", "experiments")): \(page.relativePath)"
    )
  }
}
