import Foundation

/// Complex numbers: their real parts, and behind them their imaginary parts, as many.
typealias SplitComplex = UnsafeMutablePointer<Double>

/// A discrete Fourier transform of one length, in double precision.
///
/// Stockham's form of Cooley and Tukey's algorithm for the prime factors of the length; where one is large, Bluestein's, which makes
/// the transform a convolution and that a transform of a power of two.
struct FourierPlan: Sendable {
  let count: Int
  private let factors: [Int]
  /// `exp(−2πi k / count)`.
  private let roots: [Double]
  private let chirp: Chirp?

  init(count: Int) {
    let factors = primeFactors(count)
    let isSmooth = (factors.max() ?? 1) <= 31
    (self.count, self.factors) = (count, isSmooth ? factors : [])
    roots = isSmooth ? unitCircle(Array(0..<count), of: count) : []
    chirp = isSmooth ? nil : Chirp(count: count)
  }

  /// How many numbers of scratch memory `transform` needs.
  var scratchCount: Int { chirp?.scratchCount ?? 2 * count }

  /// Replaces numbers by their transform, not scaled.
  func transform(_ x: SplitComplex, scratch: SplitComplex) {
    if let chirp { return chirp.transform(x, scratch: scratch) }
    var (source, target, done) = (x, scratch, 1)
    for factor in factors {
      step(source, target, done: done, factor)
      swap(&source, &target)
      done *= factor
    }
    if source != x { x.update(from: source, count: 2 * count) }
  }

  /// From the transforms of `done` numbers each, which start at every offset, those of `factor` times as many.
  private func step(_ x: SplitComplex, _ y: SplitComplex, done: Int, _ factor: Int) {
    let (whole, rest) = (done * factor, count / (done * factor))
    let (xImaginary, yImaginary) = (x + count, y + count)
    for frequency in 0..<whole {
      let (source, target) = (frequency % done * factor * rest, frequency * rest)
      for offset in 0..<rest { (y[target + offset], yImaginary[target + offset]) = (0, 0) }
      for part in 0..<factor {
        let root = frequency * part % whole * rest
        let (cosine, sine) = (roots[root], roots[count + root])
        let from = source + part * rest
        for offset in 0..<rest {
          let (real, imaginary) = (x[from + offset], xImaginary[from + offset])
          y[target + offset] += real * cosine - imaginary * sine
          yImaginary[target + offset] += real * sine + imaginary * cosine
        }
      }
    }
  }
}

/// Bluestein's transform: with `kt = (k² + t² − (k − t)²) / 2` it is a convolution with a chirp.
private final class Chirp: Sendable {
  private let count: Int
  private let plan: FourierPlan
  /// `exp(−πi k² / count)`.
  private let chirp: [Double]
  /// The transform of the conjugate chirp, which goes on to the left of 0, divided by its length.
  private let filter: Buffer<Double>

  init(count: Int) {
    let length = 1 << (Int.bitWidth - (2 * count - 2).leadingZeroBitCount)
    let plan = FourierPlan(count: length)
    // k² modulo 2 · count, so that the angle has all its digits.
    let chirp = unitCircle((0..<count).map { $0 * $0 % (2 * count) }, of: 2 * count)
    let memory = Buffer<Double>(count: 2 * length)
    let filter = memory.pointer
    filter.update(repeating: 0, count: memory.count)
    for k in 0..<count {
      for place in [k, (length - k) % length] {
        (filter[place], filter[length + place]) = (chirp[k] / Double(length), -chirp[count + k] / Double(length))
      }
    }
    let scratch = Buffer<Double>(count: plan.scratchCount)
    plan.transform(filter, scratch: scratch.pointer)
    (self.count, self.plan, self.chirp, self.filter) = (count, plan, chirp, memory)
  }

  var scratchCount: Int { 2 * plan.count + plan.scratchCount }

  func transform(_ x: SplitComplex, scratch: SplitComplex) {
    let (length, filter) = (plan.count, filter.pointer)
    let (y, rest) = (scratch, scratch + 2 * length)
    y.update(repeating: 0, count: 2 * length)
    for k in 0..<count {
      (y[k], y[length + k]) = multiplied((x[k], x[count + k]), (chirp[k], chirp[count + k]))
    }
    plan.transform(y, scratch: rest)
    // The transform of the conjugate is the inverse, conjugated.
    for k in 0..<length {
      (y[k], y[length + k]) = multiplied((y[k], y[length + k]), (filter[k], filter[length + k]))
      y[length + k].negate()
    }
    plan.transform(y, scratch: rest)
    for k in 0..<count {
      (x[k], x[count + k]) = multiplied((y[k], -y[length + k]), (chirp[k], chirp[count + k]))
    }
  }
}

private func multiplied(_ a: (Double, Double), _ b: (Double, Double)) -> (Double, Double) {
  (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// `exp(−2πi k / count)` for some `k`, the real parts first; exact at the quarters of a turn.
private func unitCircle(_ positions: [Int], of count: Int) -> [Double] {
  let points = positions.map { k -> (Double, Double) in
    let quarter = (4 * k + count / 2) / count
    let angle = 2 * Double.pi * Double(4 * k - quarter * count) / Double(4 * count)
    let (x, y) = (cos(angle), -sin(angle))
    return switch quarter % 4 {
    case 0: (x, y)
    case 1: (y, -x)
    case 2: (-x, -y)
    default: (-y, x)
    }
  }
  return points.map(\.0) + points.map(\.1)
}

private func primeFactors(_ number: Int) -> [Int] {
  var (rest, factor, factors) = (number, 2, [Int]())
  while factor * factor <= rest {
    if rest % factor == 0 {
      factors.append(factor)
      rest /= factor
    } else {
      factor += 1
    }
  }
  return rest > 1 ? factors + [rest] : factors
}
