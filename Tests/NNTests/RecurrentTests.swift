import NN
import Tensor
import Testing
import _TestSupport

/// RNN, GRU and LSTM with PyTorch's weights: outputs, last states, and the gradients of inputs, states and weights.
@Suite struct RecurrentTests {
  static let kinds = ["rnn", "gru", "lstm"]

  @Test(arguments: kinds.flatMap(moduleCases)) func agreesWithPyTorch(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let options = RecurrentOptions(
      layers: golden.argument("layers"), isBidirectional: golden.argument("bidirectional"),
      batchFirst: golden.argument("batch_first"), hasBias: golden.argument("bias"))
    switch golden.subject {
    case "rnn":
      let isRectified = golden.name == "rnn/relu"
      let layer = RNN<Double>(4, 3, isRectified: isRectified, options: options, using: &generator)
      expectModuleAgreement(of: layer, with: golden) {
        let (output, state) = layer($0[0], state: $0[1])
        return [output, state]
      }
    case "gru":
      let layer = GRU<Double>(4, 3, options: options, using: &generator)
      expectModuleAgreement(of: layer, with: golden) {
        let (output, state) = layer($0[0], state: $0[1])
        return [output, state]
      }
    default:
      let layer = LSTM<Double>(4, 3, options: options, using: &generator)
      expectModuleAgreement(of: layer, with: golden) {
        let (output, state) = layer($0[0], state: LSTMState(hidden: $0[1], cell: $0[2]))
        return [output, state.hidden, state.cell]
      }
    }
  }

  @Test func eachKindHasCases() {
    expectEqual(Self.kinds.map { moduleCases($0).count }, [6, 5, 5])
  }

  /// The state carries what was read: a sequence in two parts is the sequence.
  @Test func aStateGoesOn() {
    var generator = RandomGenerator(seed: 2)
    let layer = LSTM<Double>(3, 4, options: .init(layers: 2, batchFirst: true), using: &generator)
    expectEqual(layer.parameters.map(\.name).prefix(4), ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"])
    let x = Tensor<Double>.normal([2, 5, 3], using: &generator)
    let first = layer(x.sliced(along: 1, 0..<2), state: nil)
    let second = layer(x.sliced(along: 1, 2..<5), state: first.state)
    expectLess(difference(layer(x), .concatenated([first.output, second.output], along: 1)), 1e-14)
  }

  @Test func gradientsOfBothOrders() throws {
    var generator = RandomGenerator(seed: 3)
    let x = Tensor<Double>.normal([3, 2, 2], using: &generator)
    let options = RecurrentOptions(isBidirectional: true)
    let layers: [any Layer<Double>] = [
      RNN(2, 2, options: options, using: &generator), GRU(2, 2, options: options, using: &generator),
      LSTM(2, 2, options: options, using: &generator),
    ]
    for layer in layers { try gradientCheck(at: x) { layer($0) } }
  }

  @Test func dropoutLiesBetweenLayersOnly() {
    var generator = RandomGenerator(seed: 4)
    let x = Tensor<Float>.normal([3, 2, 2], using: &generator)
    let single = GRU<Float>(2, 3, options: .init(dropout: 0.5), using: &generator)
    expectEqual(difference(single(x), single(x)), 0)
    let double = GRU<Float>(2, 3, options: .init(layers: 2, dropout: 0.5), using: &generator)
    #expect(difference(double(x), double(x)) > 0)
    double.evaluate()
    expectEqual(difference(double(x), double(x)), 0)
  }

  @Test func whatDoesNotFitTraps() async {
    let input = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = GRU<Float>(3, 2, using: &generator)(.zeros([4, 2, 5]))
    }
    let ofInput = text(input?.standardErrorContent)
    #expect(ofInput.contains("GRU: sequences [4, 2, 5] are not [length, batch, inputs] of 3 inputs"))
    let state = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = RNN<Float>(3, 2, using: &generator)(.zeros([4, 2, 3]), state: .zeros([2, 2]))
    }
    let ofState = text(state?.standardErrorContent)
    #expect(ofState.contains("RNN: a state of shape [2, 2] is not [1, 2, 2]"))
  }
}
