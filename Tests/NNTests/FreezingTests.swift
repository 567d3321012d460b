import NN
import Tensor
import Testing
import _TestSupport

/// What is frozen, what an optimizer leaves alone, and what it refuses to leave alone.
@Suite struct FreezingTests {
  @Test func aFrozenParameterGetsNoGradientAndStays() {
    let model = makeModel()
    let optimizer = SGD(model.parameters, learningRate: 0.1, momentum: 0.9)
    model.parameter("0.weight").isFrozen = true
    let before = model.state.map(\.parameter.value.scalars)
    let gradients = model(.ones([4, 2])).sum().backward()
    #expect(model.parameter("0.weight").gradient(in: gradients) == nil)
    optimizer.step(gradients)
    let after = model.state.map(\.parameter.value.scalars)
    let stayed = zip(before, after).map { $0 == $1 }
    expectEqual(stayed, [true, false, false, false])

    model.parameter("0.weight").isFrozen = false
    optimizer.step { model(.ones([4, 2])).sum() }
    #expect(model.parameter("0.weight").value.scalars != before[0])
  }

  @Test func setFrozenCoversTheWholeModule() {
    let model = makeModel()
    model.setFrozen(true)
    expectEqual(model.parameterCount, 0)
    #expect(!model(.ones([4, 2])).isTracked)
    model.setFrozen(false)
    expectEqual(model.parameterCount, 2 * 3 + 3 + 3 * 1 + 1)
  }

  @Test func partsAreFrozenByName() {
    let model = makeModel()
    model.setFrozen(true) { $0.hasPrefix("0.") }
    expectEqual(model.parameters.map(\.parameter.isFrozen), [true, true, false, false])
  }

  /// What Proxy-Anchor's recipe does: frozen norms keep their statistics while the rest trains, and a warm-up in which the
  /// body is frozen does not free them at its end.
  @Test func aFrozenBatchNormUsesAndKeepsItsRunningStatistics() {
    let (norm, images) = (BatchNorm<Double>(2), signedSample([4, 3, 2]))
    let model = Sequential<Double>(norm)
    norm.runningMean.update(Tensor([0.5, -1]))
    norm.runningVar.update(Tensor([2, 3]))
    model.evaluate()
    let expected = model(images)
    model.setStatisticsFrozen(true)
    model.train()
    model.setFrozen(true)
    model.setFrozen(false)
    let output = model(images.tracked())
    expectLess(difference(output, expected), 1e-15)
    expectEqual(norm.runningMean.value.scalars, [0.5, -1])
    expectEqual(norm.runningVar.value.scalars, [2, 3])
    #expect(model.parameterCount == 0 && norm.mode.isFrozen && !norm.mode.isTraining)

    model.setStatisticsFrozen(false)
    model.train()
    _ = model(images)
    #expect(model.parameterCount == 4 && norm.runningMean.value.scalars != [0.5, -1])
  }

  /// A layer of one's own with running statistics is frozen as `BatchNorm` is.
  @Test func aLayerOfOnesOwnIsFrozenWithItsStatistics() {
    final class Centered: StatisticsLayer {
      typealias Scalar = Float
      let bias = Parameter<Float>([0])
      let runningMean = Parameter<Float>([0], role: .statistic)
      let mode = Mode()
    }
    final class Pair: Module {
      typealias Scalar = Float
      let centered = Centered()
      let weight = Parameter<Float>([1])
    }
    let pair = Pair()
    pair.setStatisticsFrozen(true)
    pair.train()
    #expect(!pair.centered.mode.isTraining && pair.centered.bias.isFrozen && !pair.weight.isFrozen)
    pair.setFrozen(false)
    #expect(pair.centered.bias.isFrozen, "what is frozen with its statistics stays frozen")
    pair.setStatisticsFrozen(false)
    pair.train()
    #expect(pair.centered.mode.isTraining && !pair.centered.bias.isFrozen)
  }

  @Test func freezingAfterBackwardHolds() {
    let model = makeModel()
    let optimizer = SGD(model.parameters, learningRate: 0.1)
    let gradients = model(.ones([4, 2])).sum().backward()
    let before = model.state.map(\.parameter.value.scalars)
    model.setFrozen(true)
    optimizer.step(gradients, allowsNoGradients: true)
    let after = model.state.map(\.parameter.value.scalars)
    expectEqual(after, before)
  }

  @Test func aParameterWithoutAGradientStays() {
    let parameters = (0..<2).map { NamedParameter(name: "\($0)", parameter: Parameter<Float>(Tensor(1))) }
    // Weight decay alone must not move it either.
    let optimizer = AdamW(parameters, learningRate: 0.1, weightDecay: 0.5)
    optimizer.step { parameters[0].parameter.value * 2 }
    #expect(parameters[0].parameter.value.item != 1)
    expectEqual(parameters[1].parameter.value.item, 1)
  }

  @Test func aForgottenParameterTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (known, forgotten) = (Parameter<Float>(Tensor(1)), Parameter<Float>(Tensor(2)))
      let optimizer = SGD([NamedParameter(name: "known", parameter: known)], learningRate: 0.1)
      optimizer.step { known.value * forgotten.value }
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("gradients have arrived at 1 parameter(s) that are in no group"))
    #expect(message.contains("ignoresOthers: true"))
  }

  @Test func aForgottenParameterCanBeIgnoredOrFrozen() {
    let (known, forgotten) = (Parameter<Float>(Tensor(1)), Parameter<Float>(Tensor(2)))
    let optimizer = SGD([NamedParameter(name: "known", parameter: known)], learningRate: 0.1)
    optimizer.step((known.value * forgotten.value).backward(), ignoresOthers: true)
    let stepped: Float = 1 - 0.1 * 2
    expectEqual(known.value.item, stepped)
    forgotten.isFrozen = true
    optimizer.step { known.value * forgotten.value }
    expectEqual(forgotten.value.item, 2)
  }

  @Test func aParameterInTwoGroupsTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let shared = [NamedParameter(name: "weight", parameter: Parameter<Float>(Tensor(1)))]
      _ = SGD([ParameterGroup(shared), ParameterGroup(shared, name: "again")], learningRate: 0.1)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("parameter 'weight' of group 'again' is in two groups"))
  }

  @Test func aValueOfAnotherShapeTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter<Float>(.zeros([2, 3])).update(.zeros([3, 2]))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("a value of shape [3, 2] for shape [2, 3]"))
    #expect(message.contains("FreezingTests.swift"))
  }

  private func makeModel() -> Sequential<Float> {
    var generator = RandomGenerator(seed: 1)
    return Sequential(Linear(2, 3, using: &generator), Linear(3, 1, using: &generator))
  }
}
