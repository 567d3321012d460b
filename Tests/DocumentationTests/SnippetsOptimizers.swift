import Foundation
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

// snippet: own-optimizer
/// The sign of the momentum (Bernstein et al., 2018), with decoupled weight decay.
struct Signum<Scalar: TensorScalar>: OptimizerRule {
  struct State { var momentum: Tensor<Scalar> }  // what is kept for each parameter
  func state(for value: Tensor<Scalar>) -> State { State(momentum: .zeros(value.shape)) }
  var stateNames: StateNames { ["momentum": \.momentum] }  // what files have, and what rows are taken of

  var decay = 0.9
  var isElementwise: Bool { true }  // no element depends on another: some rows, or each rank's, may be changed alone

  func updated(
    _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout State, step: OptimizerStep<Scalar>
  ) -> Tensor<Scalar> {
    state.momentum = state.momentum * Scalar(decay) + gradient * Scalar(1 - decay)
    return value * (1 - step.learningRate * step.weightDecay) - sign(state.momentum) * step.learningRate
  }
}
// end snippet

/// The page on optimizers, as a user would write it.
@Suite struct OptimizersSnippets {
  private var generator = RandomGenerator(seed: 0)

  @Test mutating func oneLine() throws {
    let model = Sequential<Float>(
      Linear<Float>(2, 8, using: &generator), ReLU(), Linear<Float>(8, 1, using: &generator))
    let x = Tensor<Float>.normal([32, 2], using: &generator)
    let y = x.sum(along: 1, keepsAxes: true)
    // snippet: optimizer
    let optimizer = AdamW(model.parameters, learningRate: 1e-2)
    for _ in 0..<100 {
      optimizer.step { (model(x) - y).raised(to: 2).mean() }
    }
    // end snippet
    expectLess((model(x) - y).raised(to: 2).mean().item, 0.1)

    // snippet: optimizer-groups
    let groups = [
      ParameterGroup(model.parameters.filter { $0.name.hasSuffix("weight") }, name: "weights"),
      ParameterGroup(
        model.parameters.filter { $0.name.hasSuffix("bias") }, learningRate: 1e-3, weightDecay: 0, name: "biases"),
    ]
    let grouped = SGD(groups, learningRate: 1e-2, momentum: 0.9, isNesterov: true, weightDecay: 1e-4)
    // end snippet
    expectEqual(grouped.groups.map(\.learningRate), [1e-2, 1e-3])

    // snippet: optimizer-schedule
    let schedule = Schedule.oneCycle(over: 100)
    var plateau = ReduceOnPlateau(factor: 0.5, patience: 3)
    for step in 0..<100 {
      grouped.learningRateFactor = schedule.factor(at: step) * plateau.factor
      let loss = grouped.step { (model(x) - y).raised(to: 2).mean() }
      if step % 10 == 9 { _ = plateau.factor(after: Double(loss.item)) }
    }
    // end snippet
    expectEqual(grouped.stepCount, 100)

    // snippet: optimizer-own-use
    let signum = Optimizer(Signum(decay: 0.95), model.parameters, learningRate: 1e-3)
    signum.step { (model(x) - y).raised(to: 2).mean() }
    // end snippet
    var file = Safetensors()
    signum.save(into: &file)
    #expect(file.contains("optimizer.0.0.weight.momentum"))

    // snippet: optimizer-initial
    let weight = Tensor<Float>.xavierUniform([64, 32], using: &generator)
    let recurrent = Tensor<Float>.orthogonal([64, 64], gain: Float(2).squareRoot(), using: &generator)
    // end snippet
    expectEqual(weight.shape, [64, 32])
    expectEqual(recurrent.shape, [64, 64])
  }

  @Test func lbfgs() {
    // snippet: lbfgs
    let x = Parameter<Double>([-1.2, 1])
    let optimizer = LBFGS([NamedParameter(name: "x", parameter: x)], lineSearch: .strongWolfe)
    for _ in 0..<3 {
      optimizer.step {  // Rosenbrock's valley, whose lowest point is [1, 1]
        let (a, b) = (x.value[0], x.value[1])
        return 100 * (b - a * a).raised(to: 2) + (1 - a).raised(to: 2)
      }
    }
    // end snippet
    expectLess(difference(x.value, Tensor([1, 1])), 1e-3)
  }

  @Test mutating func moduleCheck() throws {
    let images: Tensor<Double> = signedSample([2, 5, 5, 3])
    // snippet: module-check
    let layer = Conv2D<Double>(3, 2, kernel: 3, using: &generator)
    try gradientCheck(of: layer, at: images)  // weight, bias and images, first and second order
    // end snippet
    expectEqual(layer.parameters.map(\.name), ["weight", "bias"])
  }
}
