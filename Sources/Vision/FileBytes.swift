import Foundation
import Tensor

/// Why a file could not be read, in the words of the operating system.
struct ReadFailure: Error {
  let reason: String
}

/// The bytes of a regular file; anything else (a folder, a pipe) is refused rather than waited for.
func readBytes(of url: URL) throws(ReadFailure) -> [UInt8] {
  var status = stat()
  guard stat(url.path, &status) == 0 else { throw ReadFailure(reason: systemError()) }
  guard status.st_mode & S_IFMT == S_IFREG else { throw ReadFailure(reason: "not a regular file") }
  let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw ReadFailure(reason: systemError()) }
  defer { close(descriptor) }
  let size = Int(status.st_size)
  var failure: String?
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
    while filled < size {
      let step = read(descriptor, buffer.baseAddress! + filled, size - filled)
      if step > 0 {
        filled += step
      } else if step == 0 {
        break
      } else if errno != EINTR {
        failure = systemError()
        break
      }
    }
  }
  if let failure { throw ReadFailure(reason: failure) }
  return bytes
}

/// The message for the current `errno`.
func systemError() -> String { String(cString: strerror(errno)) }

/// Writes a file under a temporary name beside it, then renames; nothing is left behind on failure.
func writeAtomically(_ bytes: [UInt8], to url: URL) throws {
  do {
    try AtomicFile.write(to: url.path) { try $0.write(bytes) }
  } catch TensorFileError.unwritable(let file, let reason) {
    throw ImageError.unwritable(file: file, reason: reason)
  }
}
