import Tensor
import _TestSupport

func unfoldingRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = [2]
    records.add("unfolded", [signedSample([2, 4, 3, 2])]) { squared($0[0].unfolded(3)) }
    records.add("unfolded, padded, dilated", [signedSample([2, 4, 3, 2])]) {
      squared($0[0].unfolded(2, stride: 3, padding: 2, dilation: 3))
    }
    records.freeSizes = [6]
    records.add("folded", [signedSample([1, 2, 3, 2, 2, 6])]) { squared($0[0].folded(height: 3, width: 4)) }
    records.add("folded, padded", [signedSample([1, 3, 3, 2, 2, 6])]) {
      squared($0[0].folded(height: 4, width: 5, stride: 2, padding: 1))
    }
    records.freeSizes = [3]
    records.add("pixelShuffled", [signedSample([3, 2, 1, 8])]) { squared($0[0].pixelShuffled(2)) }
    records.add("pixelUnshuffled", [signedSample([3, 2, 4, 3])]) { squared($0[0].pixelUnshuffled(2)) }
    // No place is at a pixel's centre, where the slope jumps.
    records.freeSizes = []
    records.add("sampled", [signedSample([2, 3, 4, 2]), signedSample([2, 2, 2, 2], seed: 2) * 0.77]) {
      squared($0[0].sampled(at: $0[1]))
    }
    records.add("sampled, border", [signedSample([1, 3, 4, 2]), signedSample([1, 2, 3, 2], seed: 2) * 0.73]) {
      squared($0[0].sampled(at: $0[1], padding: .border, alignsCorners: true))
    }
    records.add("leastSquares", [signedSample([4, 3]), sample([4, 2], seed: 2)]) { regular($0[0]).leastSquares($0[1]) }
    records.add("leastSquares, wide, vector", [signedSample([2, 4]), sample([2], seed: 2)]) {
      regular($0[0]).leastSquares($0[1])
    }
    records.add("pseudoInverse", [signedSample([4, 3])]) { try! regular($0[0]).pseudoInverse() }
    records.add("pseudoInverse, wide batch", [signedSample([2, 2, 3])]) { try! regular($0[0]).pseudoInverse() }
    records.add("matrixExponential", [signedSample([2, 3, 3])]) { try! ($0[0] * 0.4).matrixExponential() }
    records.add("matrixExponential, squared", [signedSample([2, 2])]) { try! ($0[0] * 5).matrixExponential() * 1e-3 }

    let misfit = "do not fit images [1, 2, 2, 1] [batch, height, width, channels]"
    records.addError("unfolded", "unfolded: windows of 3 with padding 0 and dilation 1 \(misfit)") {
      zeros(1, 2, 2, 1).unfolded(3)
    }
    records.addError("unfolded", "unfolded: windows of \(Int.max) with padding 0 and dilation 1 \(misfit)") {
      zeros(1, 2, 2, 1).unfolded(.max)
    }
    records.addError("folded", "folded: [1, 2, 2, 1] are no windows [batch, outHeight, outWidth, size, size, channels]")
    {
      zeros(1, 2, 2, 1).folded(height: 2, width: 2)
    }
    records.addError("folded", "folded: images of 3 × 4 have [2, 3] windows, not [2, 2]") {
      zeros(1, 2, 2, 2, 2, 1).folded(height: 3, width: 4)
    }
    records.addError(
      "pixelShuffled",
      "pixelShuffled: images [1, 2, 2, 6] [batch, height, width, channels] have no channels for 2 × 2 pixels"
    ) { zeros(1, 2, 2, 6).pixelShuffled(2) }
    records.addError(
      "pixelUnshuffled",
      "pixelUnshuffled: images [1, 2, 3, 6] [batch, height, width, channels] do not divide into 2 × 2 pixels"
    ) { zeros(1, 2, 3, 6).pixelUnshuffled(2) }
    records.addError(
      "sampled",
      "sampled: images [1, 2, 3, 6] [batch, height, width, channels] do not fit places [2, 1, 1, 2] [batch, outHeight, outWidth, 2]"
    ) { zeros(1, 2, 3, 6).sampled(at: zeros(2, 1, 1, 2)) }
    records.addError("leastSquares", "leastSquares: matrix [3, 2] does not fit the right-hand side [2, 1]") {
      zeros(3, 2).leastSquares(zeros(2, 1))
    }
    records.addError("pseudoInverse", "pseudoInverse: shape [3] has fewer than two axes") {
      try zeros(3).pseudoInverse()
    }
    records.addError("matrixRank", "matrixRank: shape [3] has fewer than two axes") { try zeros(3).matrixRank() }
    records.addError("matrixExponential", "matrixExponential: [2, 3] is no square matrix") {
      try zeros(2, 3).matrixExponential()
    }
  }
}
