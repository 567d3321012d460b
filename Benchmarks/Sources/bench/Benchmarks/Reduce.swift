import Tensor

private let count = 10_000_000

/// Reductions of 10 million elements, `[10000, 1000]`, forward only.
let reduce = Benchmark(
  "reduce",
  sizes: [
    "sum", "sum rows", "sum columns", "max", "max rows", "argmax rows", "variance columns", "softmax", "log-softmax",
    "logsumexp",
  ]
) { size in
  var generator = RandomGenerator(seed: 1)
  let a = Tensor<Float>.normal([count / 1000, 1000], using: &generator)
  let (trips, run): (Int, () -> Void) =
    switch size {
    case "sum": (1, { keep(a.sum()) })
    case "sum rows": (1, { keep(a.sum(along: 1)) })
    case "sum columns": (1, { keep(a.sum(along: 0)) })
    case "max": (1, { keep(a.max()) })
    case "max rows": (1, { keep(a.max(along: 1)) })
    case "argmax rows": (1, { keep(a.argmax(along: 1)) })
    case "variance columns": (1, { keep(a.variance(along: 0)) })
    case "softmax": (2, { keep(a.softmax(along: 1)) })
    case "log-softmax": (2, { keep(a.logSoftmax(along: 1)) })
    default: (1, { keep(a.logSumExp(along: 1)) })
    }
  return Work(bytes: Double(trips * count * 4), run: run)
}
