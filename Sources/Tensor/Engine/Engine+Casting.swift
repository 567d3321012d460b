import CKernels
import Synchronization

extension Engine {
  /// The numbers in another element type, and the row-major position of one that it cannot hold, if there is one.
  ///
  /// To `UInt8`: rounded to the nearest and clamped to 0...255. To `Int` and `Int32`: rounded towards zero. To `Float16` and
  /// `BFloat16`: rounded to the nearest, ties to even. To `Bool`: whether the number is not 0.
  static func cast<From, To>(_ x: NDArray<From>, to: To.Type) -> (result: NDArray<To>, misfit: Int?) {
    if let between = stop(From.elementType, To.elementType) { return cast(x, to: To.self, through: between) }
    let source = x.contiguous()
    defer { withExtendedLifetime(source) {} }
    let result = NDArray<To>(uninitializedLike: source.layout)
    let (x, y) = (source.pointer, result.target)
    let misfit = Atomic<Int>(-1)
    parallel(source.count, grain: elementGrain) { part in
      let position = convert(part.count, x + part.lowerBound, y + part.lowerBound)
      if position >= 0 { misfit.store(part.lowerBound + position, ordering: .relaxed) }
    }
    let position = misfit.load(ordering: .relaxed)
    return (result, position < 0 ? nil : position)
  }

  /// The type between two that have no direct way, through which nothing is rounded twice but integers beyond 2⁵³ to halves.
  private static func stop(_ from: ElementType, _ to: ElementType) -> (any TensorElement.Type)? {
    switch (from, to) {
    case (let from, let to) where from == to: nil
    case (.float32, _) where to.isHalf, (.float64, _) where to.isHalf: nil
    case (.float16, .float32), (.bfloat16, .float32), (.int32, .int64), (.int64, .int32): nil
    case (.float16, _), (.bfloat16, _): Float.self
    case (.int32, _), (_, .int32): Int.self
    case (_, .float16), (_, .bfloat16): Double.self
    default: nil
    }
  }

  private static func cast<From, Between: TensorElement, To>(
    _ x: NDArray<From>, to: To.Type, through: Between.Type
  ) -> (result: NDArray<To>, misfit: Int?) {
    let (wide, misfit) = cast(x, to: Between.self)
    let (result, second) = cast(wide, to: To.self)
    return (result, misfit ?? second)
  }

  /// Converts on this thread; the position of a number that does not fit, or −1.
  private static func convert<From: TensorElement, To: TensorElement>(
    _ n: Int, _ source: UnsafePointer<From>, _ target: UnsafeMutablePointer<To>
  ) -> Int {
    let (x, y) = (UnsafeRawPointer(source), UnsafeMutableRawPointer(target))
    func input<T>(_: T.Type) -> UnsafePointer<T> { x.assumingMemoryBound(to: T.self) }
    func output<T>(_: T.Type) -> UnsafeMutablePointer<T> { y.assumingMemoryBound(to: T.self) }
    switch (From.elementType, To.elementType) {
    case (.float32, .float64): ck_f64_from_f32(n, input(Float.self), output(Double.self))
    case (.float64, .float32): ck_f32_from_f64(n, input(Double.self), output(Float.self))
    case (.uint8, .float32), (.uint8, .float64), (.bool, .float32), (.bool, .float64):
      ck_from_bytes(To.element, n, input(UInt8.self), y)
    case (.int64, .float32), (.int64, .float64): ck_from_integers(To.element, n, input(Int.self), y)
    case (.float32, .uint8), (.float64, .uint8): ck_to_bytes(From.element, n, x, output(UInt8.self))
    case (.uint8, .int64), (.bool, .int64): for i in 0..<n { output(Int.self)[i] = Int(input(UInt8.self)[i]) }
    case (.int64, .uint8): for i in 0..<n { output(UInt8.self)[i] = UInt8(clamping: input(Int.self)[i]) }
    case (.float32, .bool): for i in 0..<n { output(Bool.self)[i] = input(Float.self)[i] != 0 }
    case (.float64, .bool): for i in 0..<n { output(Bool.self)[i] = input(Double.self)[i] != 0 }
    case (.int64, .bool): for i in 0..<n { output(Bool.self)[i] = input(Int.self)[i] != 0 }
    case (.uint8, .bool): for i in 0..<n { output(Bool.self)[i] = input(UInt8.self)[i] != 0 }
    case (.bool, .uint8): for i in 0..<n { output(UInt8.self)[i] = input(UInt8.self)[i] }
    case (.float32, .int64), (.float64, .int64): return ck_to_integers(From.element, n, x, output(Int.self))
    case (.int32, .int64): for i in 0..<n { output(Int.self)[i] = Int(input(Int32.self)[i]) }
    case (.int64, .int32): return ck_i32_from_i64(n, input(Int.self), output(Int32.self))
    case (.float16, .float32): ck_f32_from_f16(n, input(UInt16.self), output(Float.self))
    case (.bfloat16, .float32): ck_f32_from_bf16(n, input(UInt16.self), output(Float.self))
    case (.float32, .float16): ck_16_from_f32(n, 10, input(Float.self), output(UInt16.self))
    case (.float64, .float16): ck_16_from_f64(n, 10, input(Double.self), output(UInt16.self))
    case (.float32, .bfloat16): ck_bf16_from_f32(n, input(Float.self), output(UInt16.self))
    case (.float64, .bfloat16): ck_16_from_f64(n, 7, input(Double.self), output(UInt16.self))
    case (let from, let to):
      require(from == to, "cast: from \(from) to \(to) goes through another type")
      target.update(from: x.assumingMemoryBound(to: To.self), count: n)
    }
    return -1
  }
}

extension NDArray {
  /// The same numbers as `Float`s where they are halves, which have no loops of their own; nil otherwise.
  @inline(__always)
  var halvesAsFloats: NDArray<Float>? { Scalar.elementType.isHalf ? Engine.cast(self, to: Float.self).result : nil }
}
