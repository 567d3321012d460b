import Foundation
import Tensor

/// Hierarchical multi-label contrastive loss (Zhang et al., CVPR 2022): a contrastive loss on each level, none of which counts less
/// than the finer ones.
///
/// On level l, from 1 for the classes, `ℓ_l = τ/0.07 · SupCon_τ` of the samples that share their groups from there on up, at least
/// the greatest ℓ of the finer levels; `Σ_l w(1/l)·ℓ_l / (L + 1)`. After each level the first sample of each of its groups stays for the
/// next one.
public struct HMLCLoss<Scalar: TensorScalar>: LevelLoss {
  /// How a level's place becomes its weight.
  public enum Penalty: String, Sendable, CaseIterable {
    /// `2^(1/l)`, the default of the authors' class.
    case powerOfTwo
    /// `e^(1/l)`, what the authors train with.
    case exponential
    /// 1 for all levels.
    case equal
  }

  /// The temperature τ.
  public var temperature: Scalar
  /// The weights of the levels.
  public var penalty: Penalty
  /// Whether a level counts no less than the finer ones.
  public var isOrdered: Bool
  /// How many pictures of each sample there are: rows `v · samples + i` are those of sample i.
  public var views: Int

  /// Makes the loss with the authors' constants.
  public init(temperature: Scalar = 0.1, penalty: Penalty = .exponential, isOrdered: Bool = true, views: Int = 1) {
    (self.temperature, self.penalty, self.isOrdered, self.views) = (temperature, penalty, isOrdered, views)
  }

  /// The loss of a batch, `[views · samples, dimensions]`, on all levels, each `[views · samples]`; traps unless the views divide the
  /// batch and all views of a sample have its labels.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, levels: [Labels]) -> Tensor<Scalar> {
    requireLevels(embeddings, levels, "HMLCLoss")
    let samples = embeddings.shape[0] / views
    let labels = levels.map(\.scalars)
    require(
      samples * views == embeddings.shape[0]
        && labels.allSatisfy { level in level.indices.allSatisfy { level[$0] == level[$0 % samples] } },
      "HMLCLoss: \(embeddings.shape[0]) rows are not \(views) views of samples with one label each")
    let contrast = SupConLoss<Scalar>(temperature: temperature)
    var present = Array(0..<samples)
    var (total, greatest) = (Tensor<Scalar>(0), Tensor<Scalar>(-.infinity))
    for level in levels.indices {
      // Groups of one number under different groups above are different ones.
      let paths = present.map { sample in labels[level...].map { $0[sample] } }
      var numbers: [[Int]: Int] = [:]
      for path in paths where numbers[path] == nil { numbers[path] = numbers.count }
      let groups = paths.map { numbers[$0]! }
      let rows = (0..<views).flatMap { view in present.map { view * samples + $0 } }
      let value =
        contrast(
          embeddings.take(Tensor<Int>(rows)), labels: Labels((0..<views).flatMap { _ in groups }))
        * (temperature / 0.07)
      greatest = isOrdered ? maximum(greatest, value) : value
      total = total + greatest * weight(level + 1)
      var seen: Set<Int> = []
      present = zip(present, groups).filter { seen.insert($0.1).inserted }.map(\.0)
    }
    return total / Scalar(levels.count + 1)
  }

  private func weight(_ place: Int) -> Scalar {
    switch penalty {
    case .powerOfTwo: Scalar(pow(2, 1 / Double(place)))
    case .exponential: Scalar(exp(1 / Double(place)))
    case .equal: 1
    }
  }
}
