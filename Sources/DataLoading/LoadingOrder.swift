import Tensor

/// Which samples come when in an epoch, as far as one process makes them.
struct LoadingOrder: Sendable {
  /// The samples of each batch.
  let batches: [[Int]]
  /// The position in the whole epoch of the first sample of each batch.
  let positions: [Int]

  /// One of the equal parts that each of some batches is cut into.
  ///
  /// Traps for empty batches and parts, and for samples that are not among `count`.
  init(
    _ whole: some Sequence<[Int]>, among count: Int, part: Int, of parts: Int, file: StaticString, line: UInt
  ) {
    require(parts >= 1 && (0..<parts).contains(part), "DataLoader: part \(part) of \(parts)", file: file, line: line)
    var (batches, positions): ([[Int]], [Int]) = ([], [])
    var position = 0
    for (number, batch) in whole.enumerated() {
      guard let low = batch.min(), let high = batch.max() else {
        trap("DataLoader: batch \(number) is empty", file: file, line: line)
      }
      guard low >= 0, high < count else {
        trap("DataLoader: batch \(number) has index \(low < 0 ? low : high) of \(count)", file: file, line: line)
      }
      let places = part * batch.count / parts..<(part + 1) * batch.count / parts
      require(
        !places.isEmpty, "DataLoader: batch \(number) of \(batch.count) samples leaves part \(part) of \(parts) empty",
        file: file, line: line)
      batches.append(Array(batch[places]))
      positions.append(position + places.lowerBound)
      position += batch.count
    }
    (self.batches, self.positions) = (batches, positions)
  }
}
