import Foundation
import Tensor
import TensorFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A failure to write results.
enum OutputError: Error, Equatable, CustomStringConvertible {
  case cannotCreate(folder: String, reason: String)
  case cannotWrite(file: String, reason: String)
  /// Another process writes there.
  case inUse(folder: String, by: String)

  var description: String {
    switch self {
    case .cannotCreate(let folder, let reason): "cannot create the output folder \(folder): \(reason); see --output"
    case .cannotWrite(let file, let reason): "cannot write \(file): \(reason)"
    case .inUse(let folder, let holder):
      "\(folder) is being written to by \(holder); wait until that has ended, or give another --output"
    }
  }
}

/// A folder whose files appear complete or not at all, and which one process at a time writes to; of several ranks the first.
struct OutputFolder {
  let path: String
  /// The folders that did not exist before, from the outermost.
  private let created: [String]
  /// Nil for a folder within one that is locked.
  private let lock: FolderLock?

  /// Creates the folder where it is missing, keeps other processes out until `close()`, and removes the temporary files of
  /// killed ones.
  init(_ path: String) throws {
    self.path = path
    guard World.speaks else {
      (created, lock) = ([], nil)
      return
    }
    created = try Self.create(path)
    do {
      lock = try FolderLock(path)
    } catch {
      for folder in created.reversed() { rmdir(folder) }
      throw error
    }
    AtomicFile.removeLeftovers(in: path)
    let runs = file("runs")
    for name in (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? [] {
      AtomicFile.removeLeftovers(in: "\(runs)/\(name)")
    }
  }

  /// Creates a folder within one that this process has locked.
  init(within path: String) throws {
    (self.path, lock) = (path, nil)
    created = World.speaks ? try Self.create(path) : []
  }

  /// The folder of a command that begins: a signal then removes what it has created, as far as that is empty, and says what to do.
  static func begin(_ path: String, advice: String = "nothing was written") throws -> OutputFolder {
    try Interruption.holding {
      let output = try OutputFolder(path)
      Interruption.prepare(advice, discarding: output.discardIfEmpty)
      return output
    }
  }

  func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  /// Writes a file.
  func write(_ data: Data, as name: String) throws { try write([(name, { try $0.write(data) })]) }

  /// Writes files that belong together: none gets its name before all are on the disk, and the last one says that the others
  /// are there, as `AtomicFile` has it.
  func write(_ files: [(name: String, body: AtomicFile.Body)]) throws {
    guard World.speaks else { return }
    do {
      try Interruption.holding { try AtomicFile.write(files.map { (file($0.name), $0.body) }) }
    } catch TensorFileError.unwritable(let file, let reason) {
      throw OutputError.cannotWrite(file: file, reason: reason)
    }
  }

  /// Lets other processes in.
  func close() { lock?.release() }

  /// Removes the folders that this value created, as far as they are still empty: a failed run leaves nothing, and settings
  /// and a page without an epoch are nothing.
  func discardIfEmpty() {
    close()
    guard World.speaks else { return }
    let nothing = [SettingsFile.name, LiveResults.name, ReportPage.name]
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    if !created.isEmpty, names.allSatisfy(nothing.contains) {
      for name in names { unlink(file(name)) }
    }
    for folder in created.reversed() { rmdir(folder) }
  }

  private static func create(_ path: String) throws -> [String] {
    var created: [String] = []
    var prefix = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      prefix += (prefix.isEmpty || prefix == "/" ? "" : "/") + part
      if mkdir(prefix, 0o755) == 0 {
        created.append(prefix)
      } else if errno != EEXIST || !isFolder(prefix) {
        let reason = errno == EEXIST ? "\(prefix) is not a folder" : systemError()
        if errno != EEXIST, isFolder(prefix) { continue }
        for folder in created.reversed() { rmdir(folder) }
        throw OutputError.cannotCreate(folder: path, reason: reason)
      }
    }
    return created
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
