/// Scaled dot-product attention (Vaswani et al., 2017): `softmax(scale · query · keyᵀ) · value`, each query over all keys.
///
/// `[…, queries, dimensions]`, `[…, keys, dimensions]` and `[…, keys, values]` with the same axes before, such as `[batch, heads]`,
/// give `[…, queries, values]`; the scale is `1 / √dimensions` unless given. Fused, forward and backward: the weights of one head
/// stay in cache and are made again for the gradients, so that no matrix of queries × keys is kept. A gradient that is itself
/// recorded uses the composed form. Traps where the shapes do not fit or there is nothing to attend to.
public func scaledDotProductAttention<Scalar: TensorScalar>(
  _ query: Tensor<Scalar>, _ key: Tensor<Scalar>, _ value: Tensor<Scalar>, scale: Scalar? = nil,
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
  let scale = scale ?? 1 / Scalar(Swift.max(query.shape[rank - 1], 1)).squareRoot()
  return Tensor(Engine.attention(query.array, key.array, value.array, scale: scale))
    .recorded(
      "scaledDotProductAttention", [query, key, value],
      jointly: { g in
        if Recording.isOn {
          let weights = (query * scale).matmul(key.transposed()).softmax(along: -1)
          let slopes = g.matmul(value.transposed())
          let inner = weights * (slopes - (weights * slopes).sum(along: -1, keepsAxes: true)) * scale
          return [inner.matmul(key), inner.transposed().matmul(query), weights.transposed().matmul(g)]
        }
        let gradients = Engine.attentionPullback(g.array, query.array, key.array, value.array, scale: scale)
        return [Tensor(gradients.query), Tensor(gradients.key), Tensor(gradients.value)]
      })
}
