extension Tensor where Scalar: FixedWidthInteger {
  /// Integers drawn uniformly from a range: PyTorch's `randint`; traps for a negative size and an empty range.
  public static func uniform(
    _ shape: [Int], in range: Range<Scalar>, using generator: inout RandomGenerator, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    requireShape("uniform", shape, stride: MemoryLayout<Scalar>.stride, file, line)
    require(!range.isEmpty, "uniform: no integers in \(range)", file: file, line: line)
    return Tensor(shape: shape) { elements in
      for i in elements.indices { elements[i] = Scalar.random(in: range, using: &generator) }
    }
  }
}

extension Tensor where Scalar == Int {
  /// Categories drawn with probabilities in proportion to their weights, `count` for each row.
  ///
  /// `[…, categories]` gives `[…, count]`. Drawn one after another, each once, or `withReplacement` independently. Traps for weights
  /// that are negative or not finite, and where a row has too few that are positive.
  public static func multinomial<Weight: TensorScalar>(
    _ weights: Tensor<Weight>, count: Int, withReplacement: Bool = false, using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      weights.rank >= 1 && count >= 0, "multinomial: no \(count) categories of weights \(weights.shape)", file: file,
      line: line)
    let weights = weights.detached.cast(to: Double.self)
    let isPositive = weights .> 0
    require(
      (weights.isFinite .& (isPositive .| (weights .== 0))).allTrue,
      "multinomial: weights that are negative or not finite", file: file, line: line)
    let needed = withReplacement ? Swift.min(count, 1) : count
    require(
      (isPositive.sum(along: -1) .>= needed).allTrue, "multinomial: fewer than \(needed) positive weights in a row",
      file: file, line: line)
    let shape = Array(weights.shape.dropLast()) + [count]
    if count == 0 { return .zeros(shape) }
    if withReplacement {
      let sums = weights.cumulativeSum(along: -1)
      let total = sums.sliced(along: -1, (sums.shape[sums.rank - 1] - 1)...)
      return sums.searchSorted(Tensor<Double>.uniform(shape, using: &generator) * total, afterEqual: true)
    }
    // Waiting times, exponentially distributed, of which the shortest come first.
    let times = -log1p(-Tensor<Double>.uniform(weights.shape, using: &generator)) / weights
    return times.replacing(with: .infinity, where: .!isPositive).topK(count, smallest: true).indices
  }
}
