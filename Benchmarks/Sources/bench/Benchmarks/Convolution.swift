import Tensor

/// Convolutions of ResNet-50 on a batch of 8: forward, and the gradients of input and weight.
///
/// A size is kernel, stride, channels in and out, and the height and width of the input.
let convolution = Benchmark(
  "conv",
  sizes: [
    "1x1 /1 64-256 56", "1x1 /1 256-64 56", "1x1 /2 256-512 56", "1x1 /1 1024-256 14", "1x1 /1 2048-512 7",
    "3x3 /1 64-64 56", "3x3 /1 128-128 28", "3x3 /1 256-256 14", "3x3 /1 512-512 7", "3x3 /2 128-128 56",
    "7x7 /2 3-64 224",
  ]
) { size in
  let numbers = size.split { !$0.isNumber }.map { Int($0)! }
  let (kernel, stride, channels, outChannels, side) = (numbers[0], numbers[2], numbers[3], numbers[4], numbers[5])
  var generator = RandomGenerator(seed: 1)
  let x = Tensor<Float>.normal([8, side, side, channels], using: &generator)
  let weight = Tensor<Float>.normal([outChannels, channels, kernel, kernel], using: &generator)
  let y = x.conv2d(weight, stride: stride, padding: kernel / 2)
  let gradient = Tensor<Float>.normal(y.shape, using: &generator)
  return Work(flops: 6 * Double(y.count * channels * kernel * kernel)) {
    let (value, pull) = pullback(at: [x, weight]) { $0[0].conv2d($0[1], stride: stride, padding: kernel / 2) }
    keep(value, pull(gradient))
  }
}
