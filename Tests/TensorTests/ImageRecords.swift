import Tensor
import _TestSupport

func imageRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.add("conv2d, plain", [signedSample([2, 4, 5, 2]), signedSample([3, 2, 3, 3], seed: 2)]) {
      $0[0].conv2d($0[1])
    }
    records.add("conv2d, padding", [signedSample([2, 4, 4, 2]), signedSample([3, 2, 3, 3], seed: 2)]) {
      $0[0].conv2d($0[1], padding: 1)
    }
    records.add("conv2d, stride", [signedSample([2, 5, 5, 2]), signedSample([2, 2, 3, 3], seed: 2)]) {
      $0[0].conv2d($0[1], stride: 2, padding: 1)
    }
    records.add("conv2d, pointwise", [signedSample([2, 3, 3, 2]), signedSample([4, 2, 1, 1], seed: 2)]) {
      $0[0].conv2d($0[1])
    }
    records.add("conv2d, pointwise stride", [signedSample([2, 4, 4, 2]), signedSample([3, 2, 1, 1], seed: 2)]) {
      $0[0].conv2d($0[1], stride: 2)
    }
    records.add("conv2d, dilation", [signedSample([1, 5, 5, 2]), signedSample([2, 2, 2, 2], seed: 2)]) {
      $0[0].conv2d($0[1], padding: 1, dilation: 2)
    }
    records.add("conv2d, tall kernel", [signedSample([1, 5, 3, 1]), signedSample([2, 1, 3, 2], seed: 2)]) {
      $0[0].conv2d($0[1])
    }
    records.freeSizes = [2]
    records.add("maxPooled", [signedSample([2, 4, 4, 2])]) { squared($0[0].maxPooled(2)) }
    records.freeSizes = []
    records.add("maxPooled, overlapping", [signedSample([1, 5, 5, 2])]) {
      squared($0[0].maxPooled(3, stride: 2, padding: 1))
    }
    records.freeSizes = [2]
    records.add("averagePooled", [signedSample([2, 4, 4, 2])]) { squared($0[0].averagePooled(2)) }
    records.freeSizes = []
    records.add("averagePooled, overlapping", [signedSample([1, 5, 5, 2])]) {
      squared($0[0].averagePooled(3, stride: 2, padding: 1))
    }
    records.freeSizes = []
    records.add("batchNormalized", [signedSample([2, 3, 2, 2]), sample([2], seed: 2), sample([2], seed: 3)]) {
      cubed($0[0].batchNormalized(scale: $0[1], offset: $0[2]).output)
    }
    records.add(
      "batchNormalized, rectified", [signedSample([2, 3, 2, 2], seed: 4), sample([2], seed: 2), sample([2], seed: 3)]
    ) {
      cubed($0[0].batchNormalized(scale: $0[1], offset: $0[2], isRectified: true).output)
    }
    let summed = [
      signedSample([2, 3, 2, 2]), sample([2], seed: 2), sample([2], seed: 3), signedSample([2, 3, 2, 2], seed: 4),
    ]
    records.add("batchNormalized, with an addend", summed) {
      cubed($0[0].batchNormalized(scale: $0[1], offset: $0[2], adding: $0[3]).output)
    }
    records.add("batchNormalized, with an addend, rectified", summed) {
      cubed($0[0].batchNormalized(scale: $0[1], offset: $0[2], adding: $0[3], isRectified: true).output)
    }
    records.freeSizes = [3]
    records.add("channelAffine", Array(summed.prefix(3))) { squared($0[0].channelAffine(scale: $0[1], offset: $0[2])) }
    records.add("channelAffine, with an addend, rectified", summed) {
      cubed($0[0].channelAffine(scale: $0[1], offset: $0[2], adding: $0[3], isRectified: true))
    }
  }
}
