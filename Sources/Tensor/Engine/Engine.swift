import CKernels

/// What computes numbers: functions from arrays to arrays, with everything else they need as plain values.
///
/// This is the seam between operations and machine. Above it nobody holds a pointer, names a kernel or starts a thread; below it
/// nobody knows gradients or the tape. `Documentation/architecture.md` lists the functions, which are what another engine would
/// have to offer. Each returns a new array in row-major order and leaves its arguments as they are, except those with an `inout`
/// argument. They trust their callers with shapes and indices.
enum Engine {}

/// The functions of one number, such as `.exp`.
typealias UnaryFunction = CKernels.UnaryFunction
/// The functions of two numbers, such as `.add`.
typealias BinaryFunction = CKernels.BinaryFunction
/// The comparisons of two elements, such as `.less`.
typealias Comparison = CKernels.Comparison
/// What an axis can be reduced to: `.sum`, `.max`, `.min`.
typealias Reduction = CKernels.Reduction

extension TensorElement {
  /// How the kernels name the element type.
  @inline(__always)
  static var element: ck_element {
    switch elementType {
    case .float32: CK_F32
    case .float64: CK_F64
    case .int64: CK_I64
    case .int32: CK_I32
    case .float16, .bfloat16: CK_BITS16
    case .uint8, .bool: CK_U8
    }
  }
}
