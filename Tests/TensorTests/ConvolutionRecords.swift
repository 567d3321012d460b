import Tensor
import _TestSupport

func convolutionRecords<S: TensorScalar>(_: S.Type) -> [OperationRecord<S>] {
  OperationRecords<S> { records in
    records.add("conv2d, groups", [signedSample([2, 3, 4, 4]), signedSample([6, 2, 2, 3], seed: 2)]) {
      $0[0].conv2d($0[1], padding: 1, groups: 2)
    }
    records.add("conv2d, depthwise", [signedSample([2, 4, 4, 3]), signedSample([3, 1, 3, 3], seed: 2)]) {
      $0[0].conv2d($0[1], stride: 2, padding: 1, groups: 3)
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
  }.all
}
