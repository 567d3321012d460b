import Foundation
import Retrieval
import Tensor
import TensorFiles

/// The 10 nearest of so many embeddings of 128 dimensions, exactly, to each of 256 queries: in memory, and from a mapped file, block by
/// block.
let search = Benchmark("search", sizes: ["100000", "1000000", "100000 mapped", "1000000 mapped"]) { size in
  let count = Int(size.prefix { $0.isNumber })!
  var generator = RandomGenerator(seed: 1)
  let queries = Tensor<Float>.normal([256, 128], using: &generator)
  let items = Tensor<Float>.normal([count, 128], using: &generator)
  let flops = 2 * 256 * 128 * Double(count)
  guard size.hasSuffix("mapped") else {
    let search = try! Search(queries: queries, gallery: items)
    return Work(flops: flops) { keep(search.nearest(10)) }
  }
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).npy").path
  try! items.write(npy: path)
  let file = try! EmbeddingFile(contentsOf: path)
  // The mapping holds the file.
  unlink(path)
  return Work(flops: flops) { keep(try! file.nearest(10, to: queries)) }
}
