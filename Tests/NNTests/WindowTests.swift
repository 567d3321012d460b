import NN
import Tensor
import Testing
import _TestSupport

/// Convolutions and poolings along one, two and three axes with PyTorch's weights: sizes that differ between axes, named paddings.
@Suite struct WindowTests {
  @Test(arguments: moduleCases("convolution")) func convolution(_ golden: GoldenCase) throws {
    var generator = RandomGenerator(seed: 1)
    let (axes, kernel) = (golden.argument("axes", as: Int.self), sizes("kernel_size", golden)!)
    let stride = sizes("stride", golden) ?? [Int](repeating: 1, count: axes)
    let dilation = sizes("dilation", golden) ?? [Int](repeating: 1, count: axes)
    let groups: Int = golden.argument("groups", default: 1)
    let hasBias: Bool = golden.argument("bias", default: true)
    func layer(_ padding: some AxisPadding) -> any Layer<Double> {
      switch axes {
      case 1:
        Conv1D(
          4, 6, kernel: kernel[0], stride: stride[0], padding: padding, dilation: dilation[0], groups: groups,
          hasBias: hasBias, using: &generator)
      case 2:
        Conv2D(
          4, 6, kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups, hasBias: hasBias,
          using: &generator)
      default:
        Conv3D(
          4, 6, kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups, hasBias: hasBias,
          using: &generator)
      }
    }
    switch golden.argument("padding", default: "") {
    case "same": agree(layer(.same), golden)
    case "valid": agree(layer(.valid), golden)
    default: agree(sizes("padding", golden).map { layer($0) } ?? layer(0), golden)
    }
  }

  @Test(arguments: moduleCases("transposed")) func transposed(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let (axes, kernel) = (golden.argument("axes", as: Int.self), sizes("kernel_size", golden)!)
    let stride = sizes("stride", golden) ?? [Int](repeating: 1, count: axes)
    let dilation = sizes("dilation", golden) ?? [Int](repeating: 1, count: axes)
    let padding = sizes("padding", golden) ?? [Int](repeating: 0, count: axes)
    let extra = sizes("output_padding", golden) ?? [Int](repeating: 0, count: axes)
    let groups: Int = golden.argument("groups", default: 1)
    let hasBias: Bool = golden.argument("bias", default: true)
    switch axes {
    case 1:
      agree(
        ConvTranspose1D(
          4, 6, kernel: kernel[0], stride: stride[0], padding: padding[0], outputPadding: extra[0],
          dilation: dilation[0], groups: groups, hasBias: hasBias, using: &generator), golden)
    case 2:
      agree(
        ConvTranspose2D(
          4, 6, kernel: kernel, stride: stride, padding: padding, outputPadding: extra, dilation: dilation,
          groups: groups, hasBias: hasBias, using: &generator), golden)
    default:
      agree(
        ConvTranspose3D(
          4, 6, kernel: kernel, stride: stride, padding: padding, outputPadding: extra, dilation: dilation,
          groups: groups, hasBias: hasBias, using: &generator), golden)
    }
  }

  @Test(arguments: moduleCases("pooling")) func pooling(_ golden: GoldenCase) {
    let axes: Int = golden.argument("axes")
    let size = sizes("kernel_size", golden) ?? [Int](repeating: golden.argument("kernel_size"), count: axes)
    let (stride, padding) = (sizes("stride", golden), sizes("padding", golden) ?? [Int](repeating: 0, count: axes))
    let layers: [String: [any Layer<Double>]] = [
      "max": [
        MaxPool1D(size, stride: stride, padding: padding), MaxPool2D(size, stride: stride, padding: padding),
        MaxPool3D(size, stride: stride, padding: padding),
      ],
      "mean": [
        AveragePool1D(size, stride: stride, padding: padding), AveragePool2D(size, stride: stride, padding: padding),
        AveragePool3D(size, stride: stride, padding: padding),
      ],
    ]
    agree(layers[golden.argument("kind")]![axes - 1], golden)
  }

  /// Where one number of each is enough, the engine's own is taken, and where one is not, zeros and slices give the same.
  @Test(arguments: [(2, 1, 1), (1, 0, 2), (3, 2, 0)]) func transposedBothWays(
    _ stride: Int, _ padding: Int, _ extra: Int
  ) {
    let (x, weight) = (signedSample([2, 4, 5, 3]), signedSample([3, 2, 3, 3], seed: 2))
    let extra = min(extra, stride - 1)
    let even = x.convTransposed2d(weight, stride: stride, padding: padding, outputPadding: extra)
    let slow = x.unsqueezed(1).convTransposed3d(
      weight.unsqueezed(2), stride: [1, stride, stride], padding: [0, padding, padding],
      outputPadding: [0, extra, extra]
    ).squeezed(1)
    expectLess(difference(even, slow), 1e-12)
    let listed = x.convTransposed2d(
      weight, stride: [stride, stride], padding: [padding, padding], outputPadding: [extra, extra], dilation: 1)
    expectEqual(difference(listed, even), 0)
  }

  @Test func layersTrapWhereTheyAreMade() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = ConvTranspose2D<Float>(2, 2, kernel: 3, stride: [1, 2, 3], using: &generator)
    }
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = ConvTranspose2D<Float>(2, 2, kernel: 3, stride: 2, outputPadding: 2, using: &generator)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("WindowTests.swift") && message.contains("ConvTranspose2D: output padding 2"))
    let kernel = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = Conv2D<Float>(2, 2, kernel: -1, using: &generator)
    }
    let said = text(kernel?.standardErrorContent)
    #expect(said.contains("Conv2D: "))
  }

  @Test func thereAreCases() {
    expectEqual(["convolution", "transposed", "pooling"].map { moduleCases($0).count }, [18, 12, 12])
  }

  /// Defaults are PyTorch's: a bias, and no padding.
  @Test func defaults() {
    var generator = RandomGenerator(seed: 1)
    let layer = Conv2D<Float>(3, 4, kernel: 3, using: &generator)
    expectEqual(layer.parameters.map(\.name), ["weight", "bias"])
    expectEqual(layer(.zeros([1, 8, 8, 3])).shape, [1, 6, 6, 4])
  }

  /// A normalisation after a convolution of uneven sizes, which is not fused.
  @Test func normalizationAfterUnevenSizes() {
    var generator = RandomGenerator(seed: 2)
    let convolution = Conv2D<Double>(3, 4, kernel: [3, 1], stride: [1, 2], padding: .valid, using: &generator)
    let norm = BatchNorm<Double>(4)
    norm.runningVar.update(.full([4], 3))
    norm.evaluate()
    let x = Tensor<Double>.normal([2, 5, 4, 3], using: &generator)
    expectEqual(difference(norm(x, after: convolution), norm(convolution(x))), 0)
  }

  @Test func gradientsOfBothOrders() throws {
    var generator = RandomGenerator(seed: 3)
    let image = Tensor<Double>.normal([1, 4, 4, 2], using: &generator)
    let layer = Conv2D<Double>(2, 2, kernel: [2, 2], stride: [2, 1], padding: [1, 0], using: &generator)
    try gradientCheck(of: layer, at: image)
    let volume = Conv3D<Double>(2, 2, kernel: 2, stride: [1, 2, 1], using: &generator)
    try gradientCheck(of: volume, at: .normal([1, 2, 3, 3, 2], using: &generator))
    let spread = ConvTranspose2D<Double>(2, 2, kernel: [2, 1], stride: [1, 2], using: &generator)
    try gradientCheck(of: spread, at: .normal([1, 2, 2, 2], using: &generator))
  }

  @Test func aLayerInAModelSaysWhereItIs() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      let model = Sequential<Float> {
        Conv2D(3, 4, kernel: 3, using: &generator)
        Sequential([Flatten(), Linear(5, 2, using: &generator)])
      }
      _ = model.parameters
      _ = model(.zeros([2, 8, 8, 3]))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("Linear '1.1': found [2, 144], expected [..., 5]"))
    let norm = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BatchNorm<Float>(4)(.zeros([2, 4, 8, 8]))
    }
    let ofChannels = text(norm?.standardErrorContent)
    #expect(ofChannels.contains("BatchNorm: found [2, 4, 8, 8], expected [..., 4]"))
  }

  @Test func whatDoesNotFitTraps() async {
    let first = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = Conv2D<Float>(3, 4, kernel: 3, using: &generator)(.zeros([2, 3, 8, 8]))
    }
    let ofChannels = text(first?.standardErrorContent)
    #expect(
      ofChannels.contains(
        "Conv2D: found [2, 3, 8, 8], expected [batch, height, width, 3]: images are channels-last here"))
    let same = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = Conv2D<Float>(3, 4, kernel: 3, stride: 2, padding: .same, using: &generator)
    }
    let ofSame = text(same?.standardErrorContent)
    #expect(ofSame.contains("Conv2D: padding same does not fit a kernel [3, 3] with stride 2"))
    let kernel = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = Conv2D<Float>(3, 4, kernel: [3, 3, 3], using: &generator)
    }
    let ofKernel = text(kernel?.standardErrorContent)
    #expect(ofKernel.contains("Conv2D: a kernel [3, 3, 3] is not one size for each of 2 axes"))
    let pool = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MaxPool2D<Float>(2)(.zeros([3, 8, 8]))
    }
    let ofPool = text(pool?.standardErrorContent)
    #expect(ofPool.contains("MaxPool2D: found [3, 8, 8], expected 2 axes between batch and channels"))
  }

  private func agree(_ layer: any Layer<Double>, _ golden: GoldenCase) {
    expectModuleAgreement(of: layer, with: golden) { [layer($0[0])] }
  }
}

/// A list of sizes, where the case has one; a single number is none.
private func sizes(_ key: String, _ golden: GoldenCase) -> [Int]? {
  let list: [Int] = golden.argument(key, default: [])
  return list.isEmpty ? nil : list
}
