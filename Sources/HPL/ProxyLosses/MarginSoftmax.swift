import Tensor

/// Cross-entropy of `scale · similarities` where the own logit is `scale · own` instead, `[batch]`: what losses with a margin
/// on the own class have in common.
///
/// `log(e^own + Σ_{z≠y} e^z) − own` is `softplus(log Σ_{z≠y} e^z − own)`, which no margin or scale overflows and which needs no
/// second matrix of logits.
func marginCrossEntropy<Scalar: TensorScalar>(
  _ similarities: Tensor<Scalar>, own: Tensor<Scalar>, scale: Scalar, targets: Labels
) -> Tensor<Scalar> {
  softplus(similarities.logSumExp(along: 1, scale: scale, excluding: targets) - own * scale).mean()
}
