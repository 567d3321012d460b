import Collectives
import Foundation

extension Group {
  /// What is in a file that the first rank sees, for all of them; nil where there is none.
  ///
  /// So the folder of a run need not be on a file system that the ranks share. Throws `CheckpointError` where it cannot be read.
  func file(_ path: String) throws -> [UInt8]? {
    let found = try agree { () -> [UInt8]? in
      guard isFirst, FileManager.default.fileExists(atPath: path) else { return nil }
      do {
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
      } catch {
        throw CheckpointError.unusable(file: path, reason: "cannot be read: \(error.localizedDescription)")
      }
    }
    let bytes = broadcast(found.map { [1] + $0 } ?? [])
    return bytes.isEmpty ? nil : Array(bytes.dropFirst())
  }
}
