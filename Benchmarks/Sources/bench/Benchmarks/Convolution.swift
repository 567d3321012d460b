import Tensor

/// Convolutions on a batch of 8: forward, and the gradients of input and weight.
///
/// Of ResNet-50, and in groups: MobileNetV2's depthwise ones, ResNeXt-50's 32 groups. A size is kernel, stride, channels in and out,
/// the height and width of the input, and the number of groups if there are several.
let convolution = Benchmark(
  "conv",
  sizes: [
    "1x1 /1 64-256 56", "1x1 /1 256-64 56", "1x1 /2 256-512 56", "1x1 /1 1024-256 14", "1x1 /1 2048-512 7",
    "3x3 /1 64-64 56", "3x3 /1 128-128 28", "3x3 /1 256-256 14", "3x3 /1 512-512 7", "3x3 /2 128-128 56",
    "7x7 /2 3-64 224", "3x3 /1 144-144 56 in 144", "3x3 /2 192-192 28 in 192", "3x3 /1 384-384 14 in 384",
    "3x3 /1 128-128 56 in 32", "3x3 /1 256-256 28 in 32", "3x3 /1 512-512 14 in 32", "3x3 /1 1024-1024 7 in 32",
  ]
) { size in
  let numbers = size.split { !$0.isNumber }.map { Int($0)! }
  let (kernel, stride, channels, outChannels, side) = (numbers[0], numbers[2], numbers[3], numbers[4], numbers[5])
  let groups = numbers.count > 6 ? numbers[6] : 1
  var generator = RandomGenerator(seed: 1)
  let x = Tensor<Float>.normal([8, side, side, channels], using: &generator)
  let weight = Tensor<Float>.normal([outChannels, channels / groups, kernel, kernel], using: &generator)
  func convolve(_ x: Tensor<Float>, _ weight: Tensor<Float>) -> Tensor<Float> {
    x.conv2d(weight, stride: stride, padding: kernel / 2, groups: groups)
  }
  let y = convolve(x, weight)
  let gradient = Tensor<Float>.normal(y.shape, using: &generator)
  return Work(flops: 6 * Double(y.count * (channels / groups) * kernel * kernel)) {
    let (value, pull) = vjp(at: [x, weight]) { convolve($0[0], $0[1]) }
    keep(value, pull(gradient))
  }
}
