import ClassTree
import Clustering
import Collectives
import Tensor

/// The declaration of one level of a `HierarchicalProxyLoss`: where its proxies come from, its weight and its loss.
///
/// A loss that owns parameters is shared by all levels that get the same one; make one for each.
public struct ProxyLevel<Scalar: TensorScalar> {
  /// How the proxies of a coarse level come about.
  public enum CoarseProxies: String, Sendable, CaseIterable {
    /// Parameters of their own, set to the centroids of their children when they are first clustered.
    case learned
    /// The mean of their children, so that gradients flow into these.
    case centroid
  }

  enum Grouping: Sendable {
    case classes(Int)
    case clusters(Int, ClusteringMethod)
    case taxonomy([Int])
  }

  let grouping: Grouping
  /// What the level's loss counts in the sum.
  public let weight: Scalar
  let loss: any ProxyLoss<Scalar>
  let proxies: CoarseProxies
  /// The ranks over which the proxies are spread.
  var group = Group.alone
  /// The share of a rank's proxies that take part in a step.
  var samplingRate = 1.0

  /// The lowest level: one learned proxy a class.
  ///
  /// With `shardedOver`, each rank of the group has the proxies of some of the classes, with their gradients and optimizer state, and
  /// computes what concerns them: values and gradients are those of all proxies in one process, up to rounding. With a
  /// `samplingRate` less than 1, the proxies of a batch's classes and so large a share of the others, drawn anew for every
  /// batch, take part in it; only these are changed then (Partial FC: An and others, 2021). Both need a loss that is a
  /// `ShardableProxyLoss`.
  public static func classes(
    _ count: Int, weight: Scalar = 1, loss: any ProxyLoss<Scalar>, shardedOver group: Group = .alone,
    samplingRate: Double = 1
  ) -> ProxyLevel {
    ProxyLevel(
      grouping: .classes(count), weight: weight, loss: loss, proxies: .learned, group: group, samplingRate: samplingRate
    )
  }

  /// Whether the proxies lie on several ranks, or some of them take part.
  var isInParts: Bool { group.size > 1 || samplingRate < 1 }

  /// A level whose proxies stand for clusters of the level below, by k-means or by `.agglomerative(.ward)`.
  public static func clusters(
    _ count: Int, by method: ClusteringMethod = .kMeans, weight: Scalar, loss: any ProxyLoss<Scalar>,
    proxies: CoarseProxies = .learned
  ) -> ProxyLevel {
    ProxyLevel(grouping: .clusters(count, method), weight: weight, loss: loss, proxies: proxies)
  }

  /// A level whose proxies stand for known groups: `parents[i]` is the group of the level below's proxy `i`, from 0.
  public static func taxonomy(
    _ parents: [Int], weight: Scalar, loss: any ProxyLoss<Scalar>, proxies: CoarseProxies = .learned
  ) -> ProxyLevel {
    ProxyLevel(grouping: .taxonomy(parents), weight: weight, loss: loss, proxies: proxies)
  }

  /// The number of proxies.
  public var count: Int {
    switch grouping {
    case .classes(let count), .clusters(let count, _): count
    case .taxonomy(let parents): (parents.max() ?? -1) + 1
    }
  }
}

extension ProxyLevel {
  /// What the level is, such as `20 clusters by k-means`.
  var name: String {
    switch grouping {
    case .classes: "\(count) classes"
    case .clusters(_, .kMeans): "\(count) clusters by k-means"
    case .clusters(_, .agglomerative(let linkage)): "\(count) clusters by \(linkage.rawValue) linkage"
    case .taxonomy: "\(count) groups of a taxonomy"
    }
  }
}

/// How the proxies of a level are put into clusters.
public enum ClusteringMethod: Sendable, Equatable {
  /// Lloyd's k-means, the best of several restarts.
  case kMeans
  /// From below, by merging the nearest clusters; successive levels with one linkage are cuts through one tree, made of the
  /// proxies below the first of them.
  case agglomerative(AgglomerativeClustering.Linkage)
}

extension ProxyLevel {
  /// Checks that levels make a hierarchy: classes first, each coarse level no larger than the one below and fitting it.
  ///
  /// Throws `HierarchyError` that names the level.
  public static func check(_ levels: [ProxyLevel]) throws {
    guard !levels.isEmpty else { throw HierarchyError(level: 0, problem: "a hierarchy needs at least the classes") }
    var below = 0
    for (index, level) in levels.enumerated() {
      func fail(_ problem: String) -> HierarchyError { HierarchyError(level: index, problem: problem) }
      if level.proxies == .centroid, index > 0, levels[index - 1].samplingRate < 1 {
        throw fail("centroids need all proxies below them, of which some take part; use learned proxies")
      }
      if level.proxies == .centroid, level.loss.proxiesPerTarget > 1 {
        throw fail(
          "centroids are one proxy a group, but the loss takes \(level.loss.proxiesPerTarget); use learned proxies")
      }
      if level.isInParts {
        guard let loss = level.loss as? any ShardableProxyLoss<Scalar> else {
          throw fail(
            "\(type(of: level.loss)) needs all proxies in one place; to spread them over ranks or to sample them, make it a "
              + "ShardableProxyLoss")
        }
        guard level.samplingRate > 0, level.samplingRate <= 1 else {
          throw fail("a sampling rate of \(level.samplingRate) is not above 0 and at most 1")
        }
        guard level.samplingRate == 1 || loss.allowsSampling else {
          throw fail("\(type(of: loss)) needs every proxy in every step; use it without a sampling rate")
        }
        guard level.count >= level.group.size else {
          throw fail("\(level.count) classes are too few for \(level.group.size) ranks")
        }
      }
      guard level.weight >= 0, level.weight.isFinite else { throw fail("weight \(level.weight) is not 0 or more") }
      switch level.grouping {
      case .classes(let count):
        guard index == 0 else { throw fail("classes belong at the bottom") }
        guard count >= 1 else { throw fail("\(count) classes") }
      case .clusters(let count, _):
        guard index > 0 else { throw fail("the lowest level must be the classes") }
        guard (1...below).contains(count) else {
          throw fail("\(count) clusters of the \(below) proxies below are not possible")
        }
      case .taxonomy(let parents):
        guard index > 0 else { throw fail("the lowest level must be the classes") }
        if case .clusters = levels[index - 1].grouping {
          throw fail("a taxonomy cannot group clusters, whose numbers mean nothing")
        }
        guard parents.count == below else {
          throw fail("the taxonomy names \(parents.count) parents for the \(below) proxies below")
        }
        if let negative = parents.min(), negative < 0 {
          throw fail("the taxonomy's groups are numbered from 0, not \(negative)")
        }
        guard Set(parents).count == level.count else {
          throw fail("the taxonomy's groups are not numbered 0..<\(level.count) without gaps")
        }
      }
      below = level.count
    }
  }
}
