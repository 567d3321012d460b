import Tensor

/// An item of the gallery, as a query sees it.
struct Neighbor {
  let similarity: Float
  let index: Int

  /// Whether this neighbour comes before another: more similar, or as similar with the lower index.
  func precedes(_ other: Neighbor) -> Bool {
    similarity > other.similarity || (similarity == other.similarity && index < other.index)
  }
}

/// Exact search for the most similar items, block by block: a few queries times the whole gallery at once.
struct NearestNeighbors {
  /// The vectors that look for neighbours, shape `[queries, dimensions]`.
  let queries: Tensor<Float>
  /// The vectors among which they look, shape `[items, dimensions]`.
  let gallery: Tensor<Float>
  /// Whether item `i` is query `i` itself, which must not find itself.
  let skipsSelf: Bool

  private static let blockElements = 1 << 24
  private static let blockRows = 1024

  /// Calls `body` once for each query with its `counts[query]` most similar items, best first.
  ///
  /// Equally similar items come in the order of their indices. `counts` must not exceed the number of candidates.
  /// Different queries are visited on different threads at the same time.
  func forEachQuery(counts: [Int], _ body: (Int, UnsafeBufferPointer<Neighbor>) -> Void) {
    let items = gallery.shape[0]
    let rows = max(1, min(NearestNeighbors.blockRows, NearestNeighbors.blockElements / max(items, 1)))
    let transposedGallery = gallery.transposed()
    for start in stride(from: 0, to: counts.count, by: rows) {
      let block = start..<min(start + rows, counts.count)
      let similarities = queries.sliced(along: 0, block).matmul(transposedGallery)
      similarities.withUnsafeScalars { similarities in
        guard let first = similarities.baseAddress else { return }
        parallel(block.count, grain: NearestNeighbors.grain / max(items, 1) + 1) { part in
          let capacity = part.lazy.map { counts[start + $0] }.max() ?? 0
          let heap = NeighborHeap(capacity: capacity)
          defer { heap.deallocate() }
          for row in part {
            let query = start + row
            body(query, heap.select(counts[query], of: first + row * items, items, skipping: skipsSelf ? query : nil))
          }
        }
      }
    }
  }

  private static let grain = 1 << 15
}

/// A bounded heap with the worst kept neighbour on top; raw memory, because it runs in the innermost loop.
private struct NeighborHeap {
  private let nodes: UnsafeMutablePointer<Neighbor>

  init(capacity: Int) {
    nodes = .allocate(capacity: max(capacity, 1))
  }

  func deallocate() {
    nodes.deallocate()
  }

  /// The `count` greatest of `items` similarities, in order; the memory is valid until the next call.
  func select(
    _ count: Int, of similarities: UnsafePointer<Float>, _ items: Int, skipping skipped: Int?
  ) -> UnsafeBufferPointer<Neighbor> {
    guard count > 0 else { return UnsafeBufferPointer(start: nodes, count: 0) }
    let skipped = skipped ?? items
    var index = 0
    var kept = 0
    while kept < count {
      if index != skipped {
        (nodes + kept).initialize(to: Neighbor(similarity: similarities[index], index: index))
        kept += 1
      }
      index += 1
    }
    for root in stride(from: count / 2 - 1, through: 0, by: -1) { siftDown(root, count) }
    // Items come in ascending order of index: one that only equals the worst kept one loses against it.
    var worst = nodes[0].similarity
    while index < items {
      if similarities[index] > worst && index != skipped {
        nodes[0] = Neighbor(similarity: similarities[index], index: index)
        siftDown(0, count)
        worst = nodes[0].similarity
      }
      index += 1
    }
    sort(count)
    return UnsafeBufferPointer(start: nodes, count: count)
  }

  /// Moves the worst neighbour to the end, again and again.
  private func sort(_ count: Int) {
    var end = count - 1
    while end > 0 {
      let worst = nodes[0]
      nodes[0] = nodes[end]
      nodes[end] = worst
      siftDown(0, end)
      end -= 1
    }
  }

  private func siftDown(_ start: Int, _ count: Int) {
    let moved = nodes[start]
    var hole = start
    while true {
      var child = 2 * hole + 1
      if child >= count { break }
      if child + 1 < count && nodes[child].precedes(nodes[child + 1]) { child += 1 }
      if !moved.precedes(nodes[child]) { break }
      nodes[hole] = nodes[child]
      hole = child
    }
    nodes[hole] = moved
  }
}
