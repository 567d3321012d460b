import Foundation

/// An experiment as the files of its folder tell it: finished, or as far as it has come.
struct RecordedExperiment {
  let folder: String
  var results: Results
  /// Runs that have not been tested.
  var unfinished: [UnfinishedRun] = []
  /// Where it stands; nil for one that has finished.
  var state: ExperimentState?

  private static let resultsName = "results.json"

  /// Reads `live.json`, or where that is of an experiment that has finished meanwhile, `results.json`.
  ///
  /// Throws `CheckpointError` where one is damaged or of another version.
  init(_ folder: String) throws {
    self.folder = folder
    let live = try LiveResults(contentsOf: "\(folder)/\(LiveResults.name)")
    let path = "\(folder)/\(Self.resultsName)"
    let advice = "the experiment's command, given again with its --output, writes it anew"
    var finished: Results?
    if FileManager.default.fileExists(atPath: path) {
      do {
        finished = try JSONDecoder().decode(Results.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        try finished!.check()
      } catch let error as ContentError {
        throw CheckpointError.unusable(file: path, reason: "\(error); \(advice)")
      } catch {
        throw CheckpointError.unusable(file: path, reason: "it is damaged or of another version; \(advice)")
      }
    }
    if let live, live.results.date != finished?.date {
      (results, unfinished, state) = (live.results, live.unfinished, live.state)
    } else if let finished {
      results = finished
    } else {
      throw CheckpointError.unusable(file: folder, reason: "holds no experiment")
    }
  }

  /// The folders of experiments in a folder, or the folder itself; in the order of their names.
  static func folders(in path: String, depth: Int = 6) -> [String] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    if names.contains(resultsName) || names.contains(LiveResults.name) { return [path] }
    guard depth > 0 else { return [] }
    return names.filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
      var isFolder: ObjCBool = false
      let inner = "\(path.hasSuffix("/") ? String(path.dropLast()) : path)/\(name)"
      guard FileManager.default.fileExists(atPath: inner, isDirectory: &isFolder), isFolder.boolValue else { return [] }
      return folders(in: inner, depth: depth - 1)
    }
  }

  /// Writes `report.html` where it is missing or is that of an experiment which nobody goes on with, and gives what stands then.
  ///
  /// An experiment that a process works on has its page from there.
  func withReport() throws -> RecordedExperiment {
    let isOpen = state != nil && state?.ended == nil
    guard isOpen || !FileManager.default.fileExists(atPath: "\(folder)/\(ReportPage.name)") else { return self }
    let output: OutputFolder
    do {
      output = try OutputFolder(folder)
    } catch OutputError.inUse {
      return self
    }
    defer { output.close() }
    // The process that had the lock may have finished meanwhile.
    guard try RecordedExperiment(folder).state == state else { return try RecordedExperiment(folder) }
    guard let state else {
      var content = ReportContent(title: results.subject, results: results)
      content.notes = ["Made from \(Self.resultsName) alone, which has no pictures."]
      try output.write(ReportPage.html(content), as: ReportPage.name)
      return self
    }
    var stopped = self
    var live = LiveResults(results: results, unfinished: unfinished, state: state)
    if isOpen { live.state.ended = "stopped" }
    try LiveReport.write(live, to: output)
    stopped.state = live.state
    return stopped
  }
}
