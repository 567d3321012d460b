import NN
import Tensor

/// A training step of the network of Examples/digits, by AdamW: images of 14 × 14, two convolutions, batch normalisation; sizes are batches.
let classifierStep = Benchmark("classifier-step", sizes: [50, 256]) { batch in
  var generator = RandomGenerator(seed: 1)
  let model = Sequential<Float> {
    Conv2D(1, 8, kernel: 3, padding: .same, using: &generator)
    BatchNorm(8)
    ReLU()
    MaxPool2D(2)
    Conv2D(8, 16, kernel: 3, padding: .same, using: &generator)
    BatchNorm(16)
    ReLU()
    Flatten()
    Linear(7 * 7 * 16, 10, using: &generator)
  }
  let optimizer = AdamW(model.parameters, learningRate: 3e-3)
  let images = Tensor<Float>.normal([batch, 14, 14, 1], using: &generator)
  let labels = Labels((0..<batch).map { $0 % 10 })
  return Work { keep(optimizer.step { crossEntropy(model(images), labels) }) }
}

/// A training step of the network of Examples/grammar-transformer, by AdamW: 2 layers of 32 dimensions and 4 heads, of 12 words each; sizes are
/// batches.
let transformerStep = Benchmark("transformer-step", sizes: [64, 512]) { batch in
  var generator = RandomGenerator(seed: 1)
  let (words, length) = (20, 12)
  let options = TransformerOptions<Float>(feedforward: 64, dropout: 0, normFirst: true, batchFirst: true)
  let model = LanguageModel(
    words: Embedding(words, dimensions: 32, using: &generator),
    places: Embedding(length, dimensions: 32, using: &generator),
    encoder: TransformerEncoder(32, heads: 4, depth: 2, options: options, normLast: true, using: &generator),
    output: Linear(32, words, using: &generator))
  let optimizer = AdamW(model.parameters, learningRate: 3e-3)
  let texts = Labels.uniform([batch, length + 1], in: 0..<words, using: &generator)
  let (input, targets) = (texts[.all, ..<(-1)], texts[.all, 1...])
  return Work { keep(optimizer.step { crossEntropy(model(input), targets) }) }
}

private struct LanguageModel: Module {
  typealias Scalar = Float
  let words, places: Embedding<Float>
  let encoder: TransformerEncoder<Float>
  let output: Linear<Float>

  func callAsFunction(_ texts: Tensor<Int>) -> Tensor<Float> {
    output(encoder(words(texts) + places(.range(texts.shape[1])), mask: nil, isCausal: true))
  }
}
