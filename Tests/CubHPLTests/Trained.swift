import Foundation
import Synchronization

@testable import CubHPL

/// A small experiment that tests only read: four methods on a folder of 48 pictures, trained once in a process.
enum Trained {
  static let arguments = [
    "--data", ExperimentTests.smallCUB, "--method", "all", "--image-size", "32", "--epochs", "2", "--dimensions", "8",
    "--warm-up", "1", "--levels", "1.0,clusters:3:0.1:ward,clusters:2:0.1", "--threads", "2", "--profile",
  ]

  private static let trained = Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("trained-\(UUID())").path
    Removal.atExit(path)
    return (path, try Harness.results(arguments, in: path))
  }

  /// Its folder.
  static func folder() throws -> String { try trained.get().0 }

  /// What its `results.json` says.
  static func results() throws -> Results { try trained.get().1 }

  /// The last checkpoint of a method.
  static func checkpoint(_ method: String = "hpl-pa", in folder: String? = nil) throws -> String {
    "\(try folder ?? Trained.folder())/runs/\(method)-seed-0/last.safetensors"
  }

  /// Hands over a copy of the folder that a test may change.
  static func withCopy(_ body: (_ folder: String) throws -> Void) throws {
    let copy = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: copy) }
    try FileManager.default.copyItem(atPath: folder(), toPath: copy)
    try body(copy)
  }
}

/// Folders that are cleared away when the tests have ended.
enum Removal {
  private static let paths = Mutex<[String]>([])

  static func atExit(_ path: String) {
    let isFirst = paths.withLock { paths in
      paths.append(path)
      return paths.count == 1
    }
    guard isFirst else { return }
    atexit { for path in Removal.paths.withLock(\.self) { try? FileManager.default.removeItem(atPath: path) } }
  }
}
