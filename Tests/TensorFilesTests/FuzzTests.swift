import Foundation
import Tensor
import Testing
import _TestSupport

/// A thousand broken files of each format; `Fuzz/` reads as many as one likes.
@Suite struct FuzzTests {
  @Test(arguments: FuzzedFormat.allCases) func brokenFilesAreRefused(_ format: FuzzedFormat) throws {
    let files = try format.files(goldens: goldenFile(""))
    var mutation = Mutation(generator: RandomGenerator(seed: 2026))
    var refused = 0
    for _ in 0..<1000 where !format.read(mutation.mutated(files, for: format)) { refused += 1 }
    #expect(refused > 500 && refused < 1000)
  }
}

/// Calls `body` with the path of a file that does not exist yet, and removes it afterwards.
func withTemporaryFile<Result>(_ body: (String) throws -> Result) rethrows -> Result {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("tensor-\(UUID())").path
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}
