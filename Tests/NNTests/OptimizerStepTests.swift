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

  /// AdamW that asks for all rows together.
  private struct Whole: OptimizerRule {
    let rule = AdamW()
    var weightDecay: Double { rule.weightDecay }
    var stateNames: [String] { rule.stateNames }
    func updated<Scalar: TensorScalar>(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout OptimizerState<Scalar>, learningRate: Scalar,
      weightDecay: Scalar
    ) -> Tensor<Scalar> {
      rule.updated(value, by: gradient, state: &state, learningRate: learningRate, weightDecay: weightDecay)
    }
  }

  /// Of rows that take part, so many that they do not go into the cache together, some are changed at a time: the same bits.
  @Test(arguments: [(30, 30_000), (3, 300_000), (5, 7), (0, 5)])
  func rowsThatTakePartAreChangedPartByPart(active: Int, width: Int) {
    func train(_ rule: some OptimizerRule) -> [Float] {
      var generator = RandomGenerator(seed: 5)
      let parameter = Parameter<Float>(.normal([active + 9, width], using: &generator))
      let parameters = [NamedParameter(name: "weight", parameter: parameter)]
      let optimizer = Optimizer(rule, groups: [.init(parameters, learningRate: 0.1)])
      for step in 0..<3 {
        parameter.activate(rows: Tensor<Int>((0..<active).map { $0 + step * 3 }))
        optimizer.step { (parameter.activeValue * parameter.activeValue).sum() }
      }
      return parameter.value.scalars
    }
    #expect(train(AdamW()) == train(Whole()))
  }

  @Test func aStepReturnsItsLossAsAConstant() {
    let (weight, parameters) = weight()
    let optimizer = Optimizer(SGD(), groups: [.init(parameters, learningRate: 0.5)])
    let loss = optimizer.step { (weight.value * weight.value).sum() }
    #expect(loss.item == 5 && !loss.isTracked)
    #expect(weight.value.scalars == [0, 0] && optimizer.stepCount == 1)
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
    let optimizer = Optimizer(SGD(), groups: [.init(parameters, learningRate: 0.25)])
    let value = optimizer.step { loss() }
    #expect(kept == nil && wasFreed == [true])
    let held = loss()
    optimizer.step(held.backward())
    #expect(kept != nil && wasFreed == [true, false], "a variable that holds the result holds the graph")
    withExtendedLifetime((value, held)) {}
  }

  @Test func gradientsAddUpAndAreClipped() {
    let (weight, parameters) = weight()
    let optimizer = Optimizer(SGD(), groups: [.init(parameters, learningRate: 1)])
    var (value, gradients) = valueWithGradients { (weight.value * 3).sum() }
    gradients.add(valueWithGradients { (weight.value * 1).sum() }.gradients)
    #expect(value.item == 9)
    gradients.clipValues(of: parameters, to: 0.5)
    optimizer.step(gradients)
    #expect(weight.value.scalars == [0.5, 1.5])
    value = optimizer.step { weight.value.sum() }
    #expect(value.item == 2)
  }

  /// The sign of the gradient, by an average of its own.
  private struct SignDescent: OptimizerRule {
    var weightDecay = 0.0
    var stateNames: [String] { ["average"] }

    func updated<Scalar: TensorScalar>(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout OptimizerState<Scalar>, learningRate: Scalar,
      weightDecay: Scalar
    ) -> Tensor<Scalar> {
      state["average"] = state["average"] + gradient / Scalar(state.step)
      return value - (sign(state["average"]) + value * weightDecay) * learningRate
    }
  }

  @Test func aRuleOfOnesOwnHasNamedState() throws {
    let (weight, parameters) = weight()
    let groups = [ParameterGroup(parameters, learningRate: 0.25, name: "all")]
    let optimizer = Optimizer(SignDescent(), groups: groups)
    for _ in 0..<2 { optimizer.step { (weight.value * Tensor([3, -1])).sum() } }
    #expect(weight.value.scalars == [0.5, 2.5])
    var file = Safetensors()
    optimizer.save(into: &file)
    #expect(file.names == ["optimizer.step", "optimizer.all.weight.step", "optimizer.all.weight.average"])
    #expect(try file.tensor("optimizer.all.weight.average", as: Double.self).scalars == [4.5, -1.5])
    let other = Optimizer(SignDescent(), groups: groups)
    try other.load(file)
    other.setLearningRate(1, ofGroup: "all")
    other.step { (weight.value * Tensor([-1, 0])).sum() }
    #expect(weight.value.scalars == [-0.5, 3.5] && other.stepCount == 3)
  }

  @Test func unknownNamesTrap() async {
    let group = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Optimizer<Float>(SGD(), groups: []).setLearningRate(1, ofGroup: "head")
    }
    let groupMessage = text(group?.standardErrorContent)
    #expect(groupMessage.contains("Optimizer: no group is called 'head'"))
    let state = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Careless: OptimizerRule {
        var weightDecay = 0.0
        var stateNames: [String] { ["mean"] }
        func updated<Scalar: TensorScalar>(
          _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout OptimizerState<Scalar>,
          learningRate: Scalar, weightDecay: Scalar
        ) -> Tensor<Scalar> { state["maen"] }
      }
      let weight = Parameter<Float>([1])
      let parameters = [NamedParameter(name: "weight", parameter: weight)]
      Optimizer(Careless(), groups: [.init(parameters, learningRate: 1)]).step { weight.value.sum() }
    }
    let stateMessage = text(state?.standardErrorContent)
    #expect(stateMessage.contains("OptimizerState: nothing is called 'maen', only [\"mean\"]"))
  }
}
