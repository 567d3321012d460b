import CKernels

// Arrays of `Float`s whose elements are stored in half the bits. Other element types have no such form, so that for them the
// functions here do nothing.
extension NDArray {
  /// A new contiguous array stored as bfloat16, whose elements the caller must write before sharing it.
  init(uninitializedBFloat16 shape: [Int]) {
    let layout = Layout(contiguous: shape)
    self.init(storage: Storage.makeBFloat16(count: layout.count), layout: layout)
  }

  /// A new contiguous array of this one's shape, stored as this one is.
  func uninitializedLike() -> NDArray {
    isBFloat16 ? NDArray(uninitializedBFloat16: shape) : NDArray(uninitialized: shape)
  }

  /// The same values in row-major order, stored as another array is.
  func rowMajor(as other: NDArray) -> NDArray { other.isBFloat16 ? narrowed().rowMajor() : contiguous() }

  /// The elements of an array that is stored as bfloat16.
  var halves: UnsafeMutablePointer<UInt16> { address().assumingMemoryBound(to: UInt16.self) }

  /// The same values in full: as they are, or in a new array in row-major order.
  @inline(__always)
  func widened() -> NDArray { isBFloat16 ? converted() : self }

  @inline(never)
  private func converted() -> NDArray {
    let source = rowMajor()
    let result = NDArray(uninitialized: shape)
    let (x, y) = (source.halves, result.address().assumingMemoryBound(to: Float.self))
    parallel(count, grain: elementGrain) { part in
      ck_f32_from_bf16(part.count, x + part.lowerBound, y + part.lowerBound)
    }
    withExtendedLifetime(source) {}
    return result
  }

  /// The values rounded to bfloat16, in the same layout where this is a view that repeats elements and in row-major order otherwise.
  func narrowed() -> NDArray {
    if isBFloat16 || Scalar.elementType != .float32 { return self }
    let isRepeated = storage.count < count
    let source = isRepeated ? seen(as: Layout(contiguous: [storage.count])) : contiguous()
    let result = NDArray(uninitializedBFloat16: source.shape)
    let (x, y) = (source.address().assumingMemoryBound(to: Float.self), result.halves)
    parallel(source.count, grain: elementGrain) { part in
      ck_bf16_from_f32(part.count, x + part.lowerBound, y + part.lowerBound)
    }
    withExtendedLifetime(source) {}
    return isRepeated ? result.seen(as: layout) : result
  }
}

extension Engine {
  /// A result as the current thread stores it.
  static func stored(_ result: NDArray<Float>) -> NDArray<Float> { storesBFloat16 ? result.narrowed() : result }

  /// An array of `Float`s as one of `Scalar`s, which are `Float`s.
  static func named<Scalar>(_ x: NDArray<Float>) -> NDArray<Scalar> { unsafeBitCast(x, to: NDArray<Scalar>.self) }

  /// An array that is known to be of `Float`s.
  static func singles<Scalar>(_ x: NDArray<Scalar>) -> NDArray<Float> {
    require(Scalar.self == Float.self, "bfloat16: \(Scalar.self) is not stored so")
    return unsafeBitCast(x, to: NDArray<Float>.self)
  }
}

extension Tensor {
  /// The same values as a constant that is stored in full.
  package var storedInFull: Tensor { Tensor(array.widened()) }
}
