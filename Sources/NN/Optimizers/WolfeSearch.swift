import Tensor

/// A loss at a place on a line of parameters.
struct LinePoint<Scalar: TensorScalar> {
  let length: Double
  let value: Double
  let gradient: Tensor<Scalar>
  /// The derivative along the line.
  let slope: Double
}

/// A point on a line that meets the strong Wolfe conditions, and how many were looked at; the best one found where `limit` is reached.
///
/// Nocedal and Wright, algorithms 3.5 and 3.6, with PyTorch's constants: first points further and further out until they bracket one,
/// then points between the bracket's ends. `tolerance` is a length that counts for nothing.
func wolfePoint<Scalar: TensorScalar>(
  from origin: LinePoint<Scalar>, length: Double, tolerance: Double, limit: Int,
  _ point: (Double) throws -> LinePoint<Scalar>
) rethrows -> (LinePoint<Scalar>, evaluations: Int) {
  func isTooHigh(_ point: LinePoint<Scalar>) -> Bool { point.value > origin.value + 1e-4 * point.length * origin.slope }
  func isFlat(_ point: LinePoint<Scalar>) -> Bool { abs(point.slope) <= -0.9 * origin.slope }

  var (before, now) = (origin, try point(length))
  var (evaluations, rounds) = (1, 0)
  var bracket: (LinePoint<Scalar>, LinePoint<Scalar>)?
  while rounds < limit {
    if isTooHigh(now) || rounds > 1 && now.value >= before.value {
      bracket = (before, now)
      break
    }
    if isFlat(now) { return (now, evaluations) }
    if now.slope >= 0 {
      bracket = (before, now)
      break
    }
    let nearest = now.length + 0.01 * (now.length - before.length)
    let next = cubicMinimum(before, now, in: nearest, now.length * 10)
    (before, now) = (now, try point(next))
    evaluations += 1
    rounds += 1
  }
  var (first, second) = bracket ?? (origin, now)
  var firstIsLow = first.value <= second.value
  var wasSlow = false
  while rounds < limit, abs(second.length - first.length) >= tolerance {
    let (least, most) = (min(first.length, second.length), max(first.length, second.length))
    var next = cubicMinimum(first, second, in: least, most)
    // Near to an end twice, or on it: a tenth of the bracket inwards.
    let margin = 0.1 * (most - least)
    if min(most - next, next - least) < margin {
      if wasSlow || next >= most || next <= least {
        next = abs(next - most) < abs(next - least) ? most - margin : least + margin
        wasSlow = false
      } else {
        wasSlow = true
      }
    } else {
      wasSlow = false
    }
    let new = try point(next)
    evaluations += 1
    rounds += 1
    let (low, high) = firstIsLow ? (first, second) : (second, first)
    if isTooHigh(new) || new.value >= low.value {
      if firstIsLow { second = new } else { first = new }
      firstIsLow = first.value <= second.value
    } else {
      if isFlat(new) { return (new, evaluations) }
      if new.slope * (high.length - low.length) >= 0 {
        if firstIsLow { second = low } else { first = low }
      }
      if firstIsLow { first = new } else { second = new }
    }
  }
  return (firstIsLow ? first : second, evaluations)
}

/// Where a cubic with the values and slopes of two points is least, within bounds.
private func cubicMinimum<Scalar>(
  _ a: LinePoint<Scalar>, _ b: LinePoint<Scalar>, in least: Double, _ most: Double
) -> Double {
  let (a, b) = a.length <= b.length ? (a, b) : (b, a)
  let middle = a.slope + b.slope - 3 * (a.value - b.value) / (a.length - b.length)
  let square = middle * middle - a.slope * b.slope
  guard square >= 0 else { return (least + most) / 2 }
  let root = square.squareRoot()
  let minimum = b.length - (b.length - a.length) * ((b.slope + root - middle) / (b.slope - a.slope + 2 * root))
  return min(max(minimum, least), most)
}
