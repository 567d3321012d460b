import NN
import Tensor

// An optimiser of one's own, Rprop, beside plain gradient descent: which of two spirals does a point lie on?

/// Rprop (Riedmiller and Braun, 1993): every weight has a step of its own.
///
/// It grows while the gradient keeps its sign and shrinks when that changes; how large the gradient is does not count.
struct Rprop<Scalar: TensorScalar>: OptimizerRule {
  /// What is kept for each parameter between two steps.
  struct State {
    var step: Tensor<Scalar>
    var gradient: Tensor<Scalar>
  }

  func state(for value: Tensor<Scalar>) -> State {
    State(step: .full(value.shape, 0.01), gradient: .zeros(value.shape))
  }

  // With names the state is saved in files, so that a training can go on.
  var stateNames: StateNames { ["step": \.step, "gradient": \.gradient] }

  func updated(
    _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout State, step: OptimizerStep<Scalar>
  ) -> Tensor<Scalar> {
    let agreement = gradient * state.gradient
    let factor = Tensor<Scalar>.ones(value.shape).replacing(with: 1.2, where: agreement .> 0)
      .replacing(with: 0.5, where: agreement .< 0)
    state.step = (state.step * factor).clamped(to: 1e-6...1)
    // Where the sign has changed, the weight waits for a step.
    state.gradient = gradient.replacing(with: 0, where: agreement .< 0)
    return value - sign(state.gradient) * state.step * step.learningRate
  }
}

var generator = RandomGenerator(seed: 0)
// 200 points on two spirals, [200, 2], and which of them each lies on.
let turn = Tensor<Float>.linspace(from: 0.5, through: 7, count: 100)
let arm = Tensor.stacked([turn * cos(turn), turn * sin(turn)], along: 1) / 4
let points = Tensor.concatenated([arm, -arm]) + Tensor.normal([200, 2], deviation: 0.03, using: &generator)
let labels = Labels((0..<200).map { $0 / 100 })

func makeModel() -> Sequential<Float> {
  var generator = RandomGenerator(seed: 1)
  return Sequential {
    Linear(2, 32, using: &generator)
    Tanh()
    Linear(32, 32, using: &generator)
    Tanh()
    Linear(32, 2, using: &generator)
  }
}

/// The share of the points that a network puts on the right spiral after 200 steps.
func accuracy(_ name: String, _ makeOptimizer: ([NamedParameter<Float>]) -> Optimizer<Float>) -> Double {
  let model = makeModel()
  let optimizer = makeOptimizer(model.parameters)
  for step in 1...200 {
    let loss = optimizer.step { crossEntropy(model(points), labels) }
    if step % 50 == 0 { print("\(name), step \(step): loss \(loss.item)") }
  }
  return Double((model(points).argmax(along: 1) .== labels).sum().item) / 200
}

let descent = accuracy("gradient descent") { SGD($0, learningRate: 0.5) }
let rprop = accuracy("Rprop") { Optimizer(Rprop(), $0, learningRate: 1) }
print("on the right spiral: \(descent * 100) % by gradient descent, \(rprop * 100) % by Rprop")
guard rprop > 0.98, rprop > descent else { fatalError("Rprop has not done better than gradient descent") }
