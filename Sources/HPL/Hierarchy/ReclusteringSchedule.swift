import Collectives
import Tensor

/// When a hierarchy starts to count and when its clusters are renewed, in epochs.
public struct ReclusteringSchedule: Sendable {
  /// The first epoch in which the coarse levels count; before it only the classes do.
  public var start: Int
  /// The number of epochs between renewals; nil never renews.
  public var period: Int?

  /// Makes a schedule.
  ///
  /// Traps for a period less than 1.
  public init(start: Int = 1, period: Int? = 5, file: StaticString = #fileID, line: UInt = #line) {
    require(
      period ?? 1 >= 1, "ReclusteringSchedule: a period of \(period ?? 1) is less than 1; nil never renews",
      file: file, line: line)
    (self.start, self.period) = (start, period)
  }

  /// Whether clusters are made at the start of an epoch.
  public func renews(at epoch: Int) -> Bool {
    epoch == start || (epoch > start && period.map { (epoch - start) % $0 == 0 } ?? false)
  }

  /// Switches the coarse levels on or off for an epoch and renews the clusters where due; returns how many proxies moved, nil
  /// where nothing was renewed.
  ///
  /// `classMeans` are clustered in place of the class proxies (`HierarchicalProxyLoss.recluster`); who uses them makes them
  /// where `renews(at:)` says so. `progress` is called now and then with the share of the clustering that is done.
  public func begin<Scalar>(
    epoch: Int, _ loss: HierarchicalProxyLoss<Scalar>, classMeans: Tensor<Scalar>? = nil,
    over group: Group = .alone, using generator: inout RandomGenerator, progress: (Double) -> Void = { _ in }
  ) -> Int? {
    loss.usesCoarseLevels = epoch >= start
    guard renews(at: epoch) else { return nil }
    return loss.recluster(classMeans: classMeans, over: group, using: &generator, progress: progress)
  }
}
