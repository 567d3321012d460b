import NN
import Tensor

// Solves a differential equation with a network: a damped oscillator, u″ + 2δu′ + ω²u = 0 with u(0) = 1 and u′(0) = 0.
// No solution is shown to the network. It is asked to fulfil the equation, so the loss holds derivatives with regard to time,
// and training differentiates these once more (physics-informed networks; Raissi et al., 2019).

let (damping, frequency) = (0.2, 1.5)
var generator = RandomGenerator(seed: 0)
let network = Sequential<Double> {
  Linear(1, 24, using: &generator)
  Tanh()
  Linear(24, 24, using: &generator)
  Tanh()
  Linear(24, 1, using: &generator)
}

/// What the network says u is at some times `[count, 1]`; both conditions at 0 hold by construction.
func displacement(_ time: Tensor<Double>, by network: Sequential<Double>) -> Tensor<Double> {
  1 + time * time * network(time)
}

/// By how much the equation is missed at some times.
func residual(_ time: Tensor<Double>, by network: Sequential<Double>) -> Tensor<Double> {
  // Each u depends on its own time alone, so the gradient of the sum has the derivative at every time.
  let velocity = { time in gradient(at: time) { displacement($0, by: network).sum() } }
  let acceleration = gradient(at: time) { velocity($0).sum() }
  return acceleration + 2 * damping * velocity(time) + frequency * frequency * displacement(time, by: network)
}

let times = Tensor<Double>.linspace(from: 0, through: 6, count: 60).unsqueezed(1)
let optimizer = LBFGS(network.parameters, lineSearch: .strongWolfe)
for step in 1...40 {
  let loss = optimizer.step {
    let missed = residual(times, by: network)
    return (missed * missed).mean()
  }
  if step % 10 == 0 { print("step \(step): mean squared residual \(loss.item)") }
}

// The solution on paper, at times between those of the training.
let between = Tensor<Double>.linspace(from: 0, through: 6, count: 101).unsqueezed(1)
let damped = (frequency * frequency - damping * damping).squareRoot()
let exact = exp(-damping * between) * (cos(damped * between) + damping / damped * sin(damped * between))
let found = withoutRecording { displacement(between, by: network) }
for index in stride(from: 0, to: 101, by: 25) {
  print("u(\(between[index].item)) = \(found[index].item), exactly \(exact[index].item)")
}
let error = abs(found - exact).max().item
print("largest error: \(error)")
guard error < 0.01 else { fatalError("the network has not found the solution") }
