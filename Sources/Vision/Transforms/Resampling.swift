import Tensor

/// Resizes pictures by two matrix products, rows first, then columns.
///
/// Each result row is a weighted sum of picture rows, so that all of them are `weights · picture`, and columns likewise.
/// No loop over pixels runs in Swift: debug builds resize nearly as fast as release builds.
enum Resampling {
  /// The weights by which `input` pixels in a line become `output` pixels.
  ///
  /// A triangle (bilinear) filter around the centre of each output pixel, as wide as an output pixel when that is larger
  /// than an input pixel, which averages instead of skipping pixels ("antialias" elsewhere), normalised at the borders.
  ///
  /// - Parameters:
  ///   - input: pixels in the line.
  ///   - output: pixels it becomes.
  ///   - window: the output pixels that are wanted.
  /// - Returns: [window.count, input], rows sum to 1.
  static func weights(from input: Int, to output: Int, window: Range<Int>) -> Tensor<Float> {
    let scale = Double(input) / Double(output)
    let radius = max(scale, 1)
    // In units of the filter's radius.
    let first = (Double(window.lowerBound) + 0.5) * scale
    let centers = points(from: first / radius, step: scale / radius, count: window.count)
    let positions = points(from: 0.5 / radius, step: 1 / radius, count: input)
    let distances = abs(centers.unsqueezed(1) - positions)
    let triangle = relu(1 - distances)
    return (triangle / triangle.sum(along: 1, keepsAxes: true)).cast(to: Float.self)
  }

  private static func points(from first: Double, step: Double, count: Int) -> Tensor<Double> {
    Tensor((0..<count).map { first + step * Double($0) })
  }

  /// A picture resized to `height` × `width`, of which only `rows` and `columns` are computed.
  ///
  /// - Parameter image: [h, w, channels].
  /// - Returns: [rows.count, columns.count, channels].
  static func resize(
    _ image: Tensor<Float>, height: Int, width: Int, rows: Range<Int>, columns: Range<Int>
  ) -> Tensor<Float> {
    let (h, w, channels) = (image.shape[0], image.shape[1], image.shape[2])
    let down = weights(from: h, to: height, window: rows)
    let across = weights(from: w, to: width, window: columns)
    let shortened = down.matmul(image.reshaped([h, w * channels]))
    let lines = shortened.reshaped([rows.count, w, channels]).permuted([0, 2, 1]).reshaped([-1, w])
    let resized = lines.matmul(across.transposed())
    return resized.reshaped([rows.count, channels, columns.count]).permuted([0, 2, 1])
  }

  /// A picture resized to `height` × `width`.
  static func resize(_ image: Tensor<Float>, height: Int, width: Int) -> Tensor<Float> {
    resize(image, height: height, width: width, rows: 0..<height, columns: 0..<width)
  }

  /// Height and width after the shorter side became `shorterSide`; the longer one is rounded down, as elsewhere.
  static func size(of image: Tensor<Float>, shorterSide: Int) -> (height: Int, width: Int) {
    let (height, width) = (image.shape[0], image.shape[1])
    return height <= width
      ? (shorterSide, shorterSide * width / height) : (shorterSide * height / width, shorterSide)
  }

  /// The part of `0..<length` that a centre crop of `size` keeps.
  static func centered(_ size: Int, in length: Int) -> Range<Int> {
    let start = Int((Double(length - size) / 2).rounded(.toNearestOrEven))
    return start..<start + size
  }
}
