import Tensor

/// One operation of `y = y * w + x` on 8 elements, forward and backward to `w` and `x`.
///
/// The size is the number of steps, each of two operations.
let tape = Benchmark("tape", sizes: [100, 10_000]) { steps in
  let w = Tensor<Float>([Float](repeating: 0.9, count: 8)).tracked()
  let x = Tensor<Float>([Float](repeating: 0.1, count: 8)).tracked()
  return Work(repetitions: 2 * steps) {
    var y = x
    for _ in 0..<steps { y = y * w + x }
    let gradients = y.sum().backward()
    keep(gradients[w], gradients[x])
  }
}
