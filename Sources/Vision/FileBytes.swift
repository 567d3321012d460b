import Foundation
import Tensor
import TensorFiles

/// Why a file could not be read, in the words of the operating system.
struct ReadFailure: Error {
  let reason: String
}

/// The bytes of a regular file of `limit` bytes at most; anything else (a folder, a pipe) is refused rather than waited for.
func readBytes(of url: URL, atMost limit: Int) throws(ReadFailure) -> [UInt8] {
  do {
    return try FileBytes(contentsOf: url.path, mappedFrom: .max, atMost: limit).withUnsafeBytes { Array($0) }
  } catch {
    guard case .unreadable(_, let reason) = error else { throw ReadFailure(reason: "\(error)") }
    throw ReadFailure(reason: reason)
  }
}

/// Writes a file under a temporary name beside it, then renames; nothing is left behind on failure.
func writeAtomically(_ bytes: [UInt8], to url: URL) throws {
  do {
    try AtomicFile.write(to: url.path) { try $0.write(bytes) }
  } catch TensorFileError.unwritable(let file, let reason) {
    throw ImageError.unwritable(file: file, reason: reason)
  }
}
