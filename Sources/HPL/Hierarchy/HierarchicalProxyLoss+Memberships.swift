import ClassTree
import Tensor

extension HierarchicalProxyLoss {
  /// The weighted sum of all levels' losses on samples that may have several classes, a single number: on a level above the classes, a
  /// sample is of each group that one of its classes is of.
  ///
  /// `embeddings` are `[batch, dimensions]` and are normalised here. Traps where the memberships do not fit them or the classes, for a
  /// level whose loss is no `MembershipProxyLoss`, and for one whose proxies are spread or sampled.
  public func callAsFunction(
    _ embeddings: Tensor<Scalar>, memberships: Memberships, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    let (classes, dimensions) = (levels[0].declaration.count, levels[0].proxies!.shape[1])
    require(
      embeddings.rank == 2 && embeddings.shape[1] == dimensions && memberships.count == embeddings.shape[0]
        && memberships.classes == classes && memberships.count > 0,
      "HierarchicalProxyLoss: embeddings \(embeddings.shape) and memberships of \(memberships.count) samples in "
        + "\(memberships.classes) classes are not [batch, \(dimensions)] and of [batch] in \(classes)", file: file,
      line: line)
    return activeProxies.enumerated().map { level, proxies in
      guard let loss = levels[level].loss as? any MembershipProxyLoss<Scalar>, levels[level].part == nil else {
        trap(
          "HierarchicalProxyLoss: level \(level), \(levels[level].declaration.name), takes no samples of several classes: its loss, "
            + "\(type(of: levels[level].loss)), is no MembershipProxyLoss, or its proxies are spread or sampled",
          file: file, line: line)
      }
      let own =
        level == 0 ? memberships : memberships.grouped(by: ancestors(on: level), count: levels[level].declaration.count)
      let value = LossLog.onLevel(level) {
        loss(embeddings.cosineSimilarities(to: proxies), memberships: own)
      }
      return (loss.penalty(on: proxies).map { value + $0 } ?? value) * weight(on: level)
    }.reduce(Tensor(0), +)
  }
}
