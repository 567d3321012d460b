import Models
import NN
import Tensor

// snippet: custom-backbone
/// Squares of 8 × 8 pixels, looked at one by one: their average and their maximum make the embedding.
final class PatchNetwork: Backbone {
  typealias Scalar = Float

  private let patches: Conv2D<Float>
  private let norm = BatchNorm<Float>(64)
  private let head: EmbeddingHead<Float>

  init(embedding dimensions: Int, using generator: inout RandomGenerator) {
    patches = Conv2D(3, 64, kernel: 8, stride: 8, using: &generator)
    head = EmbeddingHead(64, dimensions: dimensions, using: &generator)
  }

  static var classifierPrefix: String { "classifier." }  // nobody has published weights with one
  var bodyParts: [[String]] { [["patches.", "norm."]] }

  func callAsFunction(_ pictures: Tensor<Float>) -> Tensor<Float> { head(relu(norm(patches(pictures)))) }
}
// end snippet
