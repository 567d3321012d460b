import Foundation
import Tensor

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

  var description: String {
    switch self {
    case .cannotCreate(let folder, let reason): "cannot create the output folder \(folder): \(reason); see --output"
    case .cannotWrite(let file, let reason): "cannot write \(file): \(reason)"
    }
  }
}

/// A folder whose files appear complete or not at all.
struct OutputFolder {
  let path: String
  /// The folders that did not exist before, from the outermost.
  private let created: [String]

  /// Creates the folder where it is missing and checks that a file can be written there.
  init(_ path: String) throws {
    self.path = path
    created = try Self.create(path)
    do {
      try write(Data(), as: ".writable")
      unlink(file(".writable"))
    } catch {
      discardIfEmpty()
      throw error
    }
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

  /// Writes a file under a temporary name, flushes it to the disk and gives it its name.
  func write(_ data: Data, as name: String) throws {
    try write(as: name) { try Self.write(data, to: $0, file: file(name)) }
  }

  /// Writes and flushes a file; `file` is what an error calls it, the path itself unless given.
  static func write(_ data: Data, to path: String, file: String? = nil) throws {
    do {
      try AtomicFile.write(to: path) { target in
        try data.withUnsafeBytes { try target.write($0) }
        try target.synchronize()
      }
    } catch TensorFileError.unwritable(_, let reason) {
      throw OutputError.cannotWrite(file: file ?? path, reason: reason)
    }
  }

  /// Lets `body` write a file at the temporary path it is given, then gives that file its name.
  ///
  /// When `body` throws, or the file cannot be renamed, the temporary file is removed and an older file of the same
  /// name stays as it was.
  func write(as name: String, _ body: (_ temporaryPath: String) throws -> Void) throws {
    try withoutActuallyEscaping(body) { try write([(name, $0)]) }
  }

  /// The same for files that belong together: none gets its name before all are written.
  func write(_ files: [(name: String, body: (_ temporaryPath: String) throws -> Void)]) throws {
    try Interruption.holding {
      func temporary(_ name: String) -> String { file(".\(name).\(getpid()).part") }
      defer { for (name, _) in files { unlink(temporary(name)) } }
      for (name, body) in files {
        unlink(temporary(name))
        try body(temporary(name))
      }
      for (name, _) in files where rename(temporary(name), file(name)) != 0 {
        throw OutputError.cannotWrite(file: file(name), reason: systemError())
      }
    }
  }

  /// Removes the folders that this value created, as far as they are still empty: a failed run leaves nothing.
  func discardIfEmpty() {
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
