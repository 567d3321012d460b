import Tensor

/// The weights by which the pixels of a line become others: each of these is a weighted sum of `taps` neighbours.
///
/// A triangle (bilinear) filter around the centre of each output pixel, as wide as an output pixel when that is larger
/// than an input pixel, which averages instead of skipping pixels ("antialias" elsewhere), normalised at the borders.
struct LineFilter {
  /// The input pixels that some output pixel is made of.
  let source: Range<Int>
  /// Neighbours that an output pixel is made of.
  let taps: Int
  /// For each output pixel, its first neighbour, counted from the start of `source`.
  let firsts: [Int]
  /// [outputs, taps], row by row; rows sum to 1.
  let weights: [Float]

  /// - Parameters:
  ///   - input: pixels in the line.
  ///   - output: pixels it becomes.
  ///   - window: the output pixels that are wanted, at least one.
  init(from input: Int, to output: Int, window: Range<Int>) {
    let scale = Double(input) / Double(output)
    let radius = max(scale, 1)
    let taps = min(Int((2 * radius).rounded(.up)), input)
    // Pixel j lies at j + 0.5.
    let centers = window.map { (Double($0) + 0.5) * scale }
    let firsts = centers.map { min(max(Int(($0 - radius - 0.5).rounded(.down)) + 1, 0), input - taps) }
    var weights: [Float] = []
    weights.reserveCapacity(window.count * taps)
    for (center, first) in zip(centers, firsts) {
      let triangle = (first..<first + taps).map { tap -> Double in
        let distance = abs(Double(tap) + 0.5 - center)
        return max(1 - distance / radius, 0)
      }
      let sum = triangle.reduce(0, +)
      weights += triangle.map { Float($0 / sum) }
    }
    source = firsts[0]..<firsts[firsts.count - 1] + taps
    self.taps = taps
    self.firsts = firsts.map { $0 - firsts[0] }
    self.weights = weights
  }
}
