import Tensor
import _TestSupport

func fourierRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = [3]
    records.add("fft", [signedSample([3, 6, 2])]) { squared($0[0].fft()) }
    records.add("fft, first axis", [signedSample([6, 3, 2])]) { squared($0[0].fft(along: 0)) }
    records.add("ifft", [signedSample([3, 5, 2])]) { squared($0[0].ifft()) }
    records.add("fft2", [signedSample([3, 2, 4, 2])]) { squared($0[0].fft2()) }
    records.add("ifft2", [signedSample([3, 4, 1, 2])]) { squared($0[0].ifft2()) }
    records.add("rfft", [signedSample([3, 7])]) { squared($0[0].rfft()) }
    records.add("irfft", [signedSample([3, 4, 2])]) { squared($0[0].irfft()) }
    records.add("irfft, odd", [signedSample([3, 4, 2])]) { squared($0[0].irfft(count: 7)) }
    records.add("rfft2", [signedSample([3, 5, 4])]) { squared($0[0].rfft2()) }
    records.add("irfft2", [signedSample([3, 2, 4, 2])]) { squared($0[0].irfft2(width: 7)) }
    records.freeSizes = []
    records.add("fft, by a convolution", [signedSample([37, 2])]) { squared($0[0].fft()) }

    let pairs = "complex numbers are [..., 2], real and imaginary part, not"
    records.addError("fft", "fft: \(pairs) [3, 3]") { zeros(3, 3).fft() }
    records.addError("fft", "fft: nothing to transform along axis 1 of the complex numbers [3]") {
      zeros(3, 2).fft(along: 1)
    }
    records.addError("ifft", "ifft: nothing to transform along axis -1 of the complex numbers [0]") {
      zeros(0, 2).ifft()
    }
    records.addError("fft2", "fft2: nothing to transform along axis -2 of the complex numbers [3]") {
      zeros(3, 2).fft2()
    }
    records.addError("ifft2", "ifft2: \(pairs) [3, 3]") { zeros(3, 3).ifft2() }
    records.addError("rfft", "rfft: nothing to transform along axis -1 of the complex numbers [0]") { zeros(0).rfft() }
    records.addError("irfft", "irfft: [3, 2] is no half of the transform of 6 real numbers") {
      zeros(3, 2).irfft(count: 6)
    }
    records.addError("rfft2", "rfft2: [3] has no two axes") { zeros(3).rfft2() }
    records.addError("irfft2", "irfft2: [2, 1, 2] is no half of the transform of 0 real numbers") {
      zeros(2, 1, 2).irfft2()
    }
  }
}
