import Models
import NN
import Tensor

/// A network for pictures of 224 × 224 and 1000 classes, and what trains it.
struct Network: Sendable {
  /// What its benchmarks are called, before `-train` or `-infer`.
  let name: String
  /// Multiplications and additions of its products for one picture, convolutions in the direct form.
  let operations: Double
  /// Makes the optimiser of its parameters.
  let makeOptimizer: @Sendable ([NamedParameter<Float>]) -> Optimizer<Float>
  /// Draws the weights.
  let make: @Sendable (inout RandomGenerator) -> any Layer<Float>

  /// A training step on a batch: the network in a precision, cross-entropy in `Float`, all gradients, the optimiser.
  func training(_ precision: Precision = .float32) -> Benchmark {
    Benchmark("\(name)-train\(suffix(precision))", measuresMemory: true, sizes: [8, 32]) { batch in
      var generator = RandomGenerator(seed: 1)
      let model = make(&generator)
      let optimizer = makeOptimizer(model.parameters)
      let images = Tensor<Float>.normal([batch, 224, 224, 3], using: &generator)
      let labels = Labels((0..<batch).map { $0 * 31 % 1000 })
      return Work(flops: 3 * operations * Double(batch)) {
        let loss = optimizer.step {
          let logits = withPrecision(precision) { model(images) }
          return -logits.logSoftmax(along: 1).pick(labels).mean()
        }
        keep(loss)
      }
    }
  }

  /// Evaluation of a batch in a precision.
  func inference(_ precision: Precision = .float32) -> Benchmark {
    Benchmark("\(name)-infer\(suffix(precision))", measuresMemory: true, sizes: [8]) { batch in
      var generator = RandomGenerator(seed: 1)
      let model = make(&generator)
      model.evaluate()
      let images = Tensor<Float>.normal([batch, 224, 224, 3], using: &generator)
      return Work(flops: operations * Double(batch)) {
        keep(withoutRecording { withPrecision(precision) { model(images) } })
      }
    }
  }
}

/// ResNet-50, trained by gradient descent with momentum.
let resNet50 = Network(
  name: "resnet50", operations: 8.18e9, makeOptimizer: { SGD($0, learningRate: 1e-3, momentum: 0.9) }
) {
  ResNet<Float>(.resNet50, classes: 1000, using: &$0)
}

/// ViT-S/16, trained by AdamW.
let visionTransformer = Network(name: "vit", operations: 9.2e9, makeOptimizer: { AdamW($0, learningRate: 1e-4) }) {
  VisionTransformer<Float>(.vitS16, classes: 1000, using: &$0)
}

/// What names of benchmarks end in: `compare` puts those that end in `-bf16` next to ours in `Float`.
func suffix(_ precision: Precision) -> String { precision == .bfloat16 ? "-bf16" : "" }
