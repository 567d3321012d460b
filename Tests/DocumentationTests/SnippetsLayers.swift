import DataLoading
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// The page on layers and losses, as a user would write it.
@Suite struct LayersSnippets {
  private var generator = RandomGenerator(seed: 0)

  @Test mutating func network() {
    let images = Tensor<Float>.normal([8, 6, 6, 1], using: &generator)
    let labels = Labels([0, 1, 2, 0, 1, 2, 0, 1])
    // snippet: layers-network
    let depth = 2
    let model = Sequential<Float> {
      Flatten()
      Linear(36, 16, using: &generator)
      for _ in 0..<depth {
        GELU()
        Linear(16, 16, using: &generator)
      }
      RMSNorm(16)
      Linear(16, 3, using: &generator)
    }
    let loss = CrossEntropyLoss<Float>(smoothing: 0.1)
    let optimizer = AdamW(model.parameters, learningRate: 1e-2)
    for _ in 0..<20 {
      optimizer.step { loss(model(images), labels) }
    }
    // end snippet
    #expect(model.layers.count == 8 && loss(model(images), labels).item < 1)
  }

  @Test mutating func batches() {
    let samples = (0..<100).map { (Tensor<Float>.normal([36], using: &generator), $0 % 3) }
    let model = Linear<Float>(36, 3, using: &generator)
    let loss = CrossEntropyLoss<Float>()
    let optimizer = AdamW(model.parameters, learningRate: 1e-2)
    // snippet: layers-batches
    // samples: [(Tensor<Float>, Int)]
    let loader = DataLoader(samples, batch: 32, isShuffled: true, seed: 1)
    for epoch in 0..<3 {
      for (vectors, labels) in loader.epoch(epoch) {  // Tensor<Float> [32, 36], Labels
        optimizer.step { loss(model(vectors), labels) }
      }
    }
    // end snippet
    expectEqual(loader.batchCount, 4)
    expectEqual(loader.epoch(0).map(\.1.count), [32, 32, 32, 4])
  }

  @Test func batchesFromFiles() throws {
    let folder = packageFolder.appendingPathComponent("Tests/Goldens/files").path
    let names = ["little-f4.npy", "little-f4.npy"]
    // snippet: layers-batches-files
    let loader = DataLoader(names, batch: 2, workers: 2) { name, generator in
      let values = try Tensor<Float>(npy: "\(folder)/\(name)")
      return (values + .normal(values.shape, deviation: 0.01, using: &generator), name)
    }
    let batches = loader.epoch(0)
    while let (values, names) = try batches.next() {
      print(values.shape, names)
    }
    // end snippet
  }

  @Test mutating func images() {
    // snippet: layers-images
    let stem = Sequential<Float> {
      Conv2D(3, 8, kernel: 3, padding: .same, using: &generator)
      BatchNorm(8)
      ReLU()
      Conv2D(8, 16, kernel: [1, 5], stride: [1, 2], padding: [0, 2], hasBias: false, using: &generator)
      MaxPool2D([2, 1])
    }
    let maps = stem(.zeros([2, 32, 32, 3]))  // [2, 16, 16, 16]
    // end snippet
    expectEqual(maps.shape, [2, 16, 16, 16])
  }

  @Test mutating func printed() {
    // snippet: layers-summary
    let model = Sequential<Float> {
      Conv2D(3, 4, kernel: 3, using: &generator)
      Flatten()
      SpectralNorm(Linear(16, 2, using: &generator), using: &generator)
    }
    print(model)  // a line for each parameter: 0.weight  [4, 3, 3, 3]  108
    print(model.summary(for: .zeros([1, 4, 4, 3])))  // a line for each layer: 0  Conv2D<Float>  [1, 2, 2, 4]  112
    // end snippet
    #expect("\(model)".contains("0.weight        [4, 3, 3, 3]  108"))
    #expect(model.summary(for: .zeros([1, 4, 4, 3])).contains("0  Conv2D<Float>        [1, 2, 2, 4]  112"))
  }

  @Test mutating func losses() {
    let logits = Tensor<Float>.normal([2, 5, 3], using: &generator)
    let labels = Labels([0, 2, 1, -100, -100, 1, 1, 0, 2, -100], shape: [2, 5])
    // snippet: layers-losses
    let mean = crossEntropy(logits, labels)  // [batch, length, classes] and [batch, length]; −100 counts nowhere
    let each = crossEntropy(logits, labels, weights: [1, 2, 0.5], reduction: .none)
    // end snippet
    #expect(mean.shape == [] && each.shape == [2, 5] && each.scalars[3] == 0)
  }

  @Test mutating func sequences() {
    let words = Labels([4, 2, 7, 1, 5, 3, 0, 0], shape: [2, 4])
    // snippet: layers-transformer
    let embedding = Embedding<Float>(10, dimensions: 16, paddingIndex: 0, using: &generator)
    let encoder = TransformerEncoder<Float>(
      16, heads: 4, depth: 2, options: .init(feedforward: 32, normFirst: true, batchFirst: true), normLast: true,
      using: &generator)
    let isPadding = words .== 0
    let encoded = encoder(embedding(words), mask: nil, padding: isPadding, isCausal: true)
    // end snippet
    expectEqual(encoded.shape, [2, 4, 16])

    // snippet: layers-lstm
    let lstm = LSTM<Float>(16, 8, options: .init(layers: 2, isBidirectional: true, batchFirst: true), using: &generator)
    let (output, state) = lstm(embedding(words), state: nil)  // [2, 4, 16]; state.hidden and state.cell are [4, 2, 8]
    // end snippet
    expectEqual(output.shape, [2, 4, 16])
    expectEqual(state.cell.shape, [4, 2, 8])
  }
}
