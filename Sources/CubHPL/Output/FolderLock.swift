import Foundation
import Synchronization
import Tensor
import TensorFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps other processes of this program out of a folder; the system releases it when this one dies, however that happens.
///
/// The lock is on a file in the folder that says who holds it. The file is not inherited by children, and removed with the lock.
final class FolderLock: Sendable {
  private let path: String
  /// Of the file, as long as the lock is held.
  private let descriptor: Mutex<Int32?>

  /// The name of the file.
  static let name = ".\(Program.name).lock"

  /// Takes the lock of a folder that exists.
  ///
  /// Throws `OutputError` where another process has it, or where no file can be written there. On a file system without locks
  /// the folder stays open to others, which is said on the standard error.
  init(_ folder: String) throws {
    path = folder.hasSuffix("/") ? folder + Self.name : "\(folder)/\(Self.name)"
    let taken = try Self.take(path, of: folder)
    descriptor = Mutex(taken)
    let text = "process \(getpid()) on \(ProcessInfo.processInfo.hostName)"
    guard ftruncate(taken, 0) == 0, pwrite(taken, text, text.utf8.count, 0) == text.utf8.count else {
      throw OutputError.cannotWrite(file: path, reason: systemError())
    }
  }

  deinit { release() }

  /// Gives the lock back; a second time does nothing.
  func release() {
    descriptor.withLock { descriptor in
      guard let open = descriptor else { return }
      unlink(path)
      close(open)
      descriptor = nil
    }
  }

  private static func take(_ path: String, of folder: String) throws -> Int32 {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw OutputError.cannotWrite(file: path, reason: systemError()) }
      var status: Int32
      repeat { status = flock(descriptor, LOCK_EX | LOCK_NB) } while status != 0 && errno == EINTR
      if status == 0 {
        // Whoever held it may have removed the file while this process opened it; then the lock keeps nobody out.
        if isSame(descriptor, path) { return descriptor }
        close(descriptor)
      } else if errno == EWOULDBLOCK {
        let holder = text(of: descriptor)
        close(descriptor)
        throw OutputError.inUse(folder: folder, by: holder.isEmpty ? "another process" : holder)
      } else {
        Terminal.write(
          "\(folder): the file system has no locks (\(systemError())); let no other process write there meanwhile\n")
        return descriptor
      }
    }
  }

  private static func text(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }

  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
      && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
  }
}
