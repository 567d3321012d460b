import CPixels
import Tensor

/// Resizes pictures, first along the columns of pixels, then along the rows.
enum Resampling {
  /// A picture resized to `height` × `width`, of which only `rows` and `columns` are computed.
  ///
  /// Traps where it has another number of channels or no pixels.
  ///
  /// - Parameter image: [h, w, 3].
  /// - Returns: [rows.count, columns.count, 3].
  static func resize(
    _ image: Tensor<Float>, height: Int, width: Int, rows: Range<Int>, columns: Range<Int>
  ) -> Tensor<Float> {
    require(
      image.rank == 3 && image.shape[2] == 3 && image.count > 0, "resizing: \(image.shape) is no [height, width, 3]")
    let down = LineFilter(from: image.shape[0], to: height, window: rows)
    let across = LineFilter(from: image.shape[1], to: width, window: columns)
    let source = image.sliced(along: 0, down.source).sliced(along: 1, across.source)
    let line = across.source.count
    let shortened = Tensor<Float>(shape: [rows.count, line, 3]) { result in
      source.withUnsafeScalars { pixels in
        down.withKernel { ck_resample_rows($0, line * 3, pixels.baseAddress!, result.baseAddress!) }
      }
    }
    return Tensor(shape: [rows.count, columns.count, 3]) { result in
      shortened.withUnsafeScalars { pixels in
        across.withKernel { ck_resample_columns($0, rows.count, line, pixels.baseAddress!, result.baseAddress!) }
      }
    }
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

extension LineFilter {
  /// Calls `body` with the filter as the loops in C take it.
  fileprivate func withKernel(_ body: (UnsafePointer<ck_line_filter>) -> Void) {
    firsts.withUnsafeBufferPointer { firsts in
      weights.withUnsafeBufferPointer { weights in
        var filter = ck_line_filter(
          count: firsts.count, taps: taps, first: firsts.baseAddress!, weights: weights.baseAddress!)
        body(&filter)
      }
    }
  }
}
