import Tensor
import _TestSupport

func convolutionRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.add("conv2d, groups", [signedSample([2, 3, 4, 4]), signedSample([6, 2, 2, 3], seed: 2)]) {
      $0[0].conv2d($0[1], padding: 1, groups: 2)
    }
    records.add("conv2d, depthwise", [signedSample([2, 4, 4, 3]), signedSample([3, 1, 3, 3], seed: 2)]) {
      $0[0].conv2d($0[1], stride: 2, padding: 1, groups: 3)
    }
    records.add(
      "conv2d, depthwise with several outputs", [signedSample([1, 3, 4, 2]), signedSample([6, 1, 2, 3], seed: 2)]
    ) {
      $0[0].conv2d($0[1], padding: 1, groups: 2)
    }
    records.add("conv2d, groups of four", [signedSample([1, 4, 3, 8]), signedSample([8, 4, 3, 2], seed: 2)]) {
      $0[0].conv2d($0[1], stride: 2, padding: 1, groups: 2)
    }
    records.add("conv2d, pointwise groups", [signedSample([2, 2, 3, 4]), signedSample([2, 2, 1, 1], seed: 2)]) {
      $0[0].conv2d($0[1], groups: 2)
    }
    records.add("conv2d, groups and dilation", [signedSample([1, 5, 5, 2]), signedSample([4, 1, 2, 2], seed: 2)]) {
      $0[0].conv2d($0[1], padding: 1, dilation: 2, groups: 2)
    }
    records.add("convTransposed2d", [signedSample([2, 3, 2, 3]), signedSample([3, 2, 3, 2], seed: 2)]) {
      $0[0].convTransposed2d($0[1])
    }
    records.add("convTransposed2d, stride", [signedSample([2, 2, 3, 2]), signedSample([2, 3, 3, 3], seed: 2)]) {
      $0[0].convTransposed2d($0[1], stride: 2, padding: 1, outputPadding: 1)
    }
    records.add("convTransposed2d, groups", [signedSample([1, 3, 3, 4]), signedSample([4, 1, 2, 2], seed: 2)]) {
      $0[0].convTransposed2d($0[1], padding: 1, dilation: 2, groups: 2)
    }
    records.add("convTransposed2d, pointwise", [signedSample([1, 2, 2, 2]), signedSample([2, 3, 1, 1], seed: 2)]) {
      $0[0].convTransposed2d($0[1])
    }
    records.add("conv1d", [signedSample([2, 6, 2]), signedSample([3, 2, 3], seed: 2)]) {
      $0[0].conv1d($0[1], stride: 2, padding: 1)
    }
    records.add("conv1d, groups", [signedSample([2, 6, 4]), signedSample([4, 1, 2], seed: 2)]) {
      $0[0].conv1d($0[1], dilation: 2, groups: 4)
    }
    records.add("convTransposed1d", [signedSample([2, 3, 2]), signedSample([2, 3, 3], seed: 2)]) {
      $0[0].convTransposed1d($0[1], stride: 2, padding: 1, outputPadding: 1)
    }
    records.add("conv2d, uneven strides", [signedSample([1, 4, 5, 2]), signedSample([2, 2, 2, 2], seed: 2)]) {
      $0[0].conv2d($0[1], stride: [1, 2], padding: [0, 1], dilation: 1)
    }
    records.add("conv2d, uneven dilations", [signedSample([1, 4, 4, 1]), signedSample([2, 1, 2, 2], seed: 2)]) {
      $0[0].conv2d($0[1], stride: 1, padding: .same, dilation: [1, 2])
    }
    records.add("conv3d", [signedSample([1, 3, 3, 2, 2]), signedSample([2, 2, 2, 2, 1], seed: 2)]) {
      $0[0].conv3d($0[1], stride: [1, 2, 1], padding: 1)
    }
    records.add("convTransposed2d, uneven", [signedSample([1, 2, 3, 2]), signedSample([2, 2, 2, 2], seed: 2)]) {
      $0[0].convTransposed2d($0[1], stride: [1, 2], padding: [1, 0], outputPadding: [0, 1], dilation: [2, 1])
    }
    records.add("convTransposed3d", [signedSample([1, 2, 2, 2, 2]), signedSample([2, 1, 2, 1, 2], seed: 2)]) {
      $0[0].convTransposed3d($0[1], stride: [2, 1, 1], outputPadding: [1, 0, 0])
    }

    records.addError("conv2d", "conv2d: padding same does not fit a kernel [3, 3] with stride 2") {
      zeros(1, 8, 8, 3).conv2d(zeros(4, 3, 3, 3), stride: 2, padding: .same, dilation: 1)
    }
    records.addError("conv3d", "conv3d: kernel [1, 1, 3, 1, 1] is larger than the padded volumes [1, 2, 2, 2, 1]") {
      zeros(1, 2, 2, 2, 1).conv3d(zeros(1, 1, 3, 1, 1))
    }
    records.addError("convTransposed3d", "convTransposed3d: output padding 2 is not smaller than stride 2") {
      zeros(1, 2, 2, 2, 1).convTransposed3d(zeros(1, 1, 1, 1, 1), stride: 2, outputPadding: 2)
    }
    records.addError(
      "conv2d", "conv2d: images [1, 3, 8, 8] [batch, height, width, channels] do not fit weight [4, 3, 3, 3]"
    ) { zeros(1, 3, 8, 8).conv2d(zeros(4, 3, 3, 3)) }
    records.addError("conv2d", "conv2d: kernel [4, 3, 5, 5] is larger than the padded images [1, 2, 2, 3]") {
      zeros(1, 2, 2, 3).conv2d(zeros(4, 3, 5, 5))
    }
    records.addError("conv2d", "conv2d: 4 output channels do not fit scale [3] and offset [3]") {
      normalized(zeros(1, 2, 2, 3), zeros(4, 3, 1, 1), zeros(3), adding: nil)
    }
    records.addError("conv2d", "conv2d: output [1, 2, 2, 4] does not fit an addend of shape [4]") {
      normalized(zeros(1, 2, 2, 3), zeros(4, 3, 1, 1), zeros(4), adding: zeros(4))
    }
    records.addError(
      "convTransposed2d", "convTransposed2d: output padding 2 is not smaller than stride 2 or dilation 1"
    ) {
      zeros(1, 4, 4, 2).convTransposed2d(zeros(2, 2, 3, 3), stride: 2, outputPadding: 2)
    }
    records.addError(
      "conv1d", "conv1d: sequences [1, 4, 4, 2] [batch, length, channels] do not fit weight [2, 2, 3]"
    ) { zeros(1, 4, 4, 2).conv1d(zeros(2, 2, 3)) }
    records.addError("convTransposed1d", "convTransposed1d: padding 2 leaves nothing of length 4") {
      zeros(1, 2, 2).convTransposed1d(zeros(2, 2, 3), padding: 2)
    }
  }
}

/// As a normalisation in evaluation calls it.
private func normalized(
  _ x: Tensor<Float>, _ weight: Tensor<Float>, _ channels: Tensor<Float>, adding addend: Tensor<Float>?,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Float> {
  x.conv2d(
    weight, stride: 1, padding: 0, dilation: 1, groups: 1, scale: channels, offset: channels, adding: addend,
    isRectified: false, file: file, line: line)
}
