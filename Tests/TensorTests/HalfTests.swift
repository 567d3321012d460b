import Tensor
import Testing
import _TestSupport

/// Tensors of `Float16`, held against Swift's own type, and of `BFloat16`.
@Suite struct HalfTests {
  private let patterns = (0...UInt16.max).map { $0 }

  private func agree(_ a: Float, _ b: Float) -> Bool { a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN) }

  private var doubles: [Double] {
    var generator = RandomGenerator(seed: 5)
    let edges = [
      0, -0.0, .nan, .infinity, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1.000001p-25, 2049, 2051, 65519.999, 65520, 0x1p-133,
      0x1p-134,
      0x1.8p-133, 0x1.01p0, 0x1.03p0, 0x1.0100000001p0, 0x1.fep127, 0x1.ffp127, 1e300,
    ]
    return edges + (0..<20000).map { _ in Double(bitPattern: generator.next()) }
      + (0..<20000).map { _ in generator.normal() * 1e-5 } + (0..<20000).map { _ in generator.normal() * 3e4 }
  }

  @Test func everyFloat16IsCastAsSwiftDoes() {
    let wide = Tensor(patterns.map { Float16(bitPattern: $0) }).cast(to: Float.self)
    #expect(zip(wide.scalars, patterns).allSatisfy { agree($0, Float(Float16(bitPattern: $1))) })
    let narrow = Tensor(doubles).cast(to: Float16.self).scalars
    #expect(zip(narrow, doubles).allSatisfy { agree(Float($0), Float(Float16($1))) })
    let floats = doubles.map { Float($0) }
    let fromFloats = Tensor(floats).cast(to: Float16.self).scalars
    #expect(zip(fromFloats, floats).allSatisfy { agree(Float($0), Float(Float16($1))) })
  }

  /// Of the two neighbours the nearer, of two that are as near the even one.
  @Test func bfloat16IsTheNearest() {
    let wide = Tensor(patterns.map { BFloat16(bitPattern: $0) }).cast(to: Float.self)
    #expect(zip(wide.scalars, patterns).allSatisfy { agree($0, Float(bitPattern: UInt32($1) << 16)) })
    for (number, rounded) in zip(doubles, Tensor(doubles).cast(to: BFloat16.self).scalars) where !number.isNaN {
      #expect(agree(Float(rounded), Float(BFloat16(number))))
      guard abs(Float(rounded)) < .infinity else {
        #expect(abs(number) >= 0x1.ffp127)
        continue
      }
      let bits = rounded.bitPattern & 0x7FFF
      let error = abs(abs(number) - Double(Float(BFloat16(bitPattern: bits))))
      for other in [bits == 0 ? 0 : bits - 1, bits + 1] where bits + 1 < 0x7F80 {
        let distance = abs(abs(number) - Double(Float(BFloat16(bitPattern: other))))
        #expect(error < distance || (error == distance && (bits % 2 == 0 || other == bits)), "\(number)")
      }
    }
    let floats = doubles.map { Float($0) }
    let fromFloats = Tensor(floats).cast(to: BFloat16.self).scalars
    #expect(zip(fromFloats, floats).allSatisfy { agree(Float($0), Float(BFloat16($1))) })
    #expect(Float(BFloat16(Double.nan)).isNaN && Float(BFloat16(Float(0x1p-133))) == 0x1p-133)
    let (one, list): (BFloat16, [BFloat16]) = (1, [0.1, -0.0, 3])
    #expect("\(list)" == "[0.100097656, -0.0, 3.0]" && one < list[2] && list[1] == 0)
  }

  @Test func everyPairOfTypesIsCast() {
    let numbers: [Double] = [0, 1, 2, 3, 200]
    func check<From: TensorElement>(_: From.Type) {
      let source = Tensor(numbers).cast(to: From.self)
      let isTruth = From.elementType == .bool
      func to<To: TensorElement>(_: To.Type) {
        let found = source.cast(to: To.self).cast(to: Double.self).scalars
        let expected = isTruth || To.elementType == .bool ? [0, 1, 1, 1, 1] : numbers
        expectEqual(found, expected, "\(From.self) to \(To.self)")
      }
      to(Float16.self); to(BFloat16.self); to(Float.self); to(Double.self)
      to(Int32.self); to(Int.self); to(UInt8.self); to(Bool.self)
    }
    check(Float16.self); check(BFloat16.self); check(Float.self); check(Double.self)
    check(Int32.self); check(Int.self); check(UInt8.self); check(Bool.self)
  }

  /// What moves, compares and orders elements gives what it gives for the same numbers as `Float`.
  @Test func movedComparedAndOrdered() {
    func check<Half: TensorElement & Comparable>(_: Half.Type) {
      let wide = Tensor<Float>([[1, -2, 3], [-0.0, 0.5, -2]])
      let x = wide.cast(to: Half.self)
      func same(_ y: Tensor<Half>, _ z: Tensor<Float>) -> Bool {
        y.shape == z.shape && y.cast(to: Float.self).scalars == z.scalars
      }
      #expect(same(x.transposed(), wide.transposed()) && same(x[..., .range(by: -1)], wide[..., .range(by: -1)]))
      #expect(same(x[[1, 0, 1]], wide[[1, 0, 1]]) && same(x[x .> x[1, 1]], wide[wide .> 0.5]))
      #expect(same(.concatenated([x, x], along: 1), .concatenated([wide, wide], along: 1)))
      #expect(same(.where(wide .> 0, x, x[0, 0]), .where(wide .> 0, wide, Tensor(1))))
      #expect(same(x.replacing(at: 0, [2, 0], with: x[0, 1]), wide.replacing(at: 0, [2, 0], with: wide[0, 1])))
      #expect(same(x.sorted(along: 1), wide.sorted(along: 1)) && same(x.unique().values, wide.unique().values))
      expectEqual((x .== x.flipped(along: 0)).scalars, (wide .== wide.flipped(along: 0)).scalars)
      expectEqual(x.argmax().item, 2)
      expectEqual(x.argmin(along: 1).scalars, [1, 2])
      expectEqual(x.sorted(along: 1)[0].searchSorted(x[1]).scalars, [1, 1, 0])
    }
    check(Float16.self)
    check(BFloat16.self)
    expectEqual((Tensor<Float16>([.nan]) .== Tensor<Float16>([.nan])).scalars, [false])
  }

  @Test func printed() {
    expectEqual("\(Tensor<Float16>([0.1, -2, 65504]))", "[ 9.9976e-02 -2.0000e+00  6.5504e+04]")
    #expect("\(Tensor<Float16>([0.1, -2]))" == "[ 0.1 -2. ]" && "\(Tensor<BFloat16>([0.5, 3]))" == "[0.5 3. ]")
    #expect(
      "\(Tensor<Float16>(0.1))" == "0.1"
        && Tensor<BFloat16>([1]).debugDescription == "Tensor<BFloat16>([1.], shape: [1])")
  }

  @Test func aGradientIsNotLost() async {
    let x = Tensor<Float>([1, 2])
    expectEqual(
      gradient(at: x) { ($0 * $0.detached.cast(to: BFloat16.self).cast(to: Float.self)).sum() }.scalars, [1, 2])
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor<Float>([1])) { $0.cast(to: Float16.self).cast(to: Float.self).sum() }
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("write x.detached.cast(to: Float16.self)"))
  }
}
