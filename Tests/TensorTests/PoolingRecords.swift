import Tensor
import _TestSupport

func poolingRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = [2]
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
    records.freeSizes = []
    records.add("maxPooled, uneven", [signedSample([1, 4, 5, 2])]) {
      squared($0[0].maxPooled(windows: [2, 3], stride: [2, 1], padding: [0, 1]))
    }
    records.add("averagePooled, volumes", [signedSample([1, 3, 4, 3, 2])]) {
      squared($0[0].averagePooled(windows: 2, stride: [1, 2, 1]))
    }
    records.add("adaptiveAveragePooled, larger", [signedSample([1, 2, 3, 1])]) {
      squared($0[0].adaptiveAveragePooled(height: 3, width: 5))
    }
    records.add("upsampled, nearest", [signedSample([2, 2, 3, 2])]) { squared($0[0].upsampled(height: 4, width: 5)) }
    records.add("upsampled, bilinear", [signedSample([2, 2, 3, 2])]) {
      squared($0[0].upsampled(height: 4, width: 5, .bilinear))
    }
    records.freeSizes = []
    records.add("upsampled, bilinear, smaller", [signedSample([1, 5, 4, 1])]) {
      squared($0[0].upsampled(height: 2, width: 3, .bilinear))
    }

    let misfit = "windows of 3 with padding 0 do not fit"
    records.addError("maxPooled", "maxPooled: \(misfit) images [1, 2, 2, 1]") { zeros(1, 2, 2, 1).maxPooled(3) }
    records.addError("averagePooled", "averagePooled: \(misfit) images [1, 2, 2, 1]") {
      zeros(1, 2, 2, 1).averagePooled(3)
    }
    records.addError("maxPooled", "maxPooled: windows of 2 with padding 1 do not fit images [1, 0, 2, 1]") {
      zeros(1, 0, 2, 1).maxPooled(2, padding: 1)
    }
    records.addError("maxPooled1d", "maxPooled1d: \(misfit) sequences [1, 2, 1]") { zeros(1, 2, 1).maxPooled1d(3) }
    records.addError("averagePooled1d", "averagePooled1d: \(misfit) sequences [1, 2, 1]") {
      zeros(1, 2, 1).averagePooled1d(3)
    }
    records.addError(
      "adaptiveMaxPooled",
      "adaptiveMaxPooled: images [1, 2, 2, 1] [batch, height, width, channels] have no 0 × 1 windows"
    ) { zeros(1, 2, 2, 1).adaptiveMaxPooled(height: 0, width: 1) }
    records.addError("adaptiveAveragePooled", "adaptiveAveragePooled: images [1, 0, 2, 1]") {
      zeros(1, 0, 2, 1).adaptiveAveragePooled(height: 1, width: 1)
    }
    records.addError(
      "upsampled", "upsampled: images [2, 2, 1] [batch, height, width, channels] do not become 4 × 4"
    ) { zeros(2, 2, 1).upsampled(height: 4, width: 4) }
  }
}
