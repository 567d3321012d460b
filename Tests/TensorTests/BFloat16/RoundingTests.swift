import Testing
import _TestSupport

@testable import Tensor

/// Numbers stored in half the bits.
@Suite struct RoundingTests {
  private func rounded(_ numbers: [Float]) -> [Float] { Tensor(Tensor(numbers).array.narrowed()).scalars }

  /// Every number that has 16 bits is kept, NaN as some NaN.
  @Test func whatHasSixteenBitsIsKept() {
    let all = (0...UInt32(UInt16.max)).map { Float(bitPattern: $0 << 16) }
    for (kept, number) in zip(rounded(all), all) {
      #expect(number.isNaN ? kept.isNaN : kept.bitPattern == number.bitPattern, "\(number)")
    }
  }

  /// To the nearer neighbour, between two to the even one: from above, from below, and beyond the greatest to infinity.
  @Test func theNearestIsTaken() {
    for upper in stride(from: UInt32(0), through: 0xffff, by: 7) {
      let (lower, next) = (Float(bitPattern: upper << 16), Float(bitPattern: (upper + 1) << 16))
      guard lower.isFinite else { continue }
      for rest in [1, 0x7fff, 0x8000, 0x8001, 0xffff] as [UInt32] {
        let number = Float(bitPattern: upper << 16 | rest)
        let isUp = rest > 0x8000 || rest == 0x8000 && upper % 2 == 1
        expectEqual(rounded([number])[0].bitPattern, (isUp ? next : lower).bitPattern, "\(number)")
      }
    }
    expectEqual(rounded([.greatestFiniteMagnitude, -.greatestFiniteMagnitude]), [.infinity, -.infinity])
  }

  /// No NaN turns into infinity, whichever bits it has.
  @Test func nanStays() {
    let all = [0x7f80_0001, 0x7fff_ffff, 0xff80_0001, 0x7f80_8000, 0xffff_ffff].map { Float(bitPattern: $0) }
    for number in rounded(all) { #expect(number.isNaN) }
  }

  /// Denormals are numbers like others in memory.
  @Test func denormalsAreKept() {
    let denormals = [Float(bitPattern: 0x0001_0000), -Float(bitPattern: 0x007f_0000)]
    expectEqual(rounded(denormals), denormals)
  }

  /// Views keep their layout in sense, whatever it is.
  @Test func anyLayoutIsRounded() {
    let plain = Tensor<Float>((0..<24).map { Float($0) * 1.01 }, shape: [2, 3, 4])
    let views = [
      plain, plain.permuted([2, 0, 1]), plain.flipped(along: 1), plain.sliced(along: 2, 1..<3),
      plain.sliced(along: 0, 1..<2),
      plain.sliced(along: 2, 0..<4, by: 3), plain[0..<0],
    ]
    for (index, view) in views.enumerated() {
      let stored = view.array.narrowed()
      #expect(stored.isBFloat16 && stored.shape == view.shape, "\(index)")
      expectEqual(Tensor(stored).scalars, rounded(view.scalars), "\(index)")
    }
    let repeated = Tensor<Float>([1.01, 2.02]).expanded(to: [3, 2]).array.narrowed()
    expectEqual(Tensor(repeated).scalars, rounded([1.01, 2.02, 1.01, 2.02, 1.01, 2.02]))
    expectEqual(repeated.storage.count, 2)
  }

  /// As it is printed, read and counted, such a tensor is one of `Float`s.
  @Test func aTensorIsReadAsEver() {
    let x = Tensor(Tensor<Float>([[1, 2.5], [-3, 4]]).array.narrowed())
    expectEqual("\(x)", "\(Tensor<Float>([[1, 2.5], [-3, 4]]))")
    expectEqual(x[1].scalars, [-3, 4])
    expectEqual(x.sum().item, 4.5)
    expectEqual(x.transposed().scalars, [1, -3, 2.5, 4])
    expectEqual(x.cast(to: Double.self).scalars, [1, 2.5, -3, 4])
    expectEqual(x.cast(to: Int.self).scalars, [1, 2, -3, 4])
  }
}
