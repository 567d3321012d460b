import Tensor

/// Matrix products `[m, k] · [k, n]`: square ones, a convolution's skinny one, a batch against proxies and against few of them.
let matmul = Benchmark(
  "matmul", sizes: ["256x256x256", "1024x1024x1024", "2048x2048x2048", "12544x64x64", "180x512x11318", "180x512x100"]
) { size in
  let sizes = size.split(separator: "x").map { Int($0)! }
  var generator = RandomGenerator(seed: 1)
  let a = Tensor<Float>.normal([sizes[0], sizes[1]], using: &generator)
  let b = Tensor<Float>.normal([sizes[1], sizes[2]], using: &generator)
  return Work(flops: 2 * Double(sizes[0] * sizes[1] * sizes[2])) { keep(a.matmul(b)) }
}
