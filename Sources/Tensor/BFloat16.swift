import CKernels

/// A number of 16 bits, the upper half of a `Float`: its range, with 8 significant bits.
///
/// For files; to compute in it, see `withPrecision(_:_:)`.
public struct BFloat16: Sendable {
  /// Sign, 8 bits of exponent, 7 of fraction.
  public var bitPattern: UInt16

  /// The number that some bits mean.
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest to a number; of two that are as near, the one whose last bit is 0; ±∞ for what is too large.
  public init(_ number: Double) {
    bitPattern = 0
    withUnsafePointer(to: number) { ck_16_from_f64(1, 7, $0, &bitPattern) }
  }

  /// The nearest to a number; of two that are as near, the one whose last bit is 0.
  public init(_ number: Float) { self.init(Double(number)) }
}

extension Float {
  /// The same number.
  public init(_ number: BFloat16) { self.init(bitPattern: UInt32(number.bitPattern) << 16) }
}

extension BFloat16: Comparable {
  /// Whether two numbers are equal; NaN is not, and 0 is −0.
  public static func == (a: BFloat16, b: BFloat16) -> Bool { Float(a) == Float(b) }
  /// Whether the left number is smaller.
  public static func < (a: BFloat16, b: BFloat16) -> Bool { Float(a) < Float(b) }
}

extension BFloat16: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The nearest to a number written with a decimal point.
  public init(floatLiteral value: Double) { self.init(value) }
  /// The nearest to a number written without one.
  public init(integerLiteral value: Int) { self.init(Double(value)) }
  /// As the `Float` of the same value is written.
  public var description: String { "\(Float(self))" }
}
