// What does not exist, with a message for who tries it: so the compiler says what to write instead.

@available(*, unavailable, message: "positions of a tensor are integers: Int, ranges of Int, Tensor<Int>")
extension Double: TensorIndexElement {
  /// Unavailable.
  public static func selection(by tensor: Tensor<Double>) -> AxisSelection { fatalError("unavailable") }
}

@available(*, unavailable, message: "positions of a tensor are integers: Int, ranges of Int, Tensor<Int>")
extension Float: TensorIndexElement {
  /// Unavailable.
  public static func selection(by tensor: Tensor<Float>) -> AxisSelection { fatalError("unavailable") }
}

@available(*, unavailable, message: "bytes are no positions; write mask.cast(to: Bool.self), or cast(to: Int.self)")
extension UInt8: TensorIndexElement {
  /// Unavailable.
  public static func selection(by tensor: Tensor<UInt8>) -> AxisSelection { fatalError("unavailable") }
}

@available(*, unavailable, message: "positions of a tensor are integers; write Int(…)")
extension Double: TensorIndex {
  /// Unavailable.
  public var selection: AxisSelection { fatalError("unavailable") }
}

@available(*, unavailable, message: "positions of a tensor are integers; write Int(…)")
extension Float: TensorIndex {
  /// Unavailable.
  public var selection: AxisSelection { fatalError("unavailable") }
}

@available(*, unavailable, message: "axes of a tensor have no names; write positions, ranges, masks")
extension String: TensorIndex {
  /// Unavailable.
  public var selection: AxisSelection { fatalError("unavailable") }
}

extension Tensor {
  /// Unavailable: here `...` is `.ellipsis`.
  @available(*, unavailable, message: "write .ellipsis for ... in replacing(at:with:)")
  public func replacing(at ellipsis: UnboundedRange, _ places: any TensorIndex..., with values: Tensor) -> Tensor {
    fatalError("unavailable")
  }

  /// Unavailable: element by element it is `.==`.
  @available(*, unavailable, message: "write a .== b for a mask, (a .== b).allTrue or a.allClose(to: b) for one truth")
  public static func == (a: Tensor, b: Tensor) -> Bool { fatalError("unavailable") }
  /// Unavailable: element by element it is `.!=`.
  @available(*, unavailable, message: "write a .!= b for a mask, (a .!= b).anyTrue for one truth")
  public static func != (a: Tensor, b: Tensor) -> Bool { fatalError("unavailable") }
  /// Unavailable: element by element it is `.==`.
  @available(*, unavailable, message: "write a .== b for a mask")
  public static func == (a: Tensor, b: Scalar) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.!=`.
  @available(*, unavailable, message: "write a .!= b for a mask")
  public static func != (a: Tensor, b: Scalar) -> Tensor<Bool> { fatalError("unavailable") }
}

extension Tensor where Scalar: Comparable {
  /// Unavailable: element by element it is `.<`.
  @available(*, unavailable, message: "write a .< b for a mask")
  public static func < (a: Tensor, b: Tensor) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.<`.
  @available(*, unavailable, message: "write a .< b for a mask")
  public static func < (a: Tensor, b: Scalar) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.<`, with the tensor on the left.
  @available(*, unavailable, message: "write b .> a for a mask, the tensor first")
  public static func < (a: Scalar, b: Tensor) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.<=`.
  @available(*, unavailable, message: "write a .<= b for a mask")
  public static func <= (a: Tensor, b: Tensor) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.<=`.
  @available(*, unavailable, message: "write a .<= b for a mask")
  public static func <= (a: Tensor, b: Scalar) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.<=`, with the tensor on the left.
  @available(*, unavailable, message: "write b .>= a for a mask, the tensor first")
  public static func <= (a: Scalar, b: Tensor) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.>`.
  @available(*, unavailable, message: "write a .> b for a mask")
  public static func > (a: Tensor, b: Tensor) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.>`.
  @available(*, unavailable, message: "write a .> b for a mask")
  public static func > (a: Tensor, b: Scalar) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.>`, with the tensor on the left.
  @available(*, unavailable, message: "write b .< a for a mask, the tensor first")
  public static func > (a: Scalar, b: Tensor) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.>=`.
  @available(*, unavailable, message: "write a .>= b for a mask")
  public static func >= (a: Tensor, b: Tensor) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.>=`.
  @available(*, unavailable, message: "write a .>= b for a mask")
  public static func >= (a: Tensor, b: Scalar) -> Tensor<Bool> { fatalError("unavailable") }
  /// Unavailable: element by element it is `.>=`, with the tensor on the left.
  @available(*, unavailable, message: "write b .<= a for a mask, the tensor first")
  public static func >= (a: Scalar, b: Tensor) -> Tensor<Bool> { fatalError("unavailable") }
}

extension Tensor where Scalar == Bool {
  /// Unavailable: element by element it is `.&`.
  @available(*, unavailable, message: "write a .& b for a mask")
  public static func && (a: Tensor, b: Tensor) -> Tensor { fatalError("unavailable") }
  /// Unavailable: element by element it is `.|`.
  @available(*, unavailable, message: "write a .| b for a mask")
  public static func || (a: Tensor, b: Tensor) -> Tensor { fatalError("unavailable") }
  /// Unavailable: element by element it is `.!`.
  @available(*, unavailable, message: "write .!a for a mask")
  public static prefix func ! (a: Tensor) -> Tensor { fatalError("unavailable") }
}
