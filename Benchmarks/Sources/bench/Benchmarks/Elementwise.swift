import Tensor

private let count = 10_000_000

/// Operations on 10 million elements each, forward only.
let elementwise = Benchmark(
  "elementwise", sizes: ["add", "multiply-add", "row-add", "relu", "exp", "log", "tanh", "sigmoid", "gelu", "where"]
) { size in
  var generator = RandomGenerator(seed: 1)
  func sample(_ shape: [Int]) -> Tensor<Float> { .uniform(shape, in: 0.1..<2, using: &generator) }
  let (a, b, c) = (sample([count / 1000, 1000]), sample([count / 1000, 1000]), sample([count / 1000, 1000]))
  let row = sample([1000])
  let mask = a .> b
  let (trips, run): (Int, () -> Void) =
    switch size {
    case "add": (3, { keep(a + b) })
    case "multiply-add": (4, { keep(a * b + c) })
    case "row-add": (2, { keep(a + row) })
    case "relu": (2, { keep(relu(a)) })
    case "exp": (2, { keep(exp(a)) })
    case "log": (2, { keep(log(a)) })
    case "tanh": (2, { keep(tanh(a)) })
    case "sigmoid": (2, { keep(sigmoid(a)) })
    case "gelu": (2, { keep(gelu(a)) })
    default: (3, { keep(Tensor.where(mask, a, b)) })
    }
  return Work(bytes: Double(trips * count * 4), run: run)
}
