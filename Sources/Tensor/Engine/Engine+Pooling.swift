import CKernels

/// Windows over images with everything but the numbers.
struct Pooling2D: Sendable {
  /// `[batch, height, width, channels]`.
  let input: [Int]
  /// `[batch, outHeight, outWidth, channels]`.
  let output: [Int]
  let size: Int
  let stride: Int
  let padding: Int

  init(input: [Int], size: Int, stride: Int, padding: Int) {
    (self.input, self.size, self.stride, self.padding) = (input, size, stride, padding)
    output = [
      input[0], (input[1] + 2 * padding - size) / stride + 1, (input[2] + 2 * padding - size) / stride + 1, input[3],
    ]
  }
}

extension Engine {
  /// The greatest element in each window of channels-last images.
  static func maxPool<Scalar: TensorScalar>(_ x: NDArray<Scalar>, _ pooling: Pooling2D) -> NDArray<Scalar> {
    let images = storesBFloat16 ? x.rowMajor() : x.contiguous()
    let result: NDArray<Scalar> =
      images.isBFloat16 ? NDArray(uninitializedBFloat16: pooling.output) : NDArray(uninitialized: pooling.output)
    pooling.forEachImage { window, first, last, inputStart, outputStart in
      ck_max_pool(
        images.element, window, first, last, images.address(inputStart),
        result.address(outputStart + first * window.pointee.channels))
    }
    withExtendedLifetime(images) {}
    return result
  }

  /// Each window's element of `g` shared out equally between the places of its maximum, in the images' shape.
  static func maxPoolShares<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, images: NDArray<Scalar>, maxima: NDArray<Scalar>, _ pooling: Pooling2D
  ) -> NDArray<Scalar> {
    let images = storesBFloat16 ? images.rowMajor() : images.contiguous()
    let (maxima, gradient) = (maxima.rowMajor(as: images), g.rowMajor(as: images))
    let result: NDArray<Scalar> = zeros(pooling.input)
    let target = result.target
    // Windows overlap, so that an image is one thread's.
    pooling.forEachImage(splitsImages: false) { window, first, last, inputStart, outputStart in
      ck_max_pool_share(
        images.element, window, first, last, images.address(inputStart), maxima.address(outputStart),
        gradient.address(outputStart), target + inputStart, nil, nil)
    }
    withExtendedLifetime((gradient, images, maxima)) {}
    return result
  }

  /// The mean of `h`, which has the images' shape, over the places of each window's maximum.
  static func maxPoolMeans<Scalar: TensorScalar>(
    _ h: NDArray<Scalar>, images: NDArray<Scalar>, maxima: NDArray<Scalar>, _ pooling: Pooling2D
  ) -> NDArray<Scalar> {
    let images = storesBFloat16 ? images.rowMajor() : images.contiguous()
    let (maxima, values) = (maxima.rowMajor(as: images), h.rowMajor(as: images))
    let result = maxima.uninitializedLike()
    pooling.forEachImage { window, first, last, inputStart, outputStart in
      ck_max_pool_share(
        images.element, window, first, last, images.address(inputStart), maxima.address(outputStart), nil, nil,
        values.address(inputStart), result.address(outputStart))
    }
    withExtendedLifetime((values, images, maxima)) {}
    return result
  }
}

extension Pooling2D {
  /// Calls `body` with output positions of one image, and where the image and its output begin.
  fileprivate func forEachImage(
    splitsImages: Bool = true, _ body: (UnsafePointer<ck_window>, Int, Int, Int, Int) -> Void
  ) {
    let window = ck_window(
      height: input[1], width: input[2], channels: input[3], pixel: input[3], kernel_height: size, kernel_width: size,
      stride: stride, padding: padding, dilation: 1, out_height: output[1], out_width: output[2])
    let positions = output[1] * output[2]
    let (inputSize, outputSize) = (input[1] * input[2] * input[3], positions * output[3])
    func run(_ images: Range<Int>, _ part: Range<Int>) {
      withUnsafePointer(to: window) { window in
        for image in images { body(window, part.lowerBound, part.upperBound, image * inputSize, image * outputSize) }
      }
    }
    if splitsImages && input[0] < Threads.count {
      parallel(positions, grain: elementGrain / max(input[3], 1) + 1) { run(0..<input[0], $0) }
    } else {
      parallel(input[0], grain: elementGrain / max(inputSize, 1) + 1) { run($0, 0..<positions) }
    }
  }
}
