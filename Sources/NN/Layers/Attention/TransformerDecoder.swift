import Tensor

/// What a decoder must not look at in its own sequence and in the encoder's; see `MultiHeadAttention`.
public struct DecoderMasks {
  /// Where an element must not look at another of its own sequence.
  public var mask: Tensor<Bool>?
  /// Where the own sequence has no element, `[batch, length]`.
  public var padding: Tensor<Bool>?
  /// Whether no element looks at later ones.
  public var isCausal: Bool
  /// Where an element must not look at one of the encoder's.
  public var memoryMask: Tensor<Bool>?
  /// Where the encoder's sequence has no element, `[batch, memory length]`.
  public var memoryPadding: Tensor<Bool>?

  /// Nothing is hidden but what is given.
  public init(
    mask: Tensor<Bool>? = nil, padding: Tensor<Bool>? = nil, isCausal: Bool = false, memoryMask: Tensor<Bool>? = nil,
    memoryPadding: Tensor<Bool>? = nil
  ) {
    (self.mask, self.padding, self.isCausal) = (mask, padding, isCausal)
    (self.memoryMask, self.memoryPadding) = (memoryMask, memoryPadding)
  }
}

/// Self-attention, attention to what an encoder made, and a perceptron (Vaswani et al., 2017), with PyTorch's names and defaults.
public final class TransformerDecoderLayer<Scalar: TensorScalar>: Module {
  private let selfAttn: MultiHeadAttention<Scalar>
  private let multiheadAttn: MultiHeadAttention<Scalar>
  private let linear1: Linear<Scalar>
  private let dropout: Dropout<Scalar>
  private let linear2: Linear<Scalar>
  private let norm1: LayerNorm<Scalar>
  private let norm2: LayerNorm<Scalar>
  private let norm3: LayerNorm<Scalar>
  private let dropout1: Dropout<Scalar>
  private let dropout2: Dropout<Scalar>
  private let dropout3: Dropout<Scalar>
  private let options: TransformerOptions<Scalar>

  /// Makes a layer of a number of dimensions and heads.
  ///
  /// Traps where the dimensions do not divide into the heads.
  public init(
    _ dimensions: Int, heads: Int, options: TransformerOptions<Scalar> = .init(),
    using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    func attention(_ generator: inout RandomGenerator) -> MultiHeadAttention<Scalar> {
      MultiHeadAttention(
        dimensions, heads: heads, dropout: options.dropout, batchFirst: options.batchFirst, using: &generator,
        file: file, line: line)
    }
    func thinning(_ generator: inout RandomGenerator) -> Dropout<Scalar> {
      Dropout(options.dropout, using: &generator, file: file, line: line)
    }
    selfAttn = attention(&generator)
    multiheadAttn = attention(&generator)
    linear1 = Linear(dimensions, options.feedforward, using: &generator)
    dropout = thinning(&generator)
    linear2 = Linear(options.feedforward, dimensions, using: &generator)
    norm1 = LayerNorm(dimensions, epsilon: options.epsilon)
    norm2 = LayerNorm(dimensions, epsilon: options.epsilon)
    norm3 = LayerNorm(dimensions, epsilon: options.epsilon)
    dropout1 = thinning(&generator)
    dropout2 = thinning(&generator)
    dropout3 = thinning(&generator)
    self.options = options
  }

  /// The sequence, in its shape, with what it found in the encoder's, the memory; masks and traps are those of `MultiHeadAttention`.
  public func callAsFunction(
    _ input: Tensor<Scalar>, memory: Tensor<Scalar>, masks: DecoderMasks = .init(), file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Scalar> {
    let own = options.residual(input, norm1) {
      dropout1(
        selfAttn(
          $0, $0, $0, mask: masks.mask, padding: masks.padding, isCausal: masks.isCausal, file: file, line: line))
    }
    let found = options.residual(own, norm2) {
      dropout2(
        multiheadAttn(
          $0, memory, memory, mask: masks.memoryMask, padding: masks.memoryPadding, file: file, line: line))
    }
    return options.residual(found, norm3) { dropout3(linear2(dropout(options.activation(linear1($0))))) }
  }
}

/// Decoder layers one after another, and a normalisation after the last if asked for; named `layers.0`, …, `norm`.
public final class TransformerDecoder<Scalar: TensorScalar>: Module {
  private let layers: [TransformerDecoderLayer<Scalar>]
  private let norm: LayerNorm<Scalar>?

  /// Makes a stack; `normLast` adds a normalisation, which a stack that normalises first needs.
  ///
  /// Traps where the dimensions do not divide into the heads.
  public init(
    _ dimensions: Int, heads: Int, depth: Int, options: TransformerOptions<Scalar> = .init(), normLast: Bool = false,
    using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    var layers: [TransformerDecoderLayer<Scalar>] = []
    for _ in 0..<depth {
      layers.append(
        TransformerDecoderLayer(
          dimensions, heads: heads, options: options, using: &generator, file: file, line: line))
    }
    self.layers = layers
    norm = normLast ? LayerNorm(dimensions, epsilon: options.epsilon) : nil
  }

  /// The sequence, in its shape, with what it found in the memory; masks and traps are those of `MultiHeadAttention`.
  public func callAsFunction(
    _ input: Tensor<Scalar>, memory: Tensor<Scalar>, masks: DecoderMasks = .init(), file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Scalar> {
    let output = layers.reduce(input) { $1($0, memory: memory, masks: masks, file: file, line: line) }
    return norm?(output) ?? output
  }
}

/// An encoder and a decoder that looks at what it made, each normalised at its end: PyTorch's `nn.Transformer`.
public final class Transformer<Scalar: TensorScalar>: Module {
  /// What makes the memory of the source.
  public let encoder: TransformerEncoder<Scalar>
  /// What makes the output of the target and the memory.
  public let decoder: TransformerDecoder<Scalar>

  /// Makes a transformer; all matrices are drawn Xavier-uniformly.
  ///
  /// Traps where the dimensions do not divide into the heads.
  public init(
    _ dimensions: Int = 512, heads: Int = 8, encoderDepth: Int = 6, decoderDepth: Int = 6,
    options: TransformerOptions<Scalar> = .init(), using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    encoder = TransformerEncoder(
      dimensions, heads: heads, depth: encoderDepth, options: options, normLast: true, using: &generator, file: file,
      line: line)
    decoder = TransformerDecoder(
      dimensions, heads: heads, depth: decoderDepth, options: options, normLast: true, using: &generator, file: file,
      line: line)
    for matrix in parameters.map(\.parameter) where matrix.shape.count > 1 {
      matrix.update(.xavierUniform(matrix.shape, using: &generator))
    }
  }

  /// The target's sequence, in its shape; masks and traps are those of `MultiHeadAttention`.
  public func callAsFunction(
    _ source: Tensor<Scalar>, _ target: Tensor<Scalar>, sourceMask: Tensor<Bool>? = nil,
    sourcePadding: Tensor<Bool>? = nil, masks: DecoderMasks = .init(), file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    let memory = encoder(source, mask: sourceMask, padding: sourcePadding, file: file, line: line)
    return decoder(target, memory: memory, masks: masks, file: file, line: line)
  }
}
