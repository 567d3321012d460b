import ClassTree
import Clustering
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

  /// The lowest level: one learned proxy a class.
  public static func classes(_ count: Int, weight: Scalar = 1, loss: any ProxyLoss<Scalar>) -> ProxyLevel {
    ProxyLevel(grouping: .classes(count), weight: weight, loss: loss, proxies: .learned)
  }

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
      if level.proxies == .centroid, level.loss.proxiesPerTarget > 1 {
        throw fail(
          "centroids are one proxy a group, but the loss takes \(level.loss.proxiesPerTarget); use learned proxies")
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
