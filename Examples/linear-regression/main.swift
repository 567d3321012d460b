import Tensor

// Fits a line through noisy points, in three dimensions: gradient descent written out, with tensors alone.

var generator = RandomGenerator(seed: 0)

// What the fit should find.
let trueWeights: Tensor<Float> = [2, -3, 0.5]
let trueBias: Float = 1

// 200 points, a row each, and a number for each of them that is not exact.
let inputs = Tensor<Float>.normal([200, 3], using: &generator)
let noise = Tensor<Float>.normal([200], deviation: 0.1, using: &generator)
let targets = inputs.matmul(trueWeights) + trueBias + noise

var weights = Tensor<Float>.zeros([3])
var bias = Tensor<Float>(0)
let learningRate: Float = 0.1

for step in 1...100 {
  // The loss as a function of what is learned; its gradients come with it, one for each argument.
  let (loss, (weightsGradient, biasGradient)) = valueWithGradient(at: weights, bias) { weights, bias in
    let errors = inputs.matmul(weights) + bias - targets
    return (errors * errors).mean()
  }
  weights -= learningRate * weightsGradient
  bias -= learningRate * biasGradient
  if step == 1 || step % 25 == 0 { print("step \(step): mean squared error \(loss.item)") }
}

print("weights \(weights.scalars), bias \(bias.item)")

// The same in one go: least squares, with a column of ones for the bias.
let exact = Tensor.concatenated([inputs, .ones([200, 1])], along: 1).leastSquares(targets)
let learned = Tensor.concatenated([weights, bias.reshaped([1])])
let difference = abs(learned - exact).max().item
print("largest difference from the exact least squares: \(difference)")
guard difference < 1e-3 else { fatalError("gradient descent has not arrived at the least squares") }
