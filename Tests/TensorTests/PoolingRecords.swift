import Tensor
import _TestSupport

func poolingRecords<S: TensorScalar>(_: S.Type) -> [OperationRecord<S>] {
  OperationRecords<S> { records in
    records.add("maxPooled1d", [signedSample([2, 7, 2])]) { squared($0[0].maxPooled1d(3, stride: 2, padding: 1)) }
    records.add("averagePooled1d", [signedSample([2, 7, 2])]) {
      squared($0[0].averagePooled1d(3, stride: 2, padding: 1))
    }
    records.add("adaptiveMaxPooled", [signedSample([2, 5, 4, 2])]) {
      squared($0[0].adaptiveMaxPooled(height: 3, width: 2))
    }
    records.add("adaptiveAveragePooled", [signedSample([2, 5, 4, 2])]) {
      squared($0[0].adaptiveAveragePooled(height: 3, width: 2))
    }
    records.add("adaptiveAveragePooled, larger", [signedSample([1, 2, 3, 1])]) {
      squared($0[0].adaptiveAveragePooled(height: 3, width: 5))
    }
    records.add("upsampled, nearest", [signedSample([2, 2, 3, 2])]) { squared($0[0].upsampled(height: 4, width: 5)) }
    records.add("upsampled, bilinear", [signedSample([2, 2, 3, 2])]) {
      squared($0[0].upsampled(height: 4, width: 5, .bilinear))
    }
    records.add("upsampled, bilinear, smaller", [signedSample([1, 5, 4, 1])]) {
      squared($0[0].upsampled(height: 2, width: 3, .bilinear))
    }
  }.all
}
