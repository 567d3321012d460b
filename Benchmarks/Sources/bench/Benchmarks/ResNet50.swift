import Models
import Tensor

/// A training step without the optimiser: ResNet-50 on a batch of 224 × 224 pictures, cross-entropy, all gradients.
let resNet50Training = Benchmark("resnet50-train", measuresMemory: true, sizes: [8, 32]) { batch in
  var generator = RandomGenerator(seed: 1)
  let model = ResNet<Float>(.resNet50, classes: 1000, using: &generator)
  let images = Tensor<Float>.normal([batch, 224, 224, 3], using: &generator)
  let labels = Labels((0..<batch).map { $0 * 31 % 1000 })
  return Work(flops: 3 * resNet50Operations * Double(batch)) {
    keep((-model(images).logSoftmax(along: 1).gather(labels).mean()).backward())
  }
}

/// ResNet-50 in evaluation on a batch of 224 × 224 pictures.
let resNet50Inference = Benchmark("resnet50-infer", measuresMemory: true, sizes: [8]) { batch in
  var generator = RandomGenerator(seed: 1)
  let model = ResNet<Float>(.resNet50, classes: 1000, using: &generator)
  model.evaluate()
  let images = Tensor<Float>.normal([batch, 224, 224, 3], using: &generator)
  return Work(flops: resNet50Operations * Double(batch)) { keep(withoutRecording { model(images) }) }
}

/// Multiplications and additions of ResNet-50's convolutions and its linear layer for one picture, in the direct form.
private let resNet50Operations = 8.18e9
