import CPixels
import Foundation
import Tensor

/// An affine map of a picture onto itself; each pixel gets the value of the nearest, or `fill` where there is none.
struct Warp: Equatable {
  /// Where a pixel's value comes from: two rows of three, of coordinates (x, y, 1) in pixels from the middle, y downwards.
  let matrix: [Double]

  /// Turns the picture counterclockwise around its middle, by degrees.
  static func rotation(_ degrees: Double) -> Warp {
    let (cosine, sine) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    return Warp(matrix: [cosine, -sine, 0, sine, cosine, 0])
  }

  /// Moves the picture to the right and down, by pixels.
  static func translation(right: Int, down: Int) -> Warp {
    Warp(matrix: [1, 0, -Double(right), 0, 1, -Double(down)])
  }

  /// Moves each row to the left by `shear` times its distance from the upper edge of a picture of this height.
  static func horizontalShear(_ shear: Double, height: Int) -> Warp {
    Warp(matrix: [1, shear, shear * Double(height) / 2, 0, 1, 0])
  }

  /// Moves each column up by `shear` times its distance from the left edge of a picture of this width.
  static func verticalShear(_ shear: Double, width: Int) -> Warp {
    Warp(matrix: [1, 0, 0, shear, 1, shear * Double(width) / 2])
  }

  /// The moved picture, of the same size; `image` is [height, width, 3].
  func callAsFunction(_ image: Tensor<Float>, fill: Float = 0) -> Tensor<Float> {
    Tensor(shape: image.shape) { result in
      image.withUnsafeScalars {
        ck_warp(image.shape[0], image.shape[1], matrix, fill, $0.baseAddress!, result.baseAddress!)
      }
    }
  }
}
