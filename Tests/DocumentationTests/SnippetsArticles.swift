import NN
import Tensor
import TensorFiles
import Testing
import Vision
import _TestSupport

/// The articles in the catalogues of the API reference, as a user would write their code.
@Suite struct ArticleSnippets {
  private var generator = RandomGenerator(seed: 0)

  @Test func gradientsOfFunctions() {
    // snippet: article-gradient
    let x: Tensor<Double> = [1, 2, 3]
    let slope = gradient(at: x) { ($0 * $0).sum() }  // [2, 4, 6]
    let (value, (dx, dy)) = valueWithGradient(at: x, x) { x, y in (x * y).sum() }
    // end snippet
    expectEqual(slope.scalars, [2, 4, 6])
    expectEqual(value.item, 14)
    expectEqual(dx.scalars, [1, 2, 3])
    expectEqual(dy.scalars, [1, 2, 3])
  }

  @Test func gradientsOfResults() {
    // snippet: article-backward
    let w = Tensor<Double>([3, 4]).tracked()
    let length = sqrt((w * w).sum())
    let gradients = length.backward()
    let direction = gradients[w]  // [0.6, 0.8]
    // end snippet
    expectLess(difference(direction, Tensor([0.6, 0.8])), 1e-15)
  }

  @Test func gradientsOfGradients() {
    // snippet: article-orders
    let t: Tensor<Double> = [0, 0.5, 1]
    let velocity = { (t: Tensor<Double>) in gradient(at: t) { sin($0).sum() } }
    let acceleration = gradient(at: t) { velocity($0).sum() }  // −sin(t)
    // end snippet
    expectLess(difference(acceleration, -sin(t)), 1e-15)
  }

  @Test func ownPullback() throws {
    // snippet: article-pullback
    /// The identity, which turns the gradient's sign round.
    func reversed(_ x: Tensor<Double>) -> Tensor<Double> {
      withPullback("reversed", at: x) { x in (x, { gradient in -gradient }) }
    }
    let slope = gradient(at: Tensor<Double>([1, 2])) { (reversed($0) * 3).sum() }  // [-3, -3]
    // end snippet
    expectEqual(slope.scalars, [-3, -3])
  }

  @Test func checks() throws {
    // snippet: article-check
    let x: Tensor<Double> = [0.3, -0.7, 2]
    try gradientCheck(at: x) { tanh($0) * $0 }  // throws where a gradient of first or second order is wrong
    // end snippet
  }

  @Test mutating func ownLayer() throws {
    // snippet: article-layer
    /// Squeeze-and-excitation (Hu et al., 2018): scales each channel by what the means of all channels say.
    final class SqueezeExcitation<Scalar: TensorScalar>: Layer {
      let fc1, fc2: Linear<Scalar>

      init(_ channels: Int, reduction: Int, using generator: inout RandomGenerator) {
        fc1 = Linear(channels, channels / reduction, using: &generator)
        fc2 = Linear(channels / reduction, channels, using: &generator)
      }

      func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        let scales = sigmoid(fc2(relu(fc1(input.mean(along: 1, 2)))))  // [batch, channels]
        return input * scales.unsqueezed(1).unsqueezed(1)
      }
    }
    // end snippet
    // snippet: article-layer-use
    let model = Sequential<Double> {
      Conv2D(3, 8, kernel: 3, padding: .same, using: &generator)
      SqueezeExcitation(8, reduction: 2, using: &generator)
    }
    print(model.parameters.map(\.name))  // 0.weight, 0.bias, 1.fc1.weight, 1.fc1.bias, 1.fc2.weight, 1.fc2.bias
    // end snippet
    let images = Tensor<Double>.normal([2, 4, 4, 3], using: &generator)
    // snippet: article-layer-check
    try gradientCheck(of: model, at: images)  // of all parameters and of the images
    // end snippet
    expectEqual(
      model.parameters.map(\.name), ["0.weight", "0.bias", "1.fc1.weight", "1.fc1.bias", "1.fc2.weight", "1.fc2.bias"])
  }

  @Test mutating func ownLoss() throws {
    // snippet: article-loss
    /// The quantile loss (Koenker and Bassett, 1978), whose minimum is the quantile: 0.5 gives the median.
    func quantileLoss<Scalar: TensorScalar>(
      _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, quantile: Scalar
    ) -> Tensor<Scalar> {
      let missed = targets - predictions
      return maximum(missed * quantile, missed * (quantile - 1)).mean()
    }
    // end snippet
    // snippet: article-loss-use
    let heights = Tensor<Float>.normal([1000], mean: 170, deviation: 8, using: &generator)
    let guess = Parameter<Float>(Tensor(160))
    let optimizer = Adam([NamedParameter(name: "guess", parameter: guess)], learningRate: 1)
    for _ in 0..<200 {
      optimizer.step { quantileLoss(guess.value.expanded(to: [1000]), heights, quantile: 0.9) }
    }
    print(guess.value.item)  // about 180: nine of ten are smaller
    // end snippet
    expectLess(abs(guess.value.item - 180), 3)

    // snippet: article-loss-module
    /// The squared distance of each row to the learned centre of its class (Wen et al., 2016).
    final class CentreLoss<Scalar: TensorScalar>: Module {
      let centres: Parameter<Scalar>

      init(classes: Int, dimensions: Int) { centres = Parameter(.zeros([classes, dimensions])) }

      func callAsFunction(_ embeddings: Tensor<Scalar>, _ labels: Labels) -> Tensor<Scalar> {
        let missed = embeddings - centres.value.take(labels)
        return (missed * missed).sum(along: 1).mean()
      }
    }
    // end snippet
    let (embeddings, labels) = (Tensor<Double>.normal([4, 3], using: &generator), Labels([0, 1, 1, 0]))
    // snippet: article-loss-check
    let loss = CentreLoss<Double>(classes: 2, dimensions: 3)
    try gradientCheck(of: loss, at: embeddings) { loss($0, labels) }
    // end snippet
  }

  @Test mutating func trainingLoop() {
    let (images, labels) = (Tensor<Float>.normal([8, 4], using: &generator), Labels([0, 1, 2, 0, 1, 2, 0, 1]))
    // snippet: article-loop
    let model = Sequential<Float> {
      Linear(4, 16, using: &generator)
      ReLU()
      Linear(16, 3, using: &generator)
    }
    let optimizer = AdamW(model.parameters, learningRate: 1e-2)
    for _ in 0..<50 {
      let loss = optimizer.step { crossEntropy(model(images), labels) }
      if !loss.item.isFinite { break }
    }
    model.evaluate()
    let classes = withoutRecording { model(images).argmax(along: 1) }
    // end snippet
    #expect((classes .== labels).allTrue)
  }

  /// What the tables of names for who comes from PyTorch say is there.
  @Test mutating func namesOfTheTables() throws {
    let x = Tensor<Float>.normal([2, 3], using: &generator)
    let mask = (x .> 0) .& .!(x .== 5) .& (x .< 5)
    expectEqual([x.transposed(), x.permuted([1, 0]), x.reshaped([3, -1])].map(\.shape), [[3, 2], [3, 2], [3, 2]])
    expectEqual([x.unsqueezed(0).squeezed(0), Tensor.where(mask, x, x)].map(\.shape), [[2, 3], [2, 3]])
    expectEqual(x[0].expanded(to: [4, 3]).shape, [4, 3])
    expectEqual(x.replacing(with: 0, where: mask).shape, [2, 3])
    expectEqual(Tensor.concatenated([x, x]).shape, [4, 3])
    expectEqual(Tensor.stacked([x, x]).shape, [2, 2, 3])
    expectEqual(einsum("ij,kj->ik", x, x).shape, x.matmul(x.transposed()).shape)
    expectEqual(x.sum(along: 1, keepsAxes: true).shape, [2, 1])
    expectEqual(x.mean(along: 0, 1).shape, [])
    #expect(x.max(along: 1).shape == x.argmax(along: 1).shape && x.takeElements([[0], [1]], along: 1).shape == [2, 1])
    expectEqual(x.take(Labels([1])).shape, [1, 3])
    expectEqual(x.clamped(to: 0...1).sorted().topK(2).values.shape, [2, 2])
    let square = Tensor<Double>.eye(3)
    #expect(try square.solve(square).shape == square.qr().q.shape && square.cast(to: Int.self).count == 9)
    _ = (try square.svd(), try square.symmetricEigen(), Tensor<Float>.full([2], 7), Tensor<Int>.range(5))
    let model = Linear<Float>(3, 2, using: &generator)
    var (_, gradients) = valueWithGradients { checkpointed { model(x).sum() } }
    gradients.clipNorm(of: model.parameters, to: 1)
    var file = Safetensors()
    model.save(into: &file)
    try model.load(file)
  }

  @Test mutating func images() throws {
    // snippet: article-image
    let gradient = Tensor<Float>.linspace(from: 0, through: 1, count: 64)
    let grey = gradient.reshaped([1, 64, 1]).expanded(to: [48, 64, 3])
    let image = Image(unitPixels: grey)  // 48 rows, 64 columns of red, green and blue
    let bright = Image(unitPixels: image.unitPixels + 0.2)  // beyond 1 is clamped
    // end snippet
    expectEqual(bright.pixels.max().item, 255)
    expectEqual(image.height, 48)
    expectEqual(image.width, 64)
    // snippet: article-transform
    /// Adds noise of a deviation, other noise for each picture.
    struct Noise: Transform {
      var deviation: Float

      func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
        image + .normal(image.shape, deviation: deviation, using: &generator)
      }
    }
    let transform = Pipeline([RandomResizedCrop(size: 32), Noise(deviation: 0.05), Normalize()])
    let input = transform(image, using: &generator)  // [32, 32, 3]
    // end snippet
    expectEqual(input.shape, [32, 32, 3])
    // snippet: article-loader
    let samples = (0..<6).map { number in
      ImageDataset.Sample(source: .memory(image, name: "picture \(number)"), label: number % 2)
    }
    let pictures = ImageDataset(name: "greys", classNames: ["light", "dark"], samples: samples)
    let loader = Loader(pictures, transform: transform, seed: 1)
    for epoch in 0..<2 {
      try loader.forEach(pictures.batches(of: 4), epoch: epoch) { batch in
        print(batch.images.shape, batch.labels.scalars)  // [4, 32, 32, 3] [0, 1, 0, 1], then [2, 32, 32, 3] [0, 1]
      }
    }
    // end snippet
  }
}
