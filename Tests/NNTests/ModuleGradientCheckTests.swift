import NN
import Tensor
import Testing
import _TestSupport

/// `gradientCheck` of modules: all parameters and the inputs, by name.
@Suite struct ModuleGradientCheckTests {
  /// A layer with two parameters, one of whose gradients may be cut off.
  private final class Scaled: Layer {
    typealias Scalar = Double
    let scale = Parameter<Double>([0.5, 1.5, 2])
    let offset = Parameter<Double>([0.1, 0.2, 0.3])
    var cut: String?

    func callAsFunction(_ input: Tensor<Double>) -> Tensor<Double> {
      let scale = cut == "scale" ? scale.value.detached : scale.value
      let input = cut == "input" ? input.detached : input
      let offset = cut == "offset" ? offset.value.detached : offset.value
      return exp(input * scale) + offset * offset
    }
  }

  @Test func allParametersAndTheInputAreChecked() throws {
    let layer = Scaled()
    try gradientCheck(of: layer, at: sample([2, 3]))
    for (cut, name) in [("scale", "'scale'"), ("offset", "'offset'"), ("input", "input 0")] {
      layer.cut = cut
      let error = #expect(throws: GradientCheckError.self) { try gradientCheck(of: layer, at: sample([2, 3])) }
      expectEqual(error?.description.contains("of order 1 for element 0 of \(name): automatic 0.0"), true)
    }
    #expect(layer.scale.value.scalars == [0.5, 1.5, 2] && layer.scale.value.isTracked)
  }

  /// The first derivative is right, and what it is made of is cut off from the second.
  @Test func theSecondOrderIsChecked() {
    let layer = Scaled()
    func output(_ x: Tensor<Double>) -> Tensor<Double> {
      let scale = layer.scale.value
      return withPullback(at: scale) { s in (s * s * s, { g in g * (3 * s * s).detached }) } + x
    }
    let error = #expect(throws: GradientCheckError.self) {
      try gradientCheck(of: layer, at: sample([3])) { output($0) }
    }
    expectEqual(error?.order, 2)
    expectEqual(error?.description.contains("of 'scale'"), true)
    #expect(throws: Never.self) { try gradientCheck(of: layer, at: [sample([3])], orders: 1) { output($0[0]) } }
  }

  @Test func modulesWithStatisticsKeepThem() throws {
    var generator = RandomGenerator(seed: 1)
    let network = Sequential<Double>(Linear(3, 4, using: &generator), BatchNorm(4), Linear(4, 2, using: &generator))
    let before = network.state.map(\.parameter.value.scalars)
    try gradientCheck(of: network, at: signedSample([5, 3]), tolerance: 1e-5)
    expectEqual(network.state.map(\.parameter.value.scalars), before)
    // Frozen ones are constants.
    network.setFrozen(true) { $0.hasPrefix("0.") }
    try gradientCheck(of: network, at: signedSample([5, 3]), tolerance: 1e-5)
  }

  /// Computes its gradients by running the layer again.
  private struct Checkpointed: Layer {
    typealias Scalar = Double
    let layer: Linear<Double>

    func callAsFunction(_ input: Tensor<Double>) -> Tensor<Double> { checkpointed { layer(input) } }
  }

  /// Blocks that run again find the tensors that stood in the place of parameters, those of the check and those that a layer lends.
  @Test func blocksThatRunAgainAreChecked() throws {
    var generator = RandomGenerator(seed: 1)
    let network = Sequential<Double>(
      Linear(3, 4, using: &generator), Tanh(), WeightNorm(Linear(4, 2, using: &generator)))
    try gradientCheck(of: network, at: signedSample([3, 3])) { network($0, inPiecesOf: 2) }
    let lent = WeightNorm(Checkpointed(layer: Linear(3, 2, using: &generator)), name: "layer.weight")
    try gradientCheck(of: lent, at: signedSample([2, 3]))
    // And without a check.
    let gradients = lent(signedSample([2, 3])).sum().backward()
    #expect(lent.parameters.allSatisfy { $0.parameter.gradient(in: gradients) != nil })
  }

  @Test func inputsHaveNumbers() {
    let layer = Scaled()
    let error = #expect(throws: GradientCheckError.self) {
      try gradientCheck(of: layer, at: [sample([3]), sample([3])]) { layer($0[0]) * $0[1].detached }
    }
    expectEqual(error?.description.contains("of input 1: automatic 0.0"), true)
  }
}
