import NN
import Tensor
import Testing
import _TestSupport

/// Weight and spectral normalisation against PyTorch's parametrizations.
@Suite struct WeightNormTests {
  @Test(arguments: moduleCases("weight_norm")) func weightNorm(_ golden: GoldenCase) {
    let layer = WeightNorm(inner(golden))
    expectModuleAgreement(of: layer, with: golden, renaming: own) { [layer($0[0])] }
  }

  @Test(arguments: moduleCases("spectral_norm")) func spectralNorm(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let layer = SpectralNorm(inner(golden), using: &generator)
    expectEqual(layer.state.map(\.name), ["layer.weight", "layer.bias", "u", "v"])
    layer.u.update(golden.tensor("before.u"))
    layer.v.update(golden.tensor("before.v"))
    if !golden.argument("training", as: Bool.self) { layer.evaluate() }
    expectModuleAgreement(of: layer, with: golden, renaming: own) { [layer($0[0])] }
    expectLess(difference(layer.u.value, golden.tensor("after.u")), 1e-12)
    expectLess(difference(layer.v.value, golden.tensor("after.v")), 1e-12)
  }

  @Test func thereAreCases() {
    expectEqual(moduleCases("weight_norm").count, 2)
    expectEqual(moduleCases("spectral_norm").count, 6)
  }

  /// Neither changes a layer at first, but for the scale.
  @Test func beginnings() throws {
    var generator = RandomGenerator(seed: 2)
    let linear = Linear<Double>(4, 3, hasBias: false, using: &generator)
    let x = Tensor<Double>.normal([2, 4], using: &generator)
    expectLess(difference(WeightNorm(linear)(x), linear(x)), 1e-14)
    let spectral = SpectralNorm(linear, using: &generator)
    for _ in 0..<100 { _ = spectral(x) }
    expectLess(difference(spectral(x), linear(x) / (try linear.weight.value.detached.svd().s[0])), 1e-9)
    spectral.evaluate()
    try gradientCheck(of: WeightNorm(linear), at: x)
    try gradientCheck(of: spectral, at: x)
  }

  @Test func aLayerWithoutSuchAWeightTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = WeightNorm(LayerNorm<Float>(3))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("WeightNorm: no matrix is called 'weight' among [\"weight\", \"bias\"]"))
  }

  private func inner(_ golden: GoldenCase) -> any Layer<Double> {
    var generator = RandomGenerator(seed: 3)
    if golden.name.contains("linear") { return Linear<Double>(4, 3, using: &generator) }
    if golden.name.contains("transposed") { return ConvTranspose2D<Double>(4, 3, kernel: 2, using: &generator) }
    return Conv2D<Double>(4, 3, kernel: 2, using: &generator)
  }

  private func own(_ name: String) -> String {
    [
      "bias": "layer.bias", "parametrizations.weight.original0": "magnitude",
      "parametrizations.weight.original1": "layer.weight", "parametrizations.weight.original": "layer.weight",
    ][name]!
  }
}
