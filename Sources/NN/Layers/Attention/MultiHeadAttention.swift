import Tensor

/// Attention of queries to keys in several heads (Vaswani et al., 2017), with PyTorch's names: `in_proj_weight`, `out_proj.weight`, ….
///
/// Sequences are `[length, batch, dimensions]` unless `batchFirst`, as in PyTorch. Without dropout it is the fused
/// `scaledDotProductAttention`. What a mask marks is not looked at; a query that may look at nothing becomes NaN, as in PyTorch.
public final class MultiHeadAttention<Scalar: TensorScalar>: Layer {
  /// The maps of queries, keys and values one below another, `[3 · dimensions, dimensions]`.
  public let inProjWeight: Parameter<Scalar>
  /// Their offsets, `[3 · dimensions]`, if there are any; at first 0.
  public let inProjBias: Parameter<Scalar>?
  /// What mixes the heads.
  public let outProj: Linear<Scalar>
  private let dropout: Dropout<Scalar>?
  private let heads: Int
  private let batchFirst: Bool

  /// Makes an attention layer; `dropout` is the probability that a query overlooks a key while training.
  ///
  /// Traps where the dimensions do not divide into the heads.
  public init(
    _ dimensions: Int, heads: Int, dropout: Double = 0, hasBias: Bool = true, batchFirst: Bool = false,
    using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      heads >= 1 && dimensions % heads == 0,
      "MultiHeadAttention: \(dimensions) dimensions do not divide into \(heads) heads", file: file, line: line)
    inProjWeight = Parameter(.xavierUniform([3 * dimensions, dimensions], using: &generator))
    inProjBias = hasBias ? Parameter(.zeros([3 * dimensions])) : nil
    outProj = Linear(dimensions, dimensions, hasBias: hasBias, using: &generator)
    outProj.bias?.update(.zeros([dimensions]))
    self.dropout = dropout > 0 ? Dropout(dropout, using: &generator, file: file, line: line) : nil
    (self.heads, self.batchFirst) = (heads, batchFirst)
  }

  /// Each element of a sequence looks at all others.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { self(input, input, input) }

  /// What each query finds among the values, whose keys it is compared with.
  ///
  /// `mask`, `[queries, keys]` or `[batch, heads, queries, keys]` with sizes of one where it is the same, is true where a query must not look at a
  /// key; `padding`, `[batch, keys]`, where a key is none; with `isCausal` no query looks at later keys. Traps where the shapes do not fit.
  public func callAsFunction(
    _ query: Tensor<Scalar>, _ key: Tensor<Scalar>, _ value: Tensor<Scalar>, mask: Tensor<Bool>? = nil,
    padding: Tensor<Bool>? = nil, isCausal: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    let width = inProjWeight.shape[1]
    let (batchAxis, lengthAxis) = batchFirst ? (0, 1) : (1, 0)
    let order = batchFirst ? "[batch, length, dimensions]" : "[length, batch, dimensions]"
    require(
      [query, key, value].allSatisfy {
        $0.rank == 3 && $0.shape[2] == width && $0.shape[batchAxis] == query.shape[batchAxis]
      }
        && key.shape == value.shape,
      "MultiHeadAttention: queries \(query.shape), keys \(key.shape) and values \(value.shape) are not \(order) of "
        + "\(width) dimensions", file: file, line: line)
    let (batch, queries, keys) = (query.shape[batchAxis], query.shape[lengthAxis], key.shape[lengthAxis])
    let hidden = hiddenKeys(batch, queries, keys, mask, padding, isCausal, file, line)
    let weights = inProjWeight.value.split(along: 0, into: 3)
    let biases = inProjBias?.value.split(along: 0, into: 3)
    /// `[batch, heads, length, dimensions of a head]`.
    func headed(_ x: Tensor<Scalar>, _ part: Int) -> Tensor<Scalar> {
      let mapped = x.matmul(weights[part].transposed())
      let offset = biases.map { mapped + $0[part] } ?? mapped
      return offset.reshaped([x.shape[0], x.shape[1], heads, width / heads])
        .permuted(batchFirst ? [0, 2, 1, 3] : [1, 2, 0, 3])
    }
    let found = attention(headed(query, 0), headed(key, 1), headed(value, 2), hiding: hidden, file, line)
    let merged = found.permuted(batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3])
    return outProj(merged.reshaped(query.shape))
  }

  private func attention(
    _ query: Tensor<Scalar>, _ key: Tensor<Scalar>, _ value: Tensor<Scalar>, hiding hidden: Tensor<Bool>?,
    _ file: StaticString, _ line: UInt
  ) -> Tensor<Scalar> {
    let drops = dropout.map { dropout in replayed { dropout.mode.isTraining } } ?? false
    if !drops { return scaledDotProductAttention(query, key, value, hiding: hidden, file: file, line: line) }
    let scores = query.matmul(key.transposed()) / Scalar(query.shape[3]).squareRoot()
    let weights = (hidden.map { scores.replacing(with: -.infinity, where: $0) } ?? scores).softmax(along: -1)
    return (dropout?(weights) ?? weights).matmul(value)
  }

  /// All masks in one, to broadcast against `[batch, heads, queries, keys]`.
  private func hiddenKeys(
    _ batch: Int, _ queries: Int, _ keys: Int, _ mask: Tensor<Bool>?, _ padding: Tensor<Bool>?, _ isCausal: Bool,
    _ file: StaticString, _ line: UInt
  ) -> Tensor<Bool>? {
    var all: [Tensor<Bool>] = []
    if let mask {
      let whole = [batch, heads, queries, keys]
      require(
        mask.shape == [queries, keys] || mask.rank == 4 && zip(mask.shape, whole).allSatisfy { $0 == 1 || $0 == $1 },
        "MultiHeadAttention: a mask of shape \(mask.shape) does not fit \(queries) queries and \(keys) keys",
        file: file,
        line: line)
      all.append(mask)
    }
    if let padding {
      require(
        padding.shape == [batch, keys],
        "MultiHeadAttention: padding \(padding.shape) is not [batch, keys], \([batch, keys])", file: file, line: line)
      all.append(padding.unsqueezed(1).unsqueezed(1))
    }
    if isCausal { all.append(causalMask(queries, keys)) }
    return all.dropFirst().reduce(all.first) { $0! .| $1 }
  }
}

/// True above the diagonal, `[queries, keys]`: where a key comes after a query.
public func causalMask(_ queries: Int, _ keys: Int? = nil) -> Tensor<Bool> {
  Tensor<Float>.ones([queries, keys ?? queries]).upperTriangle(diagonal: 1) .> 0
}
