import Tensor

extension Layer {
  /// The output of a batch that is computed in pieces of at most so many samples, of which one at a time is stored for the gradients.
  ///
  /// For losses that compare the samples of a batch which does not fit into memory: gradient caching (Gao, Zhang, Han and Callan, RepL4NLP
  /// 2021). Each piece is computed without a graph; the loss sees the whole output; then `backward()` computes each piece again, with what
  /// was drawn for it the first time, hands it its part of the gradient and lets it go. Value and gradients are those of the whole batch, up to
  /// rounding, for about a third more time than it takes forward and backward.
  ///
  /// ```swift
  /// let loss = RecallAtKLoss<Float>()
  /// optimizer.step { loss(model(images, inPiecesOf: 64), labels: labels) }
  /// ```
  ///
  /// Samples lie along the first axis of input and output; pieces are as equal as they can be. What a layer does to a batch as a whole it does to
  /// a piece: `BatchNorm` in training normalises by the statistics of a piece, and its running ones take note of every piece. `Dropout` draws other
  /// numbers than for the whole batch. Traps for less than one sample.
  public func callAsFunction(
    _ input: Tensor<Scalar>, inPiecesOf samples: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    require(samples >= 1, "pieces of \(samples) samples", file: file, line: line)
    let total = input.shape[0]
    guard total > samples else { return self(input) }
    let count = (total + samples - 1) / samples
    return .concatenated(
      (0..<count).map { index in
        let piece = input[index * total / count..<(index + 1) * total / count]
        return checkpointed { self(piece) }
      }, along: 0)
  }
}
