import ClassTree
import Collectives
import HPL
import NN
import Tensor

/// What a run minimises: a loss on proxies in one or more levels, or a loss on the samples of a batch.
enum Objective {
  case proxies(HierarchicalProxyLoss<Float>)
  case samples(SampleObjective)

  /// The loss with proxies, if it is one.
  var proxies: HierarchicalProxyLoss<Float>? {
    if case .proxies(let loss) = self { loss } else { nil }
  }

  /// What the loss itself learns and remembers.
  var module: any Module<Float> {
    switch self {
    case .proxies(let loss): loss
    case .samples(let objective): objective
    }
  }

  /// What the loss itself learns.
  var parameters: [NamedParameter<Float>] { module.parameters }

  /// Whether what it learns learns as proxies do, and not as the network.
  var learnsAsProxies: Bool {
    if case .samples(let objective) = self { objective.learnsAsProxies } else { true }
  }

  /// Gives every rank what the first one has.
  func broadcast(over group: Group) {
    switch self {
    case .proxies(let loss): loss.broadcast(over: group)
    case .samples(let objective): objective.broadcast(over: group)
    }
  }

  /// The function of a batch for one epoch; a miner that draws numbers draws others each epoch.
  func value(seed: UInt64, epoch: Int) -> (_ embeddings: Tensor<Float>, _ labels: Labels) -> Value {
    switch self {
    case .proxies(let loss):
      return { embeddings, labels in
        let levels = loss.values(embeddings, labels: labels)
        let weighted = levels.enumerated().map { $1 * loss.weight(on: $0) }
        return Value(total: weighted.reduce(Tensor(0), +), levels: levels.map(\.item))
      }
    case .samples(let objective):
      objective.beginEpoch(seed: seed, epoch: epoch)
      return { embeddings, labels in
        let value = objective.value(embeddings, labels)
        return Value(total: value, levels: [value.item])
      }
    }
  }

  /// A batch's loss.
  struct Value {
    /// The weighted sum over the levels, to be differentiated.
    let total: Tensor<Float>
    /// Each active level's loss without its weight.
    let levels: [Float]
  }
}

extension Method {
  /// Makes the loss that the settings ask for, its proxies drawn from the generator.
  ///
  /// Throws `UsageError` where the levels do not fit the classes.
  func objective(
    _ settings: Settings, classes: Int, taxonomy: ClassHierarchy?, over group: Group = .alone,
    using generator: inout RandomGenerator
  ) throws -> Objective {
    if case .samples(let makeLoss, let miner, let learnsAsProxies) = loss {
      let miner = SampleObjective.RenewedMiner(miner.map { settings.miner ?? $0 }, dimensions: settings.dimensions)
      let samples = Samples(miner: miner, classes: classes, dimensions: settings.dimensions)
      return .samples(
        SampleObjective(
          makeLoss(samples, &generator), miner, groups: taxonomy?.groupsOfClasses ?? [],
          learnsAsProxies: learnsAsProxies))
    }
    let levels = try levels(settings, classes: classes, taxonomy: taxonomy, over: group)
    return .proxies(HierarchicalProxyLoss(dimensions: settings.dimensions, levels: levels, using: &generator))
  }

  /// The levels to train with: the classes, and above them what `--levels` says if the method is hierarchical.
  ///
  /// Throws `UsageError` where they do not fit the classes; of a loss on pairs there are none.
  func levels(
    _ settings: Settings, classes: Int, taxonomy: ClassHierarchy?, over group: Group = .alone
  ) throws -> [ProxyLevel<Float>] {
    let specification = settings.levels
    let makeLoss: Loss.Proxies
    func loss(_ index: Int, _ count: Int, isCluster: Bool = false) -> any ProxyLoss<Float> {
      makeLoss(
        Level(
          index: index, count: count, dimensions: settings.dimensions,
          groups: isCluster ? [] : taxonomy?.groups(above: index) ?? []))
    }
    func classLevel(weight: Float) -> ProxyLevel<Float> {
      .classes(
        classes, weight: weight, loss: loss(0, classes), shardedOver: settings.shardProxies ? group : .alone,
        samplingRate: settings.samplingRate)
    }
    switch self.loss {
    case .samples: return []
    case .flat(let make, _): makeLoss = make
    case .levels(let make, _): makeLoss = make
    }
    if settings.shardProxies, !(loss(0, classes) is any ShardableProxyLoss<Float>) {
      throw UsageError.conflict(
        "--shard-proxies does not fit --method \(name): \(type(of: loss(0, classes))) needs all proxies in one place; make it a "
          + "ShardableProxyLoss")
    }
    guard isHierarchical else {
      let level = classLevel(weight: 1)
      do {
        try ProxyLevel.check([level])
      } catch {
        throw UsageError.conflict("--method \(name): \(error)")
      }
      return [level]
    }
    var levels = [classLevel(weight: Float(specification.classWeight))]
    for (index, coarse) in specification.coarse.enumerated() {
      let proxies: ProxyLevel<Float>.CoarseProxies = coarse.proxies == .learned ? .learned : .centroid
      switch coarse.source {
      case .clusters(let count):
        levels.append(
          .clusters(
            count, by: coarse.algorithm.method, weight: Float(coarse.weight),
            loss: loss(index + 1, count, isCluster: true), proxies: proxies))
      case .taxonomy:
        guard let taxonomy, index < taxonomy.levels.count else {
          throw UsageError.conflict(
            "--levels: the data has \(counted(taxonomy?.levels.count ?? 0, "level", "levels")) of a taxonomy, to come before any clusters"
          )
        }
        let groups = taxonomy.levels[index]
        guard groups.groups.count > 1 else {
          throw UsageError.conflict(
            "--levels: taxonomy level \(index + 1) has all training classes in one group, \(groups.groups[0])")
        }
        levels.append(
          .taxonomy(
            groups.parents, weight: Float(coarse.weight), loss: loss(index + 1, groups.groups.count), proxies: proxies))
      }
    }
    do {
      try ProxyLevel.check(levels)
    } catch {
      throw UsageError.conflict("--levels \(specification) does not fit \(classes) training classes: \(error)")
    }
    return levels
  }
}

extension ClassHierarchy {
  /// For each level above one, 0 for the classes, the group of each of its classes or groups.
  fileprivate func groups(above level: Int) -> [[Int]] {
    ClassHierarchy.groupsOfClasses(
      through: levels.dropFirst(level).map(\.parents),
      classes: level == 0 ? classes.count : levels[level - 1].groups.count)
  }
}

extension LevelSpecification.Coarse.Algorithm {
  fileprivate var method: ClusteringMethod {
    switch self {
    case .kMeans: .kMeans
    case .ward: .agglomerative(.ward)
    case .average: .agglomerative(.average)
    case .complete: .agglomerative(.complete)
    }
  }
}
