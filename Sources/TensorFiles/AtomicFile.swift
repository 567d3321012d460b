import Foundation
import Tensor

/// A file that is being written under a temporary name beside its own.
package struct AtomicFile {
  /// Writes what a file holds.
  package typealias Body = (inout AtomicFile) throws -> Void

  let path: String
  private let descriptor: Int32
  /// The number of bytes written.
  private(set) var position = 0

  private init(path: String, descriptor: Int32) { (self.path, self.descriptor) = (path, descriptor) }

  /// Writes a file as `body` says, waits until it is on the disk, then gives it its name; on failure the old one stays and
  /// nothing is left behind.
  ///
  /// Throws `TensorFileError.unwritable` with what the system says, or what `body` throws.
  package static func write(to path: String, _ body: Body) throws {
    try withoutActuallyEscaping(body) { try write([(path, $0)]) }
  }

  /// The same for files that belong together: none gets its name before all are on the disk.
  ///
  /// An older file of the last name is removed before the others get theirs, and the last one gets its name last: where
  /// it stands, all are of one writing, whenever the process was killed.
  package static func write(_ files: [(path: String, body: Body)]) throws {
    var temporaries: [String] = []
    defer { for name in temporaries { unlink(name) } }
    for (path, body) in files {
      let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max))\(ending)"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw TensorFileError.unwritable(file: path, reason: systemError()) }
      temporaries.append(temporary)
      do {
        var file = AtomicFile(path: path, descriptor: descriptor)
        try body(&file)
        guard fsync(descriptor) == 0 else { throw TensorFileError.unwritable(file: path, reason: systemError()) }
      } catch {
        close(descriptor)
        throw error
      }
      guard close(descriptor) == 0 else { throw TensorFileError.unwritable(file: path, reason: systemError()) }
    }
    for (path, _) in files where isFolder(path) {
      throw TensorFileError.unwritable(file: path, reason: String(cString: strerror(EISDIR)))
    }
    if files.count > 1, let last = files.last?.path, unlink(last) != 0, errno != ENOENT {
      throw TensorFileError.unwritable(file: last, reason: systemError())
    }
    for (temporary, file) in zip(temporaries, files) where rename(temporary, file.path) != 0 {
      throw TensorFileError.unwritable(file: file.path, reason: systemError())
    }
    for folder in Set(files.map { folder(of: $0.path) }) { try synchronize(folder) }
  }

  /// Removes the temporary files that killed processes left in a folder in which no other process writes now.
  package static func removeLeftovers(in folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      guard name.hasSuffix(ending), let mark = name.dropLast(ending.count).split(separator: ".").last else { continue }
      let numbers = mark.split(separator: "-", omittingEmptySubsequences: false)
      if numbers.count == 2, numbers.allSatisfy({ UInt32($0) != nil }) { unlink("\(folder)/\(name)") }
    }
  }

  /// What the temporary names end in.
  private static let ending = ".partial"

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Waits until the names in a folder are on the disk, where the file system can say that.
  private static func synchronize(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if fsync(descriptor) != 0, ![EINVAL, ENOTSUP, ENOSYS, EROFS].contains(errno) {
      throw TensorFileError.unwritable(file: folder, reason: systemError())
    }
  }

  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    var written = 0
    while written < bytes.count {
      let step = Foundation.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      if step < 0 && errno != EINTR { throw TensorFileError.unwritable(file: path, reason: systemError()) }
      written += max(step, 0)
    }
    position += bytes.count
  }

  package mutating func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  package mutating func write(_ data: Data) throws {
    try data.withUnsafeBytes { try write($0) }
  }

  /// Writes over bytes that have been written already.
  func replace(at offset: Int, with bytes: [UInt8]) throws {
    guard pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count else {
      throw TensorFileError.unwritable(file: path, reason: systemError())
    }
  }
}
