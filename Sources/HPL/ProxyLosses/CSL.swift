import ClassTree
import Tensor

/// CSL (Sun et al., ICCV 2021, DyML): one proxy a class, which on every level is nearer than the proxies of all other groups, by a margin
/// that grows with the level.
///
/// With cosines `s` and y the sample's class, `Σ_l mean softplus(log Σ_{p not in the group of y on l} e^{α·s_p} − α·s_y + α·m_l)`. It
/// needs no proxies above the classes and takes the groups as they are.
public struct CSL<Scalar: TensorScalar>: ProxyLoss {
  /// For each level, classes first, what the similarity to the own proxy must exceed the others by.
  public let margins: [Scalar]
  /// The scale α.
  public let scale: Scalar
  /// For each level above the classes, the group of each class.
  private let groups: [[Int]]

  /// Makes the loss for classes in groups: for each level above the classes, the group of each class.
  ///
  /// Without margins they are 0.25 for the classes and 0.1 more on each level, the paper's for three levels. Traps for another number of margins
  /// than of levels.
  public init(
    groups: [[Int]], margins: [Scalar]? = nil, scale: Scalar = 32, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.margins = margins ?? (0...groups.count).map { 0.25 + 0.1 * Scalar($0) }
    require(
      self.margins.count == groups.count + 1,
      "CSL: \(self.margins.count) margins for \(groups.count + 1) levels", file: file, line: line)
    (self.groups, self.scale) = (groups, scale)
  }

  /// Makes the loss for the classes of a hierarchy.
  public init(_ hierarchy: ClassHierarchy, margins: [Scalar]? = nil, scale: Scalar = 32) {
    self.init(groups: hierarchy.groupsOfClasses, margins: margins, scale: scale)
  }

  /// The loss of a batch; `similarities` are `[batch, classes]`, `targets` `[batch]`.
  ///
  /// Traps where the groups are of other classes.
  public func callAsFunction(_ similarities: Tensor<Scalar>, targets: Labels) -> Tensor<Scalar> {
    require(
      groups.allSatisfy { $0.count == similarities.shape[1] },
      "CSL: similarities \(similarities.shape) with groups of \(groups.map(\.count)) classes")
    let own = similarities.pick(targets)
    var total = Tensor<Scalar>(0)
    for (level, margin) in margins.enumerated() {
      let others: Tensor<Scalar>
      if level == 0 {
        others = similarities.logSumExp(along: 1, scale: scale, excluding: targets)
      } else {
        let groups = Tensor<Int>(groups[level - 1])
        let isOwn = groups.take(targets).unsqueezed(1) .== groups.unsqueezed(0)
        others = (similarities * scale).replacing(with: -.infinity, where: isOwn).logSumExp(along: 1)
      }
      total = total + softplus(others + (margin - own) * scale).mean()
    }
    return total
  }
}
