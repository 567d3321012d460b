// Discrete Fourier transforms, with PyTorch's names and its default scaling: the inverse is divided by the number of elements.
// Complex numbers are pairs along the last axis, real part first; axes are counted without it.
extension Tensor where Scalar: TensorScalar {
  /// The transform of complex numbers along an axis: `[…, n, 2]` to the same shape; `X[k] = Σ x[t] exp(−2πi kt / n)`.
  ///
  /// For any `n`; computed in double precision. Traps unless the last axis has two elements, and for an axis that does not
  /// exist or is empty.
  public func fft(along axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    transformed("fft", [axis], isInverse: false, file, line)
  }

  /// The inverse of `fft`: `x[t] = Σ X[k] exp(2πi kt / n) / n`; traps as `fft` does.
  public func ifft(along axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    transformed("ifft", [axis], isInverse: true, file, line)
  }

  /// The transform of complex numbers along the last two axes: `[…, height, width, 2]` to the same shape; traps as `fft` does.
  public func fft2(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    transformed("fft2", [-1, -2], isInverse: false, file, line)
  }

  /// The inverse of `fft2`; traps as `fft` does.
  public func ifft2(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    transformed("ifft2", [-1, -2], isInverse: true, file, line)
  }

  /// The first half of the transform of real numbers, which says all of it: `[…, n]` to `[…, n / 2 + 1, 2]`.
  ///
  /// By a transform of complex numbers, in its time. Traps for an empty last axis, and without axes.
  public func rfft(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(rank >= 1, "rfft: a single number has no axis", file: file, line: line)
    return paired.transformed("rfft", [-1], isInverse: false, file, line).halved
  }

  /// The real numbers of which `rfft` gives this: `[…, count / 2 + 1, 2]` to `[…, count]`.
  ///
  /// `count` is even unless given. The imaginary parts of the first element, and for an even count of the last, count for nothing.
  /// Traps where the shape does not fit the count.
  public func irfft(count: Int? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    whole("irfft", count, file, line).transformed("irfft", [-1], isInverse: true, file, line).select(along: -1, 0)
  }

  /// The left half of the transform of real images: `[…, height, width]` to `[…, height, width / 2 + 1, 2]`; traps as `rfft` does.
  public func rfft2(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(rank >= 2, "rfft2: \(shape) has no two axes", file: file, line: line)
    return paired.transformed("rfft2", [-1], isInverse: false, file, line).halved
      .transformed("rfft2", [-2], isInverse: false, file, line)
  }

  /// The real images of which `rfft2` gives this: `[…, height, width / 2 + 1, 2]` to `[…, height, width]`; traps as `irfft` does.
  public func irfft2(width: Int? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    transformed("irfft2", [-2], isInverse: true, file, line).whole("irfft2", width, file, line)
      .transformed("irfft2", [-1], isInverse: true, file, line).select(along: -1, 0)
  }

  /// Transforms along some axes, one after another, and divides by their sizes for the inverse.
  private func transformed(
    _ name: StaticString, _ axes: [Int], isInverse: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    requirePairs(name, file, line)
    let numbers = Array(shape.dropLast())
    return axes.reduce(self) { x, axis in
      require(
        (-numbers.count..<numbers.count).contains(axis) && numbers[counted(axis, numbers.count)] > 0,
        "\(name): nothing to transform along axis \(axis) of the complex numbers \(numbers)", file: file, line: line)
      let axis = counted(axis, numbers.count)
      let sums = x.movingAxis(axis, to: x.rank - 2).fourierSums(isInverse: isInverse).movingAxis(x.rank - 2, to: axis)
      return isInverse ? sums / Scalar(numbers[axis]) : sums
    }
  }

  /// Along the last axis but one; the adjoint of one direction is the other.
  private func fourierSums(isInverse: Bool) -> Tensor {
    Tensor(Engine.fourier(array, isInverse: isInverse)).recorded(
      "fourier", (self, { g in g.fourierSums(isInverse: !isInverse) }))
  }

  private func requirePairs(_ name: StaticString, _ file: StaticString, _ line: UInt) {
    require(
      rank >= 2 && shape[rank - 1] == 2, "\(name): complex numbers are [..., 2], real and imaginary part, not \(shape)",
      file: file, line: line)
  }

  /// Real numbers as complex ones.
  private var paired: Tensor { .stacked([self, .zeros(shape)], along: rank) }

  /// The frequencies of which the others are the conjugates.
  private var halved: Tensor { sliced(along: -2, 0..<shape[rank - 2] / 2 + 1) }

  /// All frequencies, from those of `halved`.
  private func whole(_ name: StaticString, _ count: Int?, _ file: StaticString, _ line: UInt) -> Tensor {
    requirePairs(name, file, line)
    let size = shape[rank - 2]
    let count = count ?? 2 * (size - 1)
    require(
      count >= 1 && count / 2 + 1 == size, "\(name): \(shape) is no half of the transform of \(count) real numbers",
      file: file, line: line)
    let others = self[..., .range(from: count - size, to: 0, by: -1), .all] * Tensor([1, -1])
    return .concatenated([self, others], along: -2)
  }
}
