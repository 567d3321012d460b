import Tensor

/// Cross-entropy of `scale · similarities` where the own logit is `scale · own` instead, `[batch]`: with a margin on the own
/// class, or without.
///
/// `log(e^own + Σ_{z≠y} e^z) − own` is `softplus(log Σ_{z≠y} e^z − own)`, which no margin or scale overflows, which keeps its
/// digits where the loss is nearly 0, and which needs no second matrix of logits.
func crossEntropy<Scalar: TensorScalar>(
  _ similarities: ProxySimilarities<Scalar>, own: Tensor<Scalar>, scale: Scalar, targets: Labels
) -> Tensor<Scalar> {
  softplus(similarities.logSumExp(scale: scale, excluding: targets) - own * scale)
}
