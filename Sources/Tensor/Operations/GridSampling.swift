/// What `sampled(at:)` sees outside the pixels' centres.
public enum GridPadding: Sendable {
  /// Zeros.
  case zeros
  /// The nearest pixel.
  case border
}

extension Tensor where Scalar: TensorScalar {
  /// Channels-last images seen at any places, linearly between pixels: `[batch, height, width, channels]` and places
  /// `[batch, outHeight, outWidth, 2]` give `[batch, outHeight, outWidth, channels]`.
  ///
  /// A place is x, then y; −1 is the left and the upper edge of the image, 1 the right and the lower one, or with `alignsCorners` the
  /// centres of the outermost pixels. Gradients go to images and places. PyTorch's `grid_sample`, bilinear. NaN at a place that is NaN.
  /// Traps where the shapes do not fit.
  public func sampled(
    at places: Tensor, padding: GridPadding = .zeros, alignsCorners: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(
      rank == 4 && places.rank == 4 && places.shape[0] == shape[0] && places.shape[3] == 2 && shape[1] > 0
        && shape[2] > 0,
      "sampled: images \(shape) [batch, height, width, channels] do not fit places \(places.shape) [batch, outHeight, outWidth, 2]",
      file: file, line: line)
    let (height, width) = (shape[1], shape[2])
    func neighbours(_ coordinate: Int, _ size: Int) -> [Neighbour] {
      let place = places.select(along: 3, coordinate) + 1
      let scale = Scalar(alignsCorners ? size - 1 : size) / 2
      let exact = place * scale - (alignsCorners ? 0 : 0.5)
      return Neighbour.pair(padding == .border ? exact.clamped(to: 0...Scalar(size - 1)) : exact, size)
    }
    let pixels = reshaped([shape[0] * height * width, shape[3]])
    let first = Tensor<Int>.range(shape[0]).reshaped([shape[0], 1, 1]) * (height * width)
    let parts = neighbours(1, height).flatMap { row in
      neighbours(0, width).map { column in
        let weight = (row.weight * column.weight).unsqueezed(3)
        let isInside = (row.isInside .& column.isInside).unsqueezed(3)
        let pixel = pixels.take(first + row.position * width + column.position)
        return Tensor.where(isInside, pixel, Tensor(0)) * weight
      }
    }
    return parts[0] + parts[1] + parts[2] + parts[3]
  }

  /// One of the two pixels around a place along an axis.
  private struct Neighbour {
    let position: Tensor<Int>
    let weight: Tensor
    let isInside: Tensor<Bool>

    static func pair(_ place: Tensor, _ size: Int) -> [Neighbour] {
      let low = floor(place.detached)
      let share = place - low
      return [(low, 1 - share), (low + 1, share)].map { pixel, weight in
        let isInside = (pixel .>= Tensor(0)) .& (pixel .<= Tensor(Scalar(size - 1)))
        let position = pixel.replacing(with: 0, where: .!isInside).cast(to: Int.self)
        return Neighbour(position: position, weight: weight, isInside: isInside)
      }
    }
  }
}
