import NN
import Tensor
import Testing
import _TestSupport

/// Layers against PyTorch's: output, running statistics, and the gradients of the input and of every parameter.
@Suite struct LayerGoldenTests {
  static func cases(_ subject: String) -> [GoldenCase] {
    ((try? Goldens("layers").cases) ?? []).filter { $0.subject == subject }
  }

  static let convolutions = cases("conv2d")

  @Test func thereAreCases() {
    expectEqual(Self.convolutions.count, 8)
    for subject in ["linear", "batch_norm", "max_pool2d", "avg_pool2d", "residual_block"] {
      #expect(!Self.cases(subject).isEmpty, "\(subject)")
    }
  }

  @Test(arguments: convolutions) func convolution(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let shape = golden.tensor("parameter.weight", as: Double.self).shape
    let layer = Conv2D<Double>(
      shape[1], shape[0], kernel: Array(shape[2...]), stride: golden.argument("stride", as: Int.self),
      padding: golden.argument("padding", as: Int.self), dilation: golden.argument("dilation", as: Int.self),
      using: &generator)
    expectAgreement(of: layer, with: golden)
  }

  @Test(arguments: cases("linear")) func linear(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let shape = golden.tensor("parameter.weight", as: Double.self).shape
    expectAgreement(of: Linear<Double>(shape[1], shape[0], using: &generator), with: golden)
  }

  @Test(arguments: cases("batch_norm")) func batchNorm(_ golden: GoldenCase) {
    let channels = golden.tensor("parameter.weight", as: Double.self).count
    let layer = BatchNorm<Double>(
      channels, momentum: golden.argument("momentum"), epsilon: golden.argument("epsilon"))
    if !golden.argument("training", as: Bool.self) { layer.evaluate() }
    // Around a mean of 1000, centring costs digits.
    expectAgreement(of: layer, with: golden, tolerance: golden.name.contains("far-mean") ? 1e-10 : 1e-12)
  }

  @Test(arguments: cases("max_pool2d")) func maxPool(_ golden: GoldenCase) {
    let layer = MaxPool2D<Double>(
      golden.argument("window", as: Int.self), stride: golden.argument("stride", as: Int.self),
      padding: golden.argument("padding", as: Int.self))
    expectAgreement(of: layer, with: golden)
  }

  @Test(arguments: cases("avg_pool2d")) func averagePool(_ golden: GoldenCase) {
    let layer = AveragePool2D<Double>(
      golden.argument("window", as: Int.self), stride: golden.argument("stride", as: Int.self),
      padding: golden.argument("padding", as: Int.self))
    expectAgreement(of: layer, with: golden)
  }

  @Test func globalPools() throws {
    let goldens = try Goldens("layers")
    expectAgreement(of: GlobalAveragePool2D<Double>(), with: goldens["global_average/plain"])
    expectAgreement(of: GlobalMaxPool2D<Double>(), with: goldens["global_maximum/plain"])
  }

  /// The same block put together by hand from smaller layers.
  @Test(arguments: cases("residual_block")) func composedBlock(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let (inputs, outputs, stride): (Int, Int, Int) = (
      golden.argument("inputs"), golden.argument("outputs"), golden.argument("stride")
    )
    let main = Sequential<Double>(
      Conv2D(inputs, outputs, kernel: 3, stride: stride, padding: 1, hasBias: false, using: &generator),
      BatchNorm(outputs), ReLU(),
      Conv2D(outputs, outputs, kernel: 3, padding: 1, hasBias: false, using: &generator), BatchNorm(outputs))
    let shortcut = Sequential<Double>(
      Conv2D(inputs, outputs, kernel: 1, stride: stride, hasBias: false, using: &generator), BatchNorm(outputs))
    let needsShortcut = stride != 1 || inputs != outputs
    let positions = ["conv1": "main.0", "bn1": "main.1", "conv2": "main.3", "bn2": "main.4"]
    expectAgreement(of: Residual(main, shortcut: needsShortcut ? shortcut : nil), with: golden) { name in
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      return positions[parts[0]].map { "\($0).\(parts[1])" } ?? name
    }
  }
}
