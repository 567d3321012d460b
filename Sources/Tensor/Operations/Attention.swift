/// Scaled dot-product attention (Vaswani et al., 2017): `softmax(scale · query · keyᵀ) · value`, each query over all keys.
///
/// `[…, queries, dimensions]`, `[…, keys, dimensions]` and `[…, keys, values]` with the same axes before, such as `[batch, heads]`,
/// give `[…, queries, values]`; the scale is `1 / √dimensions` unless given. `hidden`, which broadcasts to `[…, queries, keys]`, is true
/// where a query must not look at a key (PyTorch's `attn_mask` is false there); a query that may look at nothing becomes NaN.
/// Fused, forward and backward: the weights of one head stay in cache and are made again for the gradients, so that no matrix of
/// queries × keys is kept but the mask. A gradient that is itself recorded uses the composed form. Traps where the shapes do not
/// fit or there is nothing to attend to.
public func scaledDotProductAttention<Scalar: TensorScalar>(
  _ query: Tensor<Scalar>, _ key: Tensor<Scalar>, _ value: Tensor<Scalar>,
  hiding hidden: Tensor<Bool>? = nil, scale: Scalar? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  let rank = query.rank
  require(
    rank >= 2 && key.rank == rank && value.rank == rank && query.shape[rank - 1] == key.shape[rank - 1]
      && key.shape[rank - 2] == value.shape[rank - 2] && key.shape[rank - 2] > 0
      && query.shape.dropLast(2) == key.shape.dropLast(2) && key.shape.dropLast(2) == value.shape.dropLast(2),
    "scaledDotProductAttention: queries \(query.shape), keys \(key.shape) and values \(value.shape) do not fit",
    file: file,
    line: line)
  let weightsShape: [Int] = query.shape.dropLast() + [key.shape[rank - 2]]
  if let hidden {
    require(
      broadcastShape(hidden.shape, weightsShape) == weightsShape,
      "scaledDotProductAttention: a mask of shape \(hidden.shape) does not broadcast to \(weightsShape)", file: file,
      line: line)
  }
  let hiddenArray = hidden.map { $0.array.seen(as: $0.array.layout.expanded(to: weightsShape)) }
  let scale = scale ?? 1 / Scalar(Swift.max(query.shape[rank - 1], 1)).squareRoot()
  return Tensor(Engine.attention(query.array, key.array, value.array, hiding: hiddenArray, scale: scale))
    .recorded(
      "scaledDotProductAttention", [query, key, value],
      jointly: { g in
        if Recording.isOn {
          let scores = (query * scale).matmul(key.transposed())
          let weights = (hidden.map { scores.replacing(with: -.infinity, where: $0) } ?? scores).softmax(along: -1)
          let slopes = g.matmul(value.transposed())
          let everywhere = weights * (slopes - (weights * slopes).sum(along: -1, keepsAxes: true)) * scale
          let inner = hidden.map { everywhere.replacing(with: 0, where: $0) } ?? everywhere
          return [inner.matmul(key), inner.transposed().matmul(query), weights.transposed().matmul(g)]
        }
        let gradients = Engine.attentionPullback(
          g.array, query.array, key.array, value.array, hiding: hiddenArray, scale: scale)
        return [Tensor(gradients.query), Tensor(gradients.key), Tensor(gradients.value)]
      })
}
