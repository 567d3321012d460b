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
      let optimizer = Optimizer(SGD(), groups: [.init(model.parameters, learningRate: 0.1)])
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
    let optimizer = Optimizer(SGD(), groups: [.init(model.parameters, learningRate: 0.1)])
    let before = model.parameters.map { $0.parameter.value.scalars }
    let gradients = Tensor<Float>(0).backward(allowsUntracked: true)
    #expect(gradients.count == 0)
    optimizer.step(gradients)
    #expect(model.parameters.map { $0.parameter.value.scalars } == before)
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
}
