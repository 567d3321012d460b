import Foundation

/// The job that the campaigns maltreat: two methods on a few pictures, with everything that a run writes.
struct Workload {
  let program: Program
  /// A CUB folder of JPEG files.
  let pictures: String
  /// The job's folder after a run that nobody disturbed.
  let finished: Folder
  /// The same after the first epoch of the first run.
  let begun: Folder
  /// What that run says, without what depends on the clock.
  let reference: String
  /// How long a run takes.
  let seconds: Double

  init(program: Program, pictures: String, folder: Folder) throws {
    (self.program, self.pictures) = (program, pictures)
    finished = folder.sub("finished")
    begun = folder.sub("begun")
    finished.remove()
    begun.remove()
    let whole = try program.run(Self.arguments(pictures, output: finished.path))
    guard whole.end == .status(0), let text = Self.results(finished) else {
      throw Failure(description: "the job does not even run undisturbed: \(whole.endText): \(whole.errorText)")
    }
    reference = text
    seconds = whole.seconds
    try finished.copy(to: begun)
    // A run that was killed between its epochs: a checkpoint, and no result.
    for name in begun.files where !name.hasPrefix("runs/") || name.hasSuffix("result.json") {
      unlink("\(begun.path)/\(name)")
    }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static func arguments(_ pictures: String, output: String, learningRate: String = "0.001") -> [String] {
    [
      "--data", pictures, "--method", "proxy-nca,hpl-pa", "--image-size", "32", "--epochs", "3", "--dimensions", "8",
      "--levels", "1.0,clusters:3:0.1", "--warm-up", "1", "--batch", "12", "--samples-per-class", "2", "--threads", "1",
      "--workers", "1", "--lr", learningRate, "--quiet", "--output", output,
    ]
  }

  func arguments(_ folder: Folder) -> [String] { Self.arguments(pictures, output: folder.path) }

  /// Why a folder does not hold the undisturbed run's results; nil where it does.
  func difference(_ folder: Folder) -> String? {
    guard let text = Self.results(folder) else { return "no results.json that can be read" }
    if text != reference { return "other results than undisturbed" }
    for file in finished.files where !FileManager.default.fileExists(atPath: "\(folder.path)/\(file)") {
      // The names of event files hold the time.
      if !file.contains("events.out.tfevents") { return "\(file) is missing" }
    }
    return leftover(folder)
  }

  /// A file that the undisturbed run does not leave, such as a temporary one.
  func leftover(_ folder: Folder) -> String? {
    let expected = Set(finished.files)
    return folder.files.first { !expected.contains($0) && !$0.contains("events.out.tfevents") }.map {
      "\($0) was left behind"
    }
  }

  /// The `runs` of a folder's `results.json`, without what it took; nil where there is none.
  static func results(_ folder: Folder) -> String? {
    guard let data = FileManager.default.contents(atPath: "\(folder.path)/results.json"),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let runs = object["runs"] as? [[String: Any]]
    else { return nil }
    let timeless = runs.map { $0.filter { !["seconds", "images_per_second", "costs"].contains($0.key) } }
    let text = try? JSONSerialization.data(withJSONObject: timeless, options: [.sortedKeys])
    return text.map { String(decoding: $0, as: UTF8.self) }
  }
}
