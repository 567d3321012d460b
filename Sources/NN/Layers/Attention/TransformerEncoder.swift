import Tensor

/// Options that the layers of a transformer share, with PyTorch's defaults.
public struct TransformerOptions<Scalar: TensorScalar> {
  /// The width of the perceptron between its two maps.
  public var feedforward: Int
  /// The probability of dropping an element: of attention's weights, between the perceptron's maps, and of what each part adds.
  public var dropout: Double
  /// What stands between the perceptron's maps; one for all layers, without parameters.
  public var activation: any Layer<Scalar>
  /// What the normalisations add to variances.
  public var epsilon: Scalar
  /// Whether each part normalises its input ("pre-norm") and not the sum of input and output.
  public var normFirst: Bool
  /// Whether sequences are `[batch, length, dimensions]` and not `[length, batch, dimensions]`.
  public var batchFirst: Bool

  /// PyTorch's options, but for those that are given; traps for an activation with parameters, which all layers would share.
  public init(
    feedforward: Int = 2048, dropout: Double = 0.1, activation: any Layer<Scalar> = ReLU<Scalar>(),
    epsilon: Scalar = 1e-5, normFirst: Bool = false, batchFirst: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      activation.parameters.isEmpty,
      "TransformerOptions: activation \(type(of: activation)) has parameters, which all layers would share", file: file,
      line: line)
    (self.feedforward, self.dropout, self.activation) = (feedforward, dropout, activation)
    (self.epsilon, self.normFirst, self.batchFirst) = (epsilon, normFirst, batchFirst)
  }

  /// `input + part(input)`, normalised before or after.
  func residual(
    _ input: Tensor<Scalar>, _ norm: LayerNorm<Scalar>, _ part: (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Tensor<Scalar> {
    normFirst ? input + part(norm(input)) : norm(input + part(input))
  }
}

/// Self-attention and a perceptron, each added to its input and normalised (Vaswani et al., 2017), with PyTorch's names and defaults.
public final class TransformerEncoderLayer<Scalar: TensorScalar>: Layer {
  private let selfAttn: MultiHeadAttention<Scalar>
  private let linear1: Linear<Scalar>
  private let dropout: Dropout<Scalar>
  private let linear2: Linear<Scalar>
  private let norm1: LayerNorm<Scalar>
  private let norm2: LayerNorm<Scalar>
  private let dropout1: Dropout<Scalar>
  private let dropout2: Dropout<Scalar>
  private let options: TransformerOptions<Scalar>

  /// Makes a layer of a number of dimensions and heads.
  ///
  /// Traps where the dimensions do not divide into the heads.
  public init(
    _ dimensions: Int, heads: Int, options: TransformerOptions<Scalar> = .init(),
    using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    selfAttn = MultiHeadAttention(
      dimensions, heads: heads, dropout: options.dropout, batchFirst: options.batchFirst, using: &generator, file: file,
      line: line)
    linear1 = Linear(dimensions, options.feedforward, using: &generator)
    dropout = Dropout(options.dropout, using: &generator, file: file, line: line)
    linear2 = Linear(options.feedforward, dimensions, using: &generator)
    norm1 = LayerNorm(dimensions, epsilon: options.epsilon)
    norm2 = LayerNorm(dimensions, epsilon: options.epsilon)
    dropout1 = Dropout(options.dropout, using: &generator, file: file, line: line)
    dropout2 = Dropout(options.dropout, using: &generator, file: file, line: line)
    self.options = options
  }

  /// The sequence without masks.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { self(input, mask: nil) }

  /// The sequence, in its shape; masks and traps are those of `MultiHeadAttention`.
  public func callAsFunction(
    _ input: Tensor<Scalar>, mask: Tensor<Bool>?, padding: Tensor<Bool>? = nil, isCausal: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    let attended = options.residual(input, norm1) {
      dropout1(selfAttn($0, $0, $0, mask: mask, padding: padding, isCausal: isCausal, file: file, line: line))
    }
    return options.residual(attended, norm2) { dropout2(linear2(dropout(options.activation(linear1($0))))) }
  }
}

/// Encoder layers one after another, and a normalisation after the last if asked for; named `layers.0`, …, `norm`.
public final class TransformerEncoder<Scalar: TensorScalar>: Layer {
  private let layers: [TransformerEncoderLayer<Scalar>]
  private let norm: LayerNorm<Scalar>?

  /// Makes a stack; `normLast` adds a normalisation, which a stack that normalises first needs.
  ///
  /// Traps where the dimensions do not divide into the heads.
  public init(
    _ dimensions: Int, heads: Int, depth: Int, options: TransformerOptions<Scalar> = .init(), normLast: Bool = false,
    using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    var layers: [TransformerEncoderLayer<Scalar>] = []
    for _ in 0..<depth {
      layers.append(
        TransformerEncoderLayer(
          dimensions, heads: heads, options: options, using: &generator, file: file, line: line))
    }
    self.layers = layers
    norm = normLast ? LayerNorm(dimensions, epsilon: options.epsilon) : nil
  }

  /// The sequence without masks.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { self(input, mask: nil) }

  /// The sequence, in its shape; masks and traps are those of `MultiHeadAttention`.
  public func callAsFunction(
    _ input: Tensor<Scalar>, mask: Tensor<Bool>?, padding: Tensor<Bool>? = nil, isCausal: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    let output = layers.reduce(input) {
      $1($0, mask: mask, padding: padding, isCausal: isCausal, file: file, line: line)
    }
    return norm?(output) ?? output
  }
}
