import NN
import Tensor

/// Inception with batch normalisation (Ioffe and Szegedy, 2015), the backbone of the Proxy-Anchor and HPL papers.
///
/// The network and the names of its common PyTorch port, which was made from Caffe: `conv1_7x7_s2`,
/// `conv1_7x7_s2_bn`, `inception_3a_1x1`, …, `last_linear`. Its convolutions have biases, its poolings round sizes up.
///
/// `[batch, height, width, 3]` gives the logits `[batch, classes]` or the embeddings `[batch, dimensions]`. The published
/// weights want **blue, green, red** in 0…255 minus 104, 117, 128 (`Vision`'s `CaffeNormalize`). Height and width must be
/// sides that `accepts(side:)`, since others make branches of different size.
public final class BNInception<Scalar: TensorScalar>: Backbone, CustomReflectable {
  private var units: [String: Unit<Scalar>] = [:]
  private var order: [String] = []
  private var lastLinear: Linear<Scalar>?
  private var head: EmbeddingHead<Scalar>?

  /// Makes a network that ends in a classifier, `last_linear`, over the mean of the feature map.
  ///
  /// `width` are the channels of the first convolution, 64 in the published network; the others are in proportion.
  /// Traps unless it is a positive even number.
  public convenience init(classes: Int, width: Int = 64, using generator: inout RandomGenerator) {
    self.init(width: width, using: &generator)
    lastLinear = Linear(16 * width, classes, using: &generator)
  }

  /// Makes a network that ends in an embedding head, `head.linear`; its embeddings are not normalised.
  ///
  /// The width is as for a classifier.
  public convenience init(embedding dimensions: Int, width: Int = 64, using generator: inout RandomGenerator) {
    self.init(width: width, using: &generator)
    head = EmbeddingHead(16 * width, dimensions: dimensions, using: &generator)
  }

  private init(width: Int, using generator: inout RandomGenerator) {
    guard width > 0, width % 2 == 0 else {
      trap("BNInception: a width of \(width) is no positive even number", file: #fileID, line: #line)
    }
    func add(
      _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, _ generator: inout RandomGenerator
    ) {
      order.append(name)
      units[name] = Unit(inputs, outputs, kernel: kernel, stride: stride, using: &generator)
    }
    func scaled(_ channels: Int) -> Int { channels * width / 64 }
    add("conv1_7x7_s2", 3, width, kernel: 7, stride: 2, &generator)
    add("conv2_3x3_reduce", width, width, kernel: 1, &generator)
    add("conv2_3x3", width, 3 * width, kernel: 3, &generator)
    var channels = 3 * width
    for block in InceptionBlock.all {
      let (name, stride) = (block.name, block.stride)
      let (three, double) = (scaled(block.three), scaled(block.double))
      if let one = block.one { add("\(name)_1x1", channels, scaled(one), kernel: 1, &generator) }
      add("\(name)_3x3_reduce", channels, scaled(block.threeReduce), kernel: 1, &generator)
      add("\(name)_3x3", scaled(block.threeReduce), three, kernel: 3, stride: stride, &generator)
      add("\(name)_double_3x3_reduce", channels, scaled(block.doubleReduce), kernel: 1, &generator)
      add("\(name)_double_3x3_1", scaled(block.doubleReduce), double, kernel: 3, &generator)
      add("\(name)_double_3x3_2", double, double, kernel: 3, stride: stride, &generator)
      if let projection = block.projection {
        add("\(name)_pool_proj", channels, scaled(projection), kernel: 1, &generator)
      }
      channels = scaled(block.one ?? 0) + three + double + (block.projection.map(scaled) ?? channels)
    }
  }

  /// That of `last_linear`.
  public static var classifierPrefix: String { "last_linear." }

  /// The stem and the ten blocks.
  public var bodyParts: [[String]] {
    [["conv1_", "conv2_"]] + InceptionBlock.all.map { ["\($0.name)_"] }
  }

  /// Whether pictures may have a side: a multiple of 32, or up to 6 pixels more, such as the 227 of Caffe.
  public static func accepts(side: Int) -> Bool {
    let stem = (side + 1) / 2 / 4  // after the first convolution, which rounds up, and two poolings
    return stem > 0 && stem % 4 == 0
  }

  /// The feature map before the last layer: `[batch, height / 32, width / 32, channels]`.
  ///
  /// Traps unless height and width are multiples of 32, or up to 6 pixels more.
  public func features(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    guard input.rank == 4, input.shape[1...2].allSatisfy(Self.accepts) else {
      trap(
        "BNInception: images \(input.shape) are not [batch, height, width, 3] with multiples of 32, or up to 6 more",
        file: #fileID, line: #line)
    }
    let stem = units["conv1_7x7_s2"]!(input).halvedByMaximum()
    var map = units["conv2_3x3"]!(units["conv2_3x3_reduce"]!(stem)).halvedByMaximum()
    for block in InceptionBlock.all { map = apply(block, map) }
    return map
  }

  private func apply(_ block: InceptionBlock, _ input: Tensor<Scalar>) -> Tensor<Scalar> {
    func unit(_ name: String) -> Unit<Scalar>? { units["\(block.name)_\(name)"] }
    let three = unit("3x3")!(unit("3x3_reduce")!(input))
    let double = unit("double_3x3_2")!(unit("double_3x3_1")!(unit("double_3x3_reduce")!(input)))
    let pooled =
      switch block.pooling {
      case .average: input.averagePooled(3, stride: 1, padding: 1)
      case .maximum: input.maxPooled(3, stride: 1, padding: 1)
      case .halving: input.halvedByMaximum()
      }
    let parts = [unit("1x1")?(input), three, double, unit("pool_proj")?(pooled) ?? pooled]
    return .concatenated(parts.compactMap(\.self), along: 3)
  }

  /// The logits, or the embeddings.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let features = features(input)
    return lastLinear.map { $0(features.mean(along: 1, 2)) } ?? head!(features)
  }

  /// The convolutions and batch-norms under the port's names, which are built from those of the blocks.
  public var customMirror: Mirror {
    var children: [(label: String?, value: Any)] = order.flatMap { name in
      [(name, units[name]!.convolution as Any), ("\(name)_bn", units[name]!.norm as Any)]
    }
    if let lastLinear { children.append(("last_linear", lastLinear)) }
    if let head { children.append(("head", head)) }
    return Mirror(self, children: children, displayStyle: .class)
  }
}

/// A convolution with bias, batch-norm and ReLU.
private struct Unit<Scalar: TensorScalar> {
  let convolution: Conv2D<Scalar>
  let norm: BatchNorm<Scalar>

  init(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int, using generator: inout RandomGenerator) {
    convolution = Conv2D(inputs, outputs, kernel: kernel, stride: stride, padding: (kernel - 1) / 2, using: &generator)
    norm = BatchNorm(outputs)
  }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    norm(input, after: convolution, isRectified: true)
  }
}

/// The channels of the branches of a block, at the published width.
private struct InceptionBlock {
  enum Pooling { case average, maximum, halving }

  let name: String
  /// 1×1; absent in blocks that halve the picture.
  var one: Int?
  let threeReduce: Int
  let three: Int
  let doubleReduce: Int
  let double: Int
  /// 1×1 after the pooling; absent in blocks that halve the picture.
  var projection: Int?
  let pooling: Pooling

  var stride: Int { pooling == .halving ? 2 : 1 }

  init(
    _ name: String, one: Int? = nil, three: (Int, Int), double: (Int, Int), projection: Int? = nil, _ pooling: Pooling
  ) {
    self.name = "inception_\(name)"
    (threeReduce, self.three) = three
    (doubleReduce, self.double) = double
    (self.one, self.projection, self.pooling) = (one, projection, pooling)
  }

  static let all = [
    Self("3a", one: 64, three: (64, 64), double: (64, 96), projection: 32, .average),
    Self("3b", one: 64, three: (64, 96), double: (64, 96), projection: 64, .average),
    Self("3c", three: (128, 160), double: (64, 96), .halving),
    Self("4a", one: 224, three: (64, 96), double: (96, 128), projection: 128, .average),
    Self("4b", one: 192, three: (96, 128), double: (96, 128), projection: 128, .average),
    Self("4c", one: 160, three: (128, 160), double: (128, 160), projection: 128, .average),
    Self("4d", one: 96, three: (128, 192), double: (160, 192), projection: 128, .average),
    Self("4e", three: (128, 192), double: (192, 256), .halving),
    Self("5a", one: 352, three: (192, 320), double: (160, 224), projection: 128, .average),
    Self("5b", one: 352, three: (192, 320), double: (192, 224), projection: 128, .maximum),
  ]
}

extension Tensor where Scalar: TensorScalar {
  /// Maxima of 3×3 windows at every second pixel, of which the last may reach over the edge (PyTorch's `ceil_mode`).
  fileprivate func halvedByMaximum() -> Tensor {
    padded(along: 1, before: 0, after: 1, value: -.infinity).padded(along: 2, before: 0, after: 1, value: -.infinity)
      .maxPooled(3, stride: 2)
  }
}
