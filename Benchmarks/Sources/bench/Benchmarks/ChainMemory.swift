import Tensor

/// A recorded chain of 100 operations on a million elements, forward and backward: how much memory it takes.
let chainMemory = Benchmark("chain-memory", measuresMemory: true, sizes: ["arithmetic", "activations"]) { size in
  var generator = RandomGenerator(seed: 1)
  let x = Tensor<Float>.uniform([1000, 1000], in: 0.1..<1, using: &generator).tracked()
  let w = Tensor<Float>.uniform([1000, 1000], in: 0.1..<1, using: &generator).tracked()
  return Work {
    var y = x
    for _ in 0..<50 { y = size == "arithmetic" ? y * w + x : tanh(relu(y)) }
    let gradients = y.sum().backward()
    keep(gradients[x])
  }
}
