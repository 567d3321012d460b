import HPL
import NN
import Tensor
import Testing
import _TestSupport

/// The hierarchical loss against PyTorch's and against a slow, obvious loop over levels.
@Suite struct HierarchicalProxyLossTests {
  static let cases = ((try? Goldens("losses").cases) ?? []).filter { $0.subject == "hpl" }

  @Test func thereAreCases() { expectEqual(Self.cases.count, 12) }

  @Test(arguments: cases) func agreesWithPyTorch(_ golden: GoldenCase) {
    let loss = makeLoss(golden)
    let labels = golden.labels("labels")
    let embeddings = golden.tensor("embeddings", as: Double.self).tracked()
    let value = loss(embeddings, labels: labels)
    let gradients = value.backward()

    expectLess(difference(value, golden.tensor("loss")), 1e-12)
    expectLess(difference(.stacked(loss.values(embeddings, labels: labels)), golden.tensor("level_losses")), 1e-12)
    expectLess(difference(gradients[embeddings], golden.tensor("gradient.embeddings")), 1e-12)
    for (index, level) in loss.levels.enumerated() {
      expectLess(difference(loss.proxies(on: index), golden.tensor("proxies\(index)").normalized(along: 1)), 1e-12)
      guard let proxies = level.proxies else { continue }
      let gradient = proxies.gradient(in: gradients) ?? .zeros(proxies.shape)
      expectLess(difference(gradient, golden.tensor("gradient.proxies\(index)")), 1e-12, "level \(index)")
    }
  }

  private func makeLoss(_ golden: GoldenCase) -> HierarchicalProxyLoss<Double> {
    var generator = RandomGenerator(seed: 1)
    let weights = golden.tensor("weights", as: Double.self).scalars
    let isCentroid = golden.argument("coarse") == "centroid"
    let term = makeProxyLoss(golden, Double.self)
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 6,
      levels: [.classes(8, weight: weights[0], loss: term)]
        + [0, 1].map { below in
          .taxonomy(
            golden.labels("parents\(below)").scalars, weight: weights[below + 1], loss: term,
            proxies: isCentroid ? .centroid : .learned)
        }, using: &generator)
    for (index, level) in loss.levels.enumerated() { level.proxies?.update(golden.tensor("proxies\(index)")) }
    return loss
  }

  enum Term: CaseIterable { case anchor, nca }

  @Test(arguments: Term.allCases, ProxyLevel<Double>.CoarseProxies.allCases)
  func agreesWithTheObviousLoop(_ term: Term, _ kind: ProxyLevel<Double>.CoarseProxies) {
    var generator = RandomGenerator(seed: 3)
    let (scale, margin) = (5.0, 0.2)
    let proxyLoss: any ProxyLoss<Double> =
      term == .anchor ? ProxyAnchor(margin: margin, scale: scale) : ProxyNCA(scale: scale)
    let trees = [[2, 0, 1, 1, 4, 3, 4, 0, 2, 3], [0, 2, 2, 1, 0], [1, 0, 1]]
    let weights = [1, 0.1, 0.5, 0.05]
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 7,
      levels: [.classes(10, weight: weights[0], loss: proxyLoss)]
        + zip(trees, weights.dropFirst()).map { .taxonomy($0, weight: $1, loss: proxyLoss, proxies: kind) },
      using: &generator)
    for level in loss.levels { level.proxies?.update(.normal(level.proxies!.shape, using: &generator)) }
    let labels = [9, 0, 3, 3, 7, 5]
    let embeddings = Tensor<Double>.normal([6, 7], deviation: 3, using: &generator)

    let samples = rows(embeddings).map(unit)
    var proxies = rows(loss.levels[0].proxies!.value).map(unit)
    var targets = labels
    var expected = 0.0
    for level in 0..<4 {
      if level > 0 {
        let tree = trees[level - 1]
        targets = targets.map { tree[$0] }
        if kind == .learned {
          proxies = rows(loss.levels[level].proxies!.value).map(unit)
        } else {
          proxies = (0..<loss.levels[level].declaration.count).map { parent in
            let children = proxies.indices.filter { tree[$0] == parent }.map { proxies[$0] }
            return unit((0..<7).map { axis in children.reduce(0) { $0 + $1[axis] } / Double(children.count) })
          }
        }
      }
      let term =
        term == .anchor
        ? proxyAnchor(samples, proxies, targets, scale, margin) : proxyNCA(samples, proxies, targets, scale)
      expected += weights[level] * term
    }
    expectLess(abs(loss(embeddings, labels: labels.labels).item - expected), 1e-12 * max(1, abs(expected)))
  }

  @Test(arguments: ProxyLevel<Double>.CoarseProxies.allCases)
  func gradientsOfBothOrders(_ kind: ProxyLevel<Double>.CoarseProxies) throws {
    var generator = RandomGenerator(seed: 5)
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 3,
      levels: [
        .classes(4, loss: ProxyAnchor(scale: 4)),
        .clusters(2, weight: 0.3, loss: ProxyNCA(scale: 2), proxies: kind),
      ], using: &generator)
    try gradientCheck(at: signedSample([3, 3])) { cubed(loss($0, labels: [0, 3, 1].labels)) }
  }

  @Test func everyProxyParameterGetsAGradient() {
    var generator = RandomGenerator(seed: 6)
    let loss = HierarchicalProxyLoss<Float>(
      dimensions: 8,
      levels: [
        .classes(12, loss: ProxyAnchor()), .clusters(4, weight: 0.1, loss: ProxyAnchor()),
        .clusters(2, weight: 0.1, loss: ProxyNCA()),
      ], using: &generator)
    expectEqual(loss.parameters.map(\.name), ["levels.0.proxies", "levels.1.proxies", "levels.2.proxies"])
    let gradients = loss(.normal([5, 8], using: &generator), labels: [0, 1, 2, 3, 11].labels).backward()
    for named in loss.parameters {
      let gradient = named.parameter.gradient(in: gradients)
      expectEqual(gradient.map { squared($0).sum(along: 1).min().item > 0 }, true, "\(named.name)")
    }
    AdamW(loss.parameters, learningRate: 0.01).step(gradients)  // none is forgotten
  }

  /// With centroid proxies the coarse level alone moves the fine ones.
  @Test func centroidProxiesPassTheirGradientToTheirChildren() {
    var generator = RandomGenerator(seed: 7)
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 4,
      levels: [
        .classes(4, weight: 0, loss: ProxyAnchor()),
        .taxonomy([0, 0, 1, 1], weight: 1, loss: ProxyNCA(), proxies: .centroid),
      ], using: &generator)
    expectEqual(loss.parameters.map(\.name), ["levels.0.proxies"])
    let gradients = loss(.normal([1, 4], using: &generator), labels: [0].labels).backward()
    let slope = squared(loss.parameters[0].parameter.gradient(in: gradients)!).sum(along: 1).scalars
    #expect(slope.min()! > 0)
  }

  @Test func aLossOfOnesOwnCanBeAnyLevel() {
    var generator = RandomGenerator(seed: 8)
    let loss = HierarchicalProxyLoss<Float>(
      dimensions: 6,
      levels: [
        .classes(6, weight: 1.0, loss: ProxyAnchor()), .clusters(3, weight: 0.1, loss: HardestProxyLoss()),
      ], using: &generator)
    let optimizer = AdamW(loss.parameters, learningRate: 0.05)
    let embeddings = Tensor<Float>.normal([6, 6], using: &generator)
    let values = (0..<20).map { _ in
      optimizer.step { loss(embeddings, labels: Labels.range(6)) }.item
    }
    expectLess(values.last!, 0.7 * values.first!)
  }

  @Test func oneLevelIsTheProxyLossItself() {
    var generator = RandomGenerator(seed: 9)
    let loss = HierarchicalProxyLoss<Double>(dimensions: 3, levels: [.classes(4, loss: ProxyNCA())], using: &generator)
    let embeddings = signedSample([2, 3])
    let expected = ProxyNCA()(cosines(embeddings, loss.levels[0].proxies!.value), targets: [3, 1].labels)
    expectLess(difference(loss(embeddings, labels: [3, 1].labels), expected), 1e-15)
  }

  @Test func coarseLevelsCanBeSwitchedOff() {
    var generator = RandomGenerator(seed: 10)
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 3, levels: [.classes(4, loss: ProxyNCA()), .clusters(2, weight: 1, loss: ProxyNCA())],
      using: &generator)
    let embeddings = signedSample([2, 3])
    let both = loss.values(embeddings, labels: [3, 1].labels)
    loss.usesCoarseLevels = false
    let value = loss(embeddings, labels: [3, 1].labels)
    expectEqual(value.item, both[0].item)
    #expect(loss.levels[1].proxies!.gradient(in: value.backward()) == nil)
    // An optimizer that holds all proxies leaves the idle ones where they are.
    let before = loss.levels[1].proxies!.value.scalars
    AdamW(loss.parameters, learningRate: 0.1, weightDecay: 0.1).step(value.backward())
    expectEqual(loss.levels[1].proxies!.value.scalars, before)
  }

  @Test func ancestorsFollowTheTree() {
    var generator = RandomGenerator(seed: 11)
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 3,
      levels: [
        .classes(5, loss: ProxyNCA()), .taxonomy([2, 0, 1, 2, 0], weight: 1, loss: ProxyNCA()),
        .taxonomy([1, 0, 1], weight: 1, loss: ProxyNCA()),
      ], using: &generator)
    expectEqual(loss.ancestors(on: 0), [0, 1, 2, 3, 4])
    expectEqual(loss.ancestors(on: 1), [2, 0, 1, 2, 0])
    expectEqual(loss.ancestors(on: 2), [1, 1, 0, 1, 1])
  }

  @Test func theStateComesBackThroughFiles() throws {
    var generator = RandomGenerator(seed: 12)
    func make() -> HierarchicalProxyLoss<Float> {
      HierarchicalProxyLoss(
        dimensions: 3, levels: [.classes(4, loss: ProxyNCA()), .taxonomy([0, 0, 1, 1], weight: 1, loss: ProxyNCA())],
        using: &generator)
    }
    let (one, other) = (make(), make())
    try other.load(one.tensors())
    let embeddings = Tensor<Float>([[1, 2, 3], [3, -1, 2]])
    expectEqual(one(embeddings, labels: [0, 3].labels).item, other(embeddings, labels: [0, 3].labels).item)
  }

  @Test func misfittingInputsTrapWithTheCallersLine() async {
    let wide = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      let loss = HierarchicalProxyLoss<Float>(dimensions: 3, levels: [.classes(4, loss: ProxyNCA())], using: &generator)
      _ = loss(.ones([2, 5]), labels: Labels([0, 1]))
    }
    let message = text(wide?.standardErrorContent)
    #expect(message.contains("HierarchicalProxyLossTests.swift"))
    #expect(message.contains("embeddings [2, 5] and labels [2] are not [batch, 3] and [batch]"))

    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      let loss = HierarchicalProxyLoss<Float>(dimensions: 3, levels: [.classes(4, loss: ProxyNCA())], using: &generator)
      _ = loss(.ones([2, 3]), labels: Labels([0, 4]))
    }
    let second = text(label?.standardErrorContent)
    #expect(second.contains("label 4 is none of 4 classes"))
    #expect(second.contains("HierarchicalProxyLossTests.swift"))
  }
}

private func rows(_ x: Tensor<Double>) -> [[Double]] { (0..<x.shape[0]).map { x[$0].scalars } }
