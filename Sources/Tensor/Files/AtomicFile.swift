import Foundation

/// A file that is being written under a temporary name beside its own.
package struct AtomicFile {
  private let path: String
  private let descriptor: Int32
  /// The number of bytes written.
  private(set) var position = 0

  /// Writes a file as `body` says, then gives it its name; on failure the old one stays and nothing is left behind.
  ///
  /// Throws `TensorFileError.unwritable` with what the system says, or what `body` throws.
  package static func write(to path: String, _ body: (inout AtomicFile) throws -> Void) throws {
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw TensorFileError.unwritable(file: path, reason: systemError()) }
    var isOpen = true
    do {
      var file = AtomicFile(path: path, descriptor: descriptor)
      try body(&file)
      isOpen = false
      guard close(descriptor) == 0, rename(temporary, path) == 0 else {
        throw TensorFileError.unwritable(file: path, reason: systemError())
      }
    } catch {
      if isOpen { close(descriptor) }
      unlink(temporary)
      throw error
    }
  }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
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

  /// Waits until what was written is on the disk.
  package func synchronize() throws {
    guard fsync(descriptor) == 0 else { throw TensorFileError.unwritable(file: path, reason: systemError()) }
  }
}
