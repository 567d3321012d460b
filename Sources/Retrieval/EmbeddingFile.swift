import Tensor
import TensorFiles

/// Embeddings in a `.npy` file, which are searched block by block: a gallery that may be larger than memory.
///
/// The file is mapped: do not cut it short while it is open.
public struct EmbeddingFile: Sendable {
  /// The number of embeddings.
  public var count: Int { array.shape[0] }
  /// The numbers in each.
  public var dimensions: Int { array.shape[1] }

  private let array: NumPyArray

  /// Opens a `.npy` file of `Float`s, `[items, dimensions]`, as `cub-hpl embed` writes it; reads its header alone.
  ///
  /// Throws `TensorFileError` where it cannot be read or holds something else.
  public init(contentsOf path: String) throws {
    array = try NumPyArray(contentsOf: path)
    guard array.shape.count == 2, array.shape[1] > 0 else {
      throw TensorFileError.malformed(
        file: path, reason: "has the shape \(array.shape); embeddings need [items, dimensions]")
    }
    guard array.elementType == .float32 else {
      throw TensorFileError.wrongType(file: path, tensor: "", stored: array.elementType, requested: .float32)
    }
  }

  /// The nearest items of each query by the cosine, exactly: as many as are asked for, or as there are.
  ///
  /// Queries have shape `[queries, dimensions]`. The order is that of `Search`. In memory there are `blockRows` embeddings at a time, their similarities to
  /// 128 queries and the items found so far. Throws `RetrievalError` where an embedding is not finite, and `TensorFileError` where the file cannot be
  /// read. Traps where the shapes do not fit, for a number less than 0 and blocks without a row.
  public func nearest(
    _ count: Int, to queries: Tensor<Float>, blockRows: Int = 1 << 14, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> [Neighbors] {
    require(count >= 0 && blockRows >= 1, "nearest: \(count) items, \(blockRows) rows a block", file: file, line: line)
    require(
      queries.rank == 2 && queries.shape[1] == dimensions,
      "nearest: queries \(queries.shape) for embeddings of \(dimensions) dimensions", file: file, line: line)
    let queries = try unitRows(queries, "query")
    let total = queries.shape[0]
    var found = [[Hit]](repeating: [], count: total)
    for start in stride(from: 0, to: self.count, by: blockRows) {
      let block = start..<min(start + blockRows, self.count)
      let columns = try rows(block).transposed()
      let depth = min(count, block.count)
      for first in stride(from: 0, to: total, by: 128) {
        let chunk = first..<min(first + 128, total)
        let (values, places) = withPrecision(.float32) { queries[chunk].matmul(columns).topK(depth) }
        let (similarities, items) = (values.scalars, places.scalars)
        for query in chunk {
          let new = ((query - first) * depth..<(query - first + 1) * depth).map {
            Hit(item: start + items[$0], similarity: similarities[$0])
          }
          found[query] = EmbeddingFile.merged(found[query], new, count)
        }
      }
    }
    return found.enumerated().map { query, hits in
      Neighbors(query: query, items: hits.map(\.item), similarities: hits.map(\.similarity))
    }
  }

  private struct Hit {
    let item: Int
    let similarity: Float
  }

  /// Some rows, of length 1.
  private func rows(_ block: Range<Int>) throws -> Tensor<Float> {
    do {
      return try unitRows(array.rows(block), "gallery item")
    } catch RetrievalError.notFinite(let role, let row) {
      throw RetrievalError.notFinite(role, row: block.lowerBound + row)
    }
  }

  /// The first of two lists in the order of similarity; the items of the second come after those of the first.
  private static func merged(_ old: [Hit], _ new: [Hit], _ count: Int) -> [Hit] {
    if let worst = old.last, old.count == count, let best = new.first, best.similarity <= worst.similarity {
      return old
    }
    var all: [Hit] = []
    all.reserveCapacity(min(count, old.count + new.count))
    var (a, b) = (0, 0)
    while all.count < count, a < old.count || b < new.count {
      if b == new.count || (a < old.count && old[a].similarity >= new[b].similarity) {
        all.append(old[a])
        a += 1
      } else {
        all.append(new[b])
        b += 1
      }
    }
    return all
  }
}
