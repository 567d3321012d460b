import Collectives
import HPL
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// Proxies spread over ranks: values, gradients, steps, clusters and files of the ones in one place.
@Suite struct ShardedLossTests {
  static func loss<Scalar: TensorScalar>(_ name: String, _: Scalar.Type) -> any ProxyLoss<Scalar> {
    switch name {
    case "proxy-anchor": ProxyAnchor()
    case "proxy-nca": ProxyNCA()
    case "proxy-nca++": ProxyNCA.plusPlus
    case "norm-softmax": NormSoftmax()
    case "cosface": CosFace()
    case "arcface": ArcFace()
    case "sub-center-arcface": SubCenterArcFace(centers: 2)
    case "reduced": CosFace().reduced(by: ThresholdReducer(high: 30))
    default: SoftTriple(centers: 3)
    }
  }

  static let names = [
    "proxy-anchor", "proxy-nca", "proxy-nca++", "norm-softmax", "cosface", "arcface", "sub-center-arcface", "reduced",
    "soft-triple",
  ]

  /// A batch of which some ranks have no class.
  struct Case<Scalar: TensorScalar>: Sendable {
    let classes = 11
    let dimensions = 6
    let embeddings: Tensor<Scalar>
    let labels: Labels
    let seed: UInt64

    init(_ seed: UInt64) {
      self.seed = seed
      var generator = RandomGenerator(seed: seed)
      embeddings = .normal([7, dimensions], using: &generator)
      let most = seed % 2 == 0 ? 11 : 3
      labels = Labels((0..<7).map { _ in Int.random(in: 0..<most, using: &generator) })
    }

    func make(_ name: String, over group: Group, coarse: ProxyLevel<Scalar>.CoarseProxies?) -> HierarchicalProxyLoss<
      Scalar
    > {
      var generator = RandomGenerator(seed: seed)
      var levels: [ProxyLevel<Scalar>] = [
        .classes(classes, loss: ShardedLossTests.loss(name, Scalar.self), shardedOver: group)
      ]
      if let coarse {
        levels.append(.clusters(4, weight: 0.5, loss: ProxyAnchor(), proxies: coarse))
      }
      return HierarchicalProxyLoss(dimensions: dimensions, levels: levels, using: &generator)
    }

    /// The loss, the gradient of the embeddings, and that of all proxies.
    func result(_ loss: HierarchicalProxyLoss<Scalar>) -> [Tensor<Scalar>] {
      let leaf = embeddings.tracked()
      let gradients = loss(leaf, labels: labels).backward()
      let proxies = loss.levels[0].proxies!
      let own = proxies.gradient(in: gradients)!
      let whole = proxies.shard.map { $0.group.gathered(own) } ?? own
      let others = loss.levels.dropFirst().compactMap { $0.proxies?.gradient(in: gradients) }
      return [loss(leaf, labels: labels).detached, gradients[leaf], whole] + others
    }
  }

  static func check<Scalar: TensorScalar>(
    _ name: String, _ size: Int, _ coarse: ProxyLevel<Scalar>.CoarseProxies?, within bound: Double, _: Scalar.Type
  ) throws {
    for seed: UInt64 in 0..<6 {
      let work = Case<Scalar>(seed)
      let expected = work.result(work.make(name, over: .alone, coarse: coarse))
      let found = try Group.threads(size) { work.result(work.make(name, over: $0, coarse: coarse)) }
      for result in found {
        expectEqual(result.count, expected.count)
        for (value, wanted) in zip(result, expected) {
          expectLess(difference(value, wanted), bound, "\(name), \(size) ranks, seed \(seed)")
        }
      }
    }
  }

  @Test(arguments: names, [2, 3, 4])
  func valuesAndGradientsInDouble(name: String, size: Int) throws {
    try Self.check(name, size, nil, within: 1e-11, Double.self)
  }

  @Test(arguments: names, [2, 4])
  func valuesAndGradientsInFloat(name: String, size: Int) throws {
    try Self.check(name, size, nil, within: 1e-5, Float.self)
  }

  @Test(arguments: [ProxyLevel<Double>.CoarseProxies.learned, .centroid])
  func aHierarchyOverShards(coarse: ProxyLevel<Double>.CoarseProxies) throws {
    try Self.check("proxy-anchor", 3, coarse, within: 1e-11, Double.self)
  }

  /// Steps, clusters anew, accuracies, and a file of 3 ranks read by 2.
  @Test func trainsAsInOnePlace() throws {
    let work = Case<Double>(4)
    @Sendable func train(_ loss: HierarchicalProxyLoss<Double>, _ optimizer: Optimizer<Double>, steps: Int) -> [Double]
    {
      (0..<steps).map { _ in optimizer.step { loss(work.embeddings, labels: work.labels) }.item }
    }
    @Sendable func make(_ group: Group) -> (HierarchicalProxyLoss<Double>, Optimizer<Double>) {
      let loss = work.make("norm-softmax", over: group, coarse: .learned)
      return (loss, SGD(loss.parameters, learningRate: 0.1, momentum: 0.9))
    }
    @Sendable func course(_ group: Group) -> (losses: [Double], parents: [Int], accuracies: [Double], file: Safetensors)
    {
      let (loss, optimizer) = make(group)
      var losses = train(loss, optimizer, steps: 3)
      var generator = RandomGenerator(seed: 1)
      loss.recluster(using: &generator)
      losses += train(loss, optimizer, steps: 3)
      var file = Safetensors()
      loss.save(into: &file, prefix: "loss.")
      optimizer.save(into: &file)
      return (losses, loss.levels[1].parents, loss.accuracies(work.embeddings, labels: work.labels), file)
    }
    let expected = course(.alone)
    let found = try Group.threads(3) { course($0) }
    for result in found {
      for (a, b) in zip(result.losses, expected.losses) { expectLess(abs(a - b), 1e-11) }
      expectEqual(result.parents, expected.parents)
      expectEqual(result.accuracies, expected.accuracies)
      expectEqual(result.file.names, expected.file.names)
      for name in expected.file.names where !name.hasSuffix("step") && !name.hasSuffix("parents") {
        let (a, b): (Tensor<Double>, Tensor<Double>) = (try result.file.tensor(name), try expected.file.tensor(name))
        expectLess(difference(a, b), 1e-9, "\(name)")
      }
    }
    let file = found[0].file
    let further = try Group.threads(2) { group in
      let (loss, optimizer) = make(group)
      try loss.load(file, prefix: "loss.")
      try optimizer.load(file)
      return train(loss, optimizer, steps: 2)
    }
    let (loss, optimizer) = make(.alone)
    try loss.load(file, prefix: "loss.")
    try optimizer.load(file)
    let alone = train(loss, optimizer, steps: 2)
    for losses in further { for (a, b) in zip(losses, alone) { expectLess(abs(a - b), 1e-11) } }
  }

  private struct Plain: ProxyLoss {
    func callAsFunction(_ similarities: Tensor<Float>, targets: Labels) -> Tensor<Float> {
      -similarities.pick(targets).mean()
    }
  }

  /// What cannot be spread or sampled says so.
  @Test func whatCannotBeInPartsSaysSo() throws {
    @Sendable func problem(_ level: ProxyLevel<Float>) -> String {
      do { try ProxyLevel.check([level]); return "none" } catch { return "\(error)" }
    }
    _ = try Group.threads(2) { group in
      expectEqual(problem(.classes(4, loss: Plain())), "none")
      #expect(problem(.classes(4, loss: Plain(), shardedOver: group)).contains("Plain needs all proxies in one place"))
      #expect(problem(.classes(1, loss: CosFace(), shardedOver: group)).contains("1 classes are too few for 2 ranks"))
      #expect(
        problem(.classes(4, loss: ProxyAnchor(), samplingRate: 0.5)).contains("ProxyAnchor<Float> needs every proxy"))
      #expect(problem(.classes(4, loss: CosFace(), samplingRate: 0)).contains("a sampling rate of 0.0"))
    }
  }

  /// Some of the proxies take part: those of the batch always; the others stay as they are, and so does their state.
  @Test(arguments: [1, 3])
  func aPartOfTheNegatives(size: Int) throws {
    let (classes, rate) = (40, 0.25)
    let work = Case<Double>(1)
    _ = try Group.threads(size) { group in
      var generator = RandomGenerator(seed: 3)
      let loss = HierarchicalProxyLoss<Double>(
        dimensions: 6, levels: [.classes(classes, loss: CosFace(), shardedOver: group, samplingRate: rate)],
        using: &generator)
      let proxies = loss.levels[0].proxies!
      let optimizer = AdamW(loss.parameters, learningRate: 0.1)
      var seen: Set<Int> = []
      for _ in 0..<12 {
        let before = proxies.value.detached
        optimizer.step { loss(work.embeddings, labels: work.labels) }
        let rows = proxies.activeRows!.scalars
        let own = group.share(of: classes)
        expectEqual(rows, rows.sorted())
        expectEqual(Set(rows).count, rows.count)
        let present = Set(work.labels.scalars.filter(own.contains)).map { $0 - own.lowerBound }
        #expect(Set(rows).isSuperset(of: present))
        expectEqual(rows.count, max(present.count, Int((rate * Double(own.count)).rounded(.up))))
        for row in 0..<own.count {
          expectEqual((before[row].scalars == proxies.value[row].scalars), !rows.contains(row))
        }
        seen.formUnion(rows)
      }
      #expect(seen.count > proxies.activeRows!.count)
    }
  }

  /// With all of them it is the loss itself.
  @Test func aRateOfAllButOneDrawIsCloseToTheLoss() {
    let work = Case<Double>(2)
    func value(_ rate: Double) -> Double {
      var generator = RandomGenerator(seed: 3)
      let loss = HierarchicalProxyLoss<Double>(
        dimensions: 6, levels: [.classes(11, loss: CosFace(), samplingRate: rate)], using: &generator)
      return loss(work.embeddings, labels: work.labels).item
    }
    // Rounded up, all take part.
    expectLess(abs(value(0.99) - value(1)), 1e-12)
  }
}
