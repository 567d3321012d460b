import Tensor

/// Hyp (Ermolov et al., CVPR 2022): pairwise cross-entropy of distances on a Poincaré ball.
///
/// The samples of each class are its views, in the order of the batch. For every two of them, a and b, each class's view a is an anchor:
/// the cross-entropy of `−d/τ` to the views b of all classes and the views a of the others, whose target is its own b; a mean over the
/// classes that have both, summed over all ordered pairs of views, as in the authors' code.
public struct HypLoss<Scalar: TensorScalar>: PairLoss {
  /// The temperature τ.
  public var temperature: Scalar
  private let distance: any Distance<Scalar>

  /// Makes the loss with the paper's constants.
  public init(temperature: Scalar = 0.2, distance: any Distance<Scalar> = HyperbolicDistance()) {
    (self.temperature, self.distance) = (temperature, distance)
  }

  /// The loss of a batch, `[batch, dimensions]` with labels `[batch]`; 0 where no class has two samples.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    let logits = PairBatch(embeddings, labels: labels, for: "HypLoss").similarities(by: distance) / temperature
    let classes = Dictionary(grouping: labels.scalars.indices) { labels.scalars[$0] }.values.sorted { $0[0] < $1[0] }
    let views = classes.map(\.count).max() ?? 0
    var total = embeddings.sum() * 0
    for a in 0..<views {
      for b in 0..<views where a != b {
        let both = classes.filter { $0.count > max(a, b) }
        guard !both.isEmpty else { continue }
        let (anchors, positives) = (Tensor<Int>(both.map { $0[a] }), Tensor<Int>(both.map { $0[b] }))
        let rows = logits.take(anchors)
        let (own, cross) = (rows.take(anchors, along: 1), rows.take(positives, along: 1))
        let targets = Labels.range(both.count)
        let all = Tensor.concatenated([cross, own.masked(targets, by: -.infinity)], along: 1)
        total = total + (all.logSumExp(along: 1) - cross.pick(targets)).mean()
      }
    }
    return total
  }
}
