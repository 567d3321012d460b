import NN
import Tensor
import Testing
import _TestSupport

/// Whole models, forward, backward and step.
@Suite struct TrainingTests {
  @Test func aLinearModelFindsTheLeastSquaresSolution() {
    var generator = RandomGenerator(seed: 1)
    let model = Linear<Double>(2, 1, using: &generator)
    let optimizer = SGD(model.parameters, learningRate: 0.1, momentum: 0.9)
    let x = Tensor<Double>.normal([16, 2], using: &generator)
    let y = x.matmul(Tensor([[2], [-3]])) + 0.5
    for _ in 0..<400 {
      let error = model(x) - y
      optimizer.step { (error * error).mean() }
    }
    expectLess(difference(model.weight.value, Tensor([[2, -3]])), 1e-6)
    expectLess(difference(model.bias!.value, [0.5]), 1e-6)
  }

  @Test func initialWeightsHaveTheStatedSpread() {
    var generator = RandomGenerator(seed: 2)
    let convolution = Conv2D<Double>(16, 32, kernel: 3, using: &generator).weight.value
    expectLess(abs(convolution.variance(along: 0, 1, 2, 3).item / (2 / (32.0 * 9)) - 1), 0.1)
    let linear = Linear<Double>(100, 64, using: &generator)
    let bound = linear.weight.value.scalars.map(\.magnitude).max()!
    #expect(bound <= 0.1 && bound > 0.099)
    #expect(linear.bias!.value.scalars.map(\.magnitude).max()! <= 0.1)
  }
}
