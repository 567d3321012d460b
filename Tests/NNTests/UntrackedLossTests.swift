import NN
import Tensor
import Testing
import _TestSupport

/// A loss that depends on no parameter would leave a model as it is, step after step.
@Suite struct UntrackedLossTests {
  @Test func aLossWithoutTheModelEndsTheLoop() async {
    var line = 0
    line = #line + 1  // the macro's, which stands for all in its body
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let model = Linear<Float>(3, 2, using: &generator)
      let optimizer = SGD(model.parameters, learningRate: 0.1)
      let output = withoutRecording { model(.ones([4, 3])) }
      optimizer.step { (output * output).mean() }
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("backward: the result, of shape [], was computed from no tracked tensor"))
    #expect(message.contains("UntrackedLossTests.swift:\(line):"))
  }

  @Test func whoMeansItMaySaySo() {
    var generator = RandomGenerator(seed: 0)
    let model = Linear<Float>(3, 2, using: &generator)
    let optimizer = SGD(model.parameters, learningRate: 0.1)
    let before = model.parameters.map { $0.parameter.value.scalars }
    let gradients = Tensor<Float>(0).backward(allowsUntracked: true)
    expectEqual(gradients.count, 0)
    optimizer.step(gradients, allowsNoGradients: true)
    optimizer.step(allowsNoGradients: true) { Tensor(0) }
    expectEqual(optimizer.stepCount, 2)
    expectEqual(model.parameters.map { $0.parameter.value.scalars }, before)
  }

  /// A frozen layer's parameters are constants; what is above it learns all the same.
  @Test func aFrozenPartIsNoMistake() {
    var generator = RandomGenerator(seed: 0)
    let (body, head) = (Linear<Float>(3, 3, using: &generator), Linear<Float>(3, 2, using: &generator))
    body.setFrozen(true)
    let gradients = head(body(.ones([4, 3]))).sum().backward()
    #expect(
      gradients.count == 2 && head.weight.gradient(in: gradients) != nil && body.weight.gradient(in: gradients) == nil)
  }

  /// The loss has gradients, of another model's parameters: this one would never learn.
  @Test func gradientsOfOthersAloneTrap() async {
    var line = 0
    line = #line + 1
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let (model, other) = (Linear<Float>(3, 2, using: &generator), Linear<Float>(3, 2, using: &generator))
      let optimizer = SGD(model.parameters, learningRate: 0.1)
      optimizer.step(ignoresOthers: true) { other(.ones([4, 3])).sum() }
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("Optimizer: no gradient has arrived at any of the 2 parameter(s), of which 0 are frozen"))
    #expect(message.contains("UntrackedLossTests.swift:\(line):"))
  }

  @Test func frozenParametersAloneTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let model = Linear<Float>(3, 2, using: &generator)
      let optimizer = SGD(model.parameters, learningRate: 0.1)
      let gradients = model(.ones([4, 3])).sum().backward()
      model.setFrozen(true)
      optimizer.step(gradients)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("of which 2 are frozen"))
  }

  @Test func whyNothingIsTrackedIsSaid() async {
    let inside = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weight = Parameter<Float>([1, 2])
      _ = withoutRecording { weight.value.sum().backward() }
    }
    let insideMessage = text(inside?.standardErrorContent)
    #expect(insideMessage.contains("This is inside withoutRecording, where nothing is recorded"))
    let outside = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weight = Parameter<Float>([1, 2])
      _ = weight.value.detached.sum().backward()
    }
    let outsideMessage = text(outside?.standardErrorContent)
    #expect(outsideMessage.contains("It was made inside withoutRecording, detached, or made from constants"))
  }
}
