import Synchronization
import Tensor

/// Memory in a file of `torch.save`, which is compared with its checksum before its first use.
final class PyTorchStorage: Sendable {
  let bytes: FileBytes
  private let member: ZipArchive.Member?
  private let isChecked: Mutex<Bool>

  /// Files of the older kind have no checksums, and no members.
  init(_ bytes: FileBytes, member: ZipArchive.Member?) {
    (self.bytes, self.member) = (bytes, member)
    isChecked = Mutex(member == nil)
  }

  func check() throws(FormatProblem) {
    if isChecked.withLock({ $0 }) { return }
    try ZipArchive.check(bytes, of: member!)
    isChecked.withLock { $0 = true }
  }
}

/// A view of a storage, with elements that lie inside it.
struct PyTorchTensor: Storable {
  let storage: PyTorchStorage
  let view: PickleTensor
  let byteCount: Int
  /// The file, for messages.
  let source: String

  var shape: [Int] { view.shape }
  var elementType: ElementType { view.storage.type }

  func withStoredBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try elements().withStoredBytes(body)
  }

  func tensor<Scalar: TensorElement>(as: Scalar.Type, of file: String, _ name: String) throws -> Tensor<Scalar> {
    try elements().tensor(as: Scalar.self, of: file, name)
  }

  func tensor<Scalar: TensorElement>(convertingTo: Scalar.Type, of file: String, _ name: String) throws
    -> Tensor<Scalar>
  {
    try elements().tensor(convertingTo: Scalar.self, of: file, name)
  }

  /// The elements in row-major order, copied only where they do not lie so.
  private func elements() throws(TensorFileError) -> StoredArray {
    do throws(FormatProblem) {
      try storage.check()
    } catch {
      throw error.error(in: source)
    }
    let size = elementType.size
    func array(_ bytes: FileBytes) -> StoredArray {
      StoredArray(type: elementType, shape: shape, bytes: bytes)
    }
    if byteCount == 0 { return array(storage.bytes[0..<0]) }
    var (expected, isContiguous) = (1, true)
    for (length, stride) in zip(shape, view.strides).reversed() where length > 1 {
      isContiguous = isContiguous && stride == expected
      expected *= length
    }
    if isContiguous { return array(storage.bytes[view.offset * size..<view.offset * size + byteCount]) }
    return array(
      FileBytes(count: byteCount) { target in
        storage.bytes.withUnsafeBytes { source in copy(source, to: target, size) }
      })
  }

  private func copy(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, _ size: Int) {
    var index = [Int](repeating: 0, count: shape.count)
    var from = view.offset
    for element in 0..<byteCount / size {
      for byte in 0..<size { target[element * size + byte] = source[from * size + byte] }
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] {
          from += view.strides[axis]
          break
        }
        from -= (shape[axis] - 1) * view.strides[axis]
        index[axis] = 0
      }
    }
  }
}
