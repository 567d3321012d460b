import Tensor

/// What networks ported from Caffe want: blue, green, red in 0…255, less their means over ImageNet.
///
/// BN-Inception's published weights do.
public struct CaffeNormalize: Transform {
  /// Mean of red, green and blue over ImageNet, on pixels in 0…255, as Caffe's models use it.
  public static let mean: [Float] = [128, 117, 104]

  private let normalize = Normalize(mean: mean.map { $0 / 255 }, deviation: [1 / 255, 1 / 255, 1 / 255])

  /// Makes the transform.
  public init() {}

  /// Normalises one picture with pixels in 0...1 and turns its channels round; draws nothing from the generator.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    normalize(image, using: &generator).flipped(along: 2)
  }
}
