import Tensor

extension Group {
  /// How many threads the first rank has: what is cut into parts by this number is cut, and rounded, alike on every rank.
  package func threadsOfFirst() -> Int { broadcast(Labels([Threads.count])).scalars[0] }
}
