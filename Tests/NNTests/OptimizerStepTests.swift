import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// Whether something that only the graph holds is still there.
private final class Witness: @unchecked Sendable {}

/// The closure form of a step, and rules of one's own.
@Suite struct OptimizerStepTests {
  private func weight() -> (Parameter<Double>, [NamedParameter<Double>]) {
    let parameter = Parameter<Double>([1, 2])
    return (parameter, [NamedParameter(name: "weight", parameter: parameter)])
  }

  /// A moving average of the gradient, and a decay: of all rows together, or of any.
  private struct Average: OptimizerRule {
    let isElementwise: Bool
    var weightDecay: Double { 0.01 }
    var stateNames: StateNames { ["average": \.self] }
    func updated(
      _ value: Tensor<Float>, by gradient: Tensor<Float>, state: inout Tensor<Float>, step: OptimizerStep<Float>
    ) -> Tensor<Float> {
      state = state * 0.9 + gradient
      return value * (1 - step.learningRate * step.weightDecay) - state * step.learningRate
    }
  }

  /// Of rows that take part, so many that they do not go into the cache together, some are changed at a time: the same bits.
  @Test(arguments: [(30, 30_000), (3, 300_000), (5, 7), (0, 5)])
  func rowsThatTakePartAreChangedPartByPart(active: Int, width: Int) {
    func train(_ rule: some OptimizerRule<Float>) -> [Float] {
      var generator = RandomGenerator(seed: 5)
      let parameter = Parameter<Float>(.normal([active + 9, width], using: &generator))
      let parameters = [NamedParameter(name: "weight", parameter: parameter)]
      let optimizer = Optimizer(rule, parameters, learningRate: 0.1)
      for step in 0..<3 {
        parameter.activate(rows: Tensor<Int>((0..<active).map { $0 + step * 3 }))
        optimizer.step { (parameter.activeValue * parameter.activeValue).sum() }
      }
      return parameter.value.scalars
    }
    expectEqual(train(Average(isElementwise: true)), train(Average(isElementwise: false)))
  }

  @Test func aStepReturnsItsLossAsAConstant() {
    let (weight, parameters) = weight()
    let optimizer = SGD(parameters, learningRate: 0.5)
    let loss = optimizer.step { (weight.value * weight.value).sum() }
    #expect(loss.item == 5 && !loss.isTracked)
    expectEqual(weight.value.scalars, [0, 0])
    expectEqual(optimizer.stepCount, 1)
  }

  /// What an operation keeps is gone when the operation before it is walked back, also where the closure has named its results.
  @Test func theGraphOfAStepIsFreedOnTheWay() {
    let (weight, parameters) = weight()
    weak var kept: Witness?
    var wasFreed: [Bool] = []
    func loss() -> Tensor<Double> {
      let first = withPullback(at: weight.value) { x in
        (
          x * 2,
          { gradient in
            wasFreed.append(kept == nil)
            return gradient * 2
          }
        )
      }
      let witness = Witness()
      kept = witness
      let second = withPullback(at: first) { x in
        (
          x * 3,
          { gradient in
            withExtendedLifetime(witness) {}
            return gradient * 3
          }
        )
      }
      let result = second.sum()
      return result
    }
    let optimizer = SGD(parameters, learningRate: 0.25)
    let value = optimizer.step { loss() }
    #expect(kept == nil)
    expectEqual(wasFreed, [true])
    let held = loss()
    optimizer.step(held.backward())
    #expect(kept != nil && wasFreed == [true, false], "a variable that holds the result holds the graph")
    withExtendedLifetime((value, held)) {}
  }

  @Test func gradientsAddUpAndAreClipped() {
    let (weight, parameters) = weight()
    let optimizer = SGD(parameters, learningRate: 1)
    var (value, gradients) = valueWithGradients { (weight.value * 3).sum() }
    gradients.add(valueWithGradients { (weight.value * 1).sum() }.gradients)
    expectEqual(value.item, 9)
    gradients.clipValues(of: parameters, to: 0.5)
    optimizer.step(gradients)
    expectEqual(weight.value.scalars, [0.5, 1.5])
    value = optimizer.step { weight.value.sum() }
    expectEqual(value.item, 2)
  }

  /// The sign of the gradient, by an average of its own.
  private struct SignDescent<Scalar: TensorScalar>: OptimizerRule {
    struct State {
      var average: Tensor<Scalar>
      var last: Tensor<Scalar>
    }

    func state(for value: Tensor<Scalar>) -> State { State(average: .zeros(value.shape), last: Tensor(0)) }
    var stateNames: StateNames { ["average": \.average] }  // the other one needs no place in a file

    func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout State, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      state.average = state.average + gradient / Scalar(step.count)
      state.last = gradient
      return value - (sign(state.average) + value * step.weightDecay) * step.learningRate
    }
  }

  @Test func aRuleOfOnesOwnHasNamedState() throws {
    let (weight, parameters) = weight()
    let groups = [ParameterGroup(parameters, learningRate: 0.25, name: "all")]
    let optimizer = Optimizer(SignDescent(), groups)
    for _ in 0..<2 { optimizer.step { (weight.value * Tensor([3, -1])).sum() } }
    expectEqual(weight.value.scalars, [0.5, 2.5])
    var file = Safetensors()
    optimizer.save(into: &file)
    expectEqual(file.names, ["optimizer.step", "optimizer.all.weight.step", "optimizer.all.weight.average"])
    try expectEqual(file.tensor("optimizer.all.weight.average", as: Double.self).scalars, [4.5, -1.5])
    let other = Optimizer(SignDescent(), groups)
    try other.load(file)
    other.setLearningRate(1, ofGroup: "all")
    other.step { (weight.value * Tensor([-1, 0])).sum() }
    expectEqual(weight.value.scalars, [-0.5, 3.5])
    expectEqual(other.stepCount, 3)
  }

  @Test func unknownNamesTrap() async {
    let group = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      SGD([ParameterGroup<Float>]()).setLearningRate(1, ofGroup: "head")
    }
    let groupMessage = text(group?.standardErrorContent)
    #expect(groupMessage.contains("Optimizer: no group is called 'head'"))
  }

  /// Its state does not have the parameter's shape.
  private struct Careless: OptimizerRule {
    func state(for value: Tensor<Float>) -> Tensor<Float> { Tensor(0) }
    var stateNames: StateNames { ["mean": \.self] }
    func updated(
      _ value: Tensor<Float>, by gradient: Tensor<Float>, state: inout Tensor<Float>, step: OptimizerStep<Float>
    ) -> Tensor<Float> { value }
  }

  @Test func whatARuleCannotKeepTraps() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weight = Parameter<Float>([1])
      Optimizer(Careless(), [NamedParameter(name: "weight", parameter: weight)], learningRate: 1).step {
        weight.value.sum()
      }
    }
    let shapeMessage = text(shape?.standardErrorContent)
    #expect(
      shapeMessage.contains("Careless: the state 'mean' of shape [] does not have the shape [1] of its parameter"))
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Still: OptimizerRule {
        func updated(
          _ value: Tensor<Float>, by gradient: Tensor<Float>, state: inout Void, step: OptimizerStep<Float>
        ) -> Tensor<Float> { value }
      }
      _ = Optimizer(Still(), [NamedParameter(name: "weight", parameter: Parameter<Float>([1]))])
    }
    let rateMessage = text(rate?.standardErrorContent)
    #expect(rateMessage.contains("Optimizer: no learning rate is given for group '0'"))
  }
}
