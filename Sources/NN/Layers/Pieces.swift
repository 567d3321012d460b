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
  /// numbers than for the whole batch, and spectral normalisation takes a step for every piece. Traps for pieces of less than one sample, for an
  /// output that has not the samples along its first axis, and where layers normalise over a group, whose ranks may have other numbers of pieces.
  public func callAsFunction(
    _ input: Tensor<Scalar>, inPiecesOf samples: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    require(samples >= 1, "pieces of \(samples) samples", file: file, line: line)
    require(input.rank >= 1, "pieces of a tensor without axes", file: file, line: line)
    require(
      !normalizesOverRanks,
      "pieces do not fit layers that normalise over a group: ranks may have other numbers of them",
      file: file, line: line)
    let total = input.shape[0]
    guard total > samples else { return self(input) }
    let count = (total + samples - 1) / samples
    return .concatenated(
      (0..<count).map { index in
        let piece = input[index * total / count..<(index + 1) * total / count]
        let output = checkpointed { self(piece) }
        require(
          output.shape.first == piece.shape[0],
          "a piece of \(piece.shape[0]) samples gave \(output.shape): samples have to lie along the first axis",
          file: file,
          line: line)
        return output
      }, along: 0)
  }
}
