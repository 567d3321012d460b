import CKernels

/// In how many bits `Float` tensors are multiplied and stored.
public enum Precision: String, Sendable, CaseIterable {
  /// All 32 bits.
  case float32
  /// The upper 16 bits: the exponent of a `Float` and 8 significant bits, of which one is implied.
  case bfloat16

  /// Whether this processor multiplies numbers of this precision itself.
  ///
  /// For bfloat16 that is AVX512_BF16 (Zen 4, Cooper Lake, Sapphire Rapids and later). Other processors round to the same bits and
  /// multiply in `Float`: that saves memory and takes longer than `Float`.
  public var isAccelerated: Bool { self == .float32 || ck_has_bf16() != 0 }

  /// The precision that the current thread's operations use.
  public static var current: Precision { Engine.storesBFloat16 ? .bfloat16 : .float32 }
}

/// Runs `body` with operations on `Float` tensors in another precision; other element types are computed as ever.
///
/// In `.bfloat16` matrix products, convolutions and cosine similarities round what they multiply to bfloat16 (to nearest, ties to
/// even) and add the products up in `Float`. What products give, and what element-wise functions, batch normalisation, pooling and
/// moves make of it, is stored as bfloat16, and so is what the tape keeps of it: half the memory. All others, such as sums, softmax
/// and cosine similarities, give full `Float`s; so do parameters and their gradients, batch statistics and optimisers. A tensor stays
/// a `Tensor<Float>` whichever way its elements are stored. A function of several tensors gives bfloat16 where one of them is stored
/// so. Attention multiplies what is stored so in `Float`, in cache.
///
/// The walk back follows the tensors: the gradient of what is stored as bfloat16 is stored so on the way, whether `backward()` runs
/// inside or outside; gradients that are asked for arrive in full. Outside, what was stored as bfloat16 is used as the `Float`s that it stands for. So have the network run inside and the
/// loss outside:
///
/// ```swift
/// let loss = optimizer.step {
///   let embeddings = withPrecision(.bfloat16) { network(images) }
///   return loss(embeddings, labels)
/// }
/// ```
///
/// Infinities and NaN stay what they are. Denormals (below 1.2 · 10⁻³⁸) are kept in memory, but count as 0 in products where the
/// processor multiplies bfloat16 itself. Calls nest; the innermost counts.
public func withPrecision<Result, Failure: Error>(
  _ precision: Precision, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  try Engine.with(precision == .bfloat16 ? .everything : .nothing, body)
}

extension Engine {
  /// What the current thread's operations do with bfloat16.
  enum Narrowing: Int32 {
    /// Nothing: numbers stored so are read as full ones.
    case nothing
    /// Products of two that are stored so multiply them as they are, and give full floats: gradients of full tensors.
    case operands
    /// Products round their operands, and results are stored so.
    case everything
  }

  @inline(__always)
  static var narrowing: Narrowing {
    get { Narrowing(rawValue: ck_precision())! }
    set { ck_set_precision(newValue.rawValue) }
  }

  /// Whether results of what was stored as bfloat16 are stored so.
  @inline(__always)
  static var storesBFloat16: Bool { ck_precision() == Narrowing.everything.rawValue }

  static func with<Result, Failure: Error>(
    _ narrowing: Narrowing, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = self.narrowing
    self.narrowing = narrowing
    defer { self.narrowing = before }
    return try body()
  }

  /// Whether a product of two arrays multiplies bfloat16.
  @inline(__always)
  static func narrows<Scalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> Bool {
    guard Scalar.self == Float.self else { return false }
    switch narrowing {
    case .nothing: return false
    case .operands: return a.isBFloat16 && b.isBFloat16
    case .everything: return true
    }
  }
}
