import Foundation
import Retrieval
import Tensor
import TensorFiles
import Testing
import _TestSupport

@Suite struct EmbeddingFileTests {
  private func withFile(_ embeddings: Tensor<Float>, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).npy").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try embeddings.write(npy: path)
    try body(path)
  }

  /// Blocks and ties across their borders change nothing.
  @Test(arguments: [1, 7, 64, 1000]) func findsWhatASearchInMemoryFinds(blockRows: Int) throws {
    let items = lattice(300, seed: 1).take(Tensor<Int>((0..<300).map { $0 % 250 })) * 3
    let queries = lattice(140, seed: 2)
    let expected = try Search(queries: queries, gallery: items)
    try withFile(items) { path in
      let file = try EmbeddingFile(contentsOf: path)
      expectEqual(file.count, 300)
      expectEqual(file.dimensions, 16)
      for count in [0, 1, 9, 500] {
        try expectEqual(file.nearest(count, to: queries, blockRows: blockRows), expected.nearest(count))
      }
    }
  }

  @Test func whatDoesNotFitIsNamed() throws {
    var numbers = [Float](repeating: 1, count: 40)
    numbers[31] = .nan
    try withFile(Tensor(numbers, shape: [20, 2])) { path in
      #expect(throws: RetrievalError.notFinite("gallery item", row: 15)) {
        try EmbeddingFile(contentsOf: path).nearest(1, to: .ones([1, 2]), blockRows: 4)
      }
    }
    try withFile(.ones([4])) { path in
      #expect(throws: TensorFileError.self) { try EmbeddingFile(contentsOf: path) }
    }
  }

  /// A map is not memory of the process: a large file leaves only blocks behind.
  @Test func aLargeFileIsReadInBlocks() throws {
    var generator = RandomGenerator(seed: 1)
    let items = Tensor<Float>.normal([20_000, 64], using: &generator)
    try withFile(items) { path in
      let file = try EmbeddingFile(contentsOf: path)
      let found = try file.nearest(1, to: items[19_990..<20_000], blockRows: 8192)
      expectEqual(found.map(\.items), (19_990..<20_000).map { [$0] })
    }
  }
}
