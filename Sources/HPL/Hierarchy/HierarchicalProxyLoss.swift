import ClassTree
import NN
import Tensor

/// Hierarchical Proxy-based Loss (Yang et al., WACV 2022): `Σ_l w_l · L_l(X, P_l)` over levels of proxies (equation 3).
///
/// Level 0 has a learned proxy a class, each level above a smaller set whose proxies stand for groups of the level below. A
/// sample's target on a level is its class's ancestor there. Proxies are parameters like any other (`levels.0.proxies`, …), and
/// so is what a level's loss learns itself (`levels.0.loss.…`): give `parameters` to an optimizer. Clusters are first made from the initial proxies, which is arbitrary; train with
/// `usesCoarseLevels = false` for a while and then call `recluster(using:)`, or leave both to a `ReclusteringSchedule`.
///
/// ```swift
/// let loss = HierarchicalProxyLoss<Float>(
///   dimensions: 512,
///   levels: [
///     .classes(100, weight: 1.0, loss: ProxyAnchor()),
///     .clusters(20, weight: 0.1, loss: ProxyAnchor()),
///   ], using: &generator)
/// let value = loss(embeddings, labels: labels)
/// ```
public final class HierarchicalProxyLoss<Scalar: TensorScalar>: Module {
  /// The levels, classes first.
  public let levels: [Level]
  /// Whether the levels above the classes count.
  public var usesCoarseLevels = true
  /// What the weights of the levels above the classes are multiplied by, as a `Schedule` says; where it is 0 they do not count.
  public var coarseWeightFactor = 1.0 {
    didSet {
      require(
        coarseWeightFactor >= 0 && coarseWeightFactor.isFinite,
        "HierarchicalProxyLoss: a coarseWeightFactor of \(coarseWeightFactor) is not 0 or more")
    }
  }

  /// One level with its proxies and its place in the hierarchy.
  public final class Level {
    /// The level's own proxies, `[count · loss.proxiesPerTarget, dimensions]`, of a sharded level those of this rank; nil where
    /// they are centroids.
    public let proxies: Parameter<Scalar>?
    /// The declaration's loss, here so that its parameters are found under `levels.<l>.loss`.
    let loss: any ProxyLoss<Scalar>
    /// The declaration.
    public let declaration: ProxyLevel<Scalar>
    /// For each proxy of the level below, the proxy here that it belongs to; empty for the classes.
    public internal(set) var parents: [Int]
    /// The centroid that each proxy was last set to; a proxy that differs from it has been trained.
    var placed: Tensor<Scalar>?
    /// Which proxies are here and take part; nil where all are and do.
    var part: ProxyPart?
    /// Draws those that take part; nil where all do.
    var sampler: RandomGenerator?

    init(_ declaration: ProxyLevel<Scalar>, proxies: Parameter<Scalar>?, parents: [Int]) {
      (self.declaration, self.proxies, self.parents) = (declaration, proxies, parents)
      loss = declaration.loss
    }
  }

  /// Makes the loss with proxies drawn Kaiming-normal (fan-out) and, above them, clusters of these.
  ///
  /// Traps where the levels do not make a hierarchy (`ProxyLevel.check` throws the same as an error).
  public init(
    dimensions: Int, levels declarations: [ProxyLevel<Scalar>], using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    do {
      try ProxyLevel.check(declarations)
    } catch {
      trap("HierarchicalProxyLoss: \(error)", file: file, line: line)
    }
    levels = declarations.map { level in
      var parents: [Int] = []
      if case .taxonomy(let given) = level.grouping { parents = given }
      return Level(
        level, proxies: level.proxies == .learned ? level.drawnProxies(dimensions, using: &generator) : nil,
        parents: parents)
    }
    if let level = levels.first, level.declaration.isInParts {
      let group = level.declaration.group
      level.part = ProxyPart(
        group: group, classes: group.share(of: level.declaration.count), count: level.declaration.count)
      if level.declaration.samplingRate < 1 {
        level.sampler = RandomGenerator(seed: generator.next() &+ UInt64(group.rank))
      }
    }
    recluster(using: &generator)
  }

  /// The weighted sum of all levels' losses, a single number.
  ///
  /// `embeddings` are `[batch, dimensions]` and are normalised here; `labels` are classes from 0, `[batch]`. With a sharded level,
  /// these are the same on every rank: the whole batch, `gathered`. Traps where these do not fit.
  public func callAsFunction(
    _ embeddings: Tensor<Scalar>, labels: Labels, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    values(embeddings, labels: labels, file: file, line: line).enumerated()
      .map { $1 * weight(on: $0) }
      .reduce(Tensor(0), +)
  }

  /// What a level's loss counts in the sum: its declared weight, above the classes times `coarseWeightFactor`.
  public func weight(on level: Int) -> Scalar {
    levels[level].declaration.weight * (level > 0 ? Scalar(coarseWeightFactor) : 1)
  }

  /// Each active level's loss, without its weight.
  public func values(
    _ embeddings: Tensor<Scalar>, labels: Labels, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor<Scalar>] {
    let dimensions = levels[0].proxies!.shape[1]
    require(
      embeddings.rank == 2 && embeddings.shape[1] == dimensions && labels.shape == [embeddings.shape[0]]
        && labels.count > 0,
      "HierarchicalProxyLoss: embeddings \(embeddings.shape) and labels \(labels.shape) are not [batch, \(dimensions)] "
        + "and [batch]", file: file, line: line)
    drawActiveProxies(labels)
    let proxies = activeProxies
    return proxies.indices.map { level in
      LossLog.onLevel(level) { value(embeddings, labels, on: level, proxies[level], file, line) }
    }
  }

  /// A level's loss, without its weight.
  private func value(
    _ embeddings: Tensor<Scalar>, _ labels: Labels, on level: Int, _ proxies: Tensor<Scalar>, _ file: StaticString,
    _ line: UInt
  ) -> Tensor<Scalar> {
    // There may be millions of classes, each of which is its own ancestor.
    let ancestors = level == 0 ? nil : ancestors(on: level)
    let classes = levels[0].declaration.count
    let targets = Labels(
      labels.scalars.map { label in
        require(
          (0..<classes).contains(label), "HierarchicalProxyLoss: label \(label) is none of \(classes) classes",
          file: file, line: line)
        return ancestors?[label] ?? label
      })
    let loss = levels[level].loss
    guard let part = levels[level].part, let shardable = loss as? any ShardableProxyLoss<Scalar> else {
      let value = loss(embeddings.cosineSimilarities(to: proxies), targets: targets)
      return loss.penalty(on: proxies).map { value + $0 } ?? value
    }
    let cosines = part.group.spread(embeddings).cosineSimilarities(to: proxies)
    let value = shardable(ProxySimilarities(cosines, of: part), targets: targets)
    // A mean over the classes of this rank, as a part of that over all.
    let share = Scalar(part.classes.count) / Scalar(part.count)
    return loss.penalty(on: proxies).map { value + part.group.sum($0 * share) } ?? value
  }

  /// Chooses which proxies take part in a batch, where some do.
  private func drawActiveProxies(_ labels: Labels) {
    let level = levels[0]
    guard level.sampler != nil else { return }
    level.part!.sample(labels, rate: level.declaration.samplingRate, using: &level.sampler!)
    let each = level.declaration.loss.proxiesPerTarget
    let first = level.part!.classes.lowerBound
    let rows = level.part!.active!.flatMap { ($0 - first) * each..<($0 - first + 1) * each }
    level.proxies!.activate(rows: Tensor<Int>(rows))
  }

  /// The normalised proxies of a level, `[count, dimensions]`; where a class has several, the direction of their mean.
  ///
  /// Of a sharded level those of all ranks, which all must ask for together.
  public func proxies(on level: Int) -> Tensor<Scalar> {
    let directions = ownDirections(on: level)
    return levels[level].part.map { $0.group.gathered(directions) } ?? directions
  }

  /// The same of this rank alone.
  func ownDirections(on level: Int) -> Tensor<Scalar> {
    representatives(ownProxies(through: level, activeOnly: false)[level], of: level).normalized(along: 1)
  }

  /// One vector for each class or group of a level: its proxy, or the mean of its normalised ones where it has several.
  private func representatives(_ proxies: Tensor<Scalar>, of level: Int) -> Tensor<Scalar> {
    let each = levels[level].loss.proxiesPerTarget
    guard each > 1 else { return proxies }
    return proxies.normalized(along: 1).reshaped([proxies.shape[0] / each, each, proxies.shape[1]]).mean(along: 1)
  }

  /// For each class, the proxy on a level that it belongs to.
  public func ancestors(on level: Int) -> [Int] {
    let classes = levels[0].declaration.count
    return ClassHierarchy.groupsOfClasses(through: levels[1..<(level + 1)].map(\.parents), classes: classes).last
      ?? Array(0..<classes)
  }

  var activeProxies: [Tensor<Scalar>] {
    ownProxies(through: usesCoarseLevels && coarseWeightFactor > 0 ? levels.count - 1 : 0)
  }

  /// Each level's proxies, not normalised; of a level in parts those of this rank, and where it is asked for, of these the ones
  /// that take part.
  private func ownProxies(through last: Int, activeOnly: Bool = true) -> [Tensor<Scalar>] {
    levels[0...last].enumerated().reduce(into: []) { below, item in
      let (index, level) = item
      if let proxies = level.proxies {
        below.append(activeOnly ? proxies.activeValue : proxies.value)
      } else {
        let directions = representatives(below.last!, of: index - 1).normalized(along: 1)
        below.append(
          HierarchicalProxyLoss.means(
            of: directions, level.parents, level.declaration.count, part: levels[index - 1].part))
      }
    }
  }

  /// The mean of each group's rows, `[groups, dimensions]`.
  ///
  /// With a part, the units are those of this rank, and the sums are formed over all ranks.
  static func means(
    of units: Tensor<Scalar>, _ parents: [Int], _ groups: Int, part: ProxyPart? = nil
  ) -> Tensor<Scalar> {
    var sizes = [Scalar](repeating: 0, count: groups)
    for parent in parents { sizes[parent] += 1 }
    let own = part.map { Array(parents[$0.classes]) } ?? parents
    let shares = Tensor(own.map { 1 / sizes[$0] }, shape: [own.count, 1])
    let sums = (units * shares).scatteredRows(Tensor<Int>(own), into: [groups, units.shape[1]])
    return part.map { $0.group.sum(sums) } ?? sums
  }
}
