import ClassTree
import HPL
import NN
import Tensor
import Testing
import _TestSupport

/// Losses and samplers for samples of several classes: against plain loops and pytorch-metric-learning's on given pairs, and as what they are
/// with one class a sample.
@Suite struct MembershipTests {
  static let goldens = try? Goldens("memberships")
  static let cases = (goldens?.cases ?? []).filter { $0.name != "batch" }
  private let labels = [0, 0, 1, 2, 2]
  private let single = Memberships([[0], [0], [1], [2], [2]], classes: 3)

  @Test func thereAreCases() { expectEqual(Self.cases.count, 10) }

  private static func loss(_ golden: GoldenCase) -> (Tensor<Double>, Memberships) -> Tensor<Double> {
    func number(_ key: String) -> Double { golden.argument(key) }
    let loss: any ReferencePairLoss<Double>
    switch golden.subject {
    case "sup_con": loss = SupConLoss(temperature: number("temperature"))
    case "nt_xent": loss = NTXentLoss(temperature: number("temperature"))
    case "smooth_ap": loss = SmoothAPLoss(temperature: number("temperature"))
    case "recall_at_k":
      loss = RecallAtKLoss(
        ks: golden.argument("ks"), temperature: number("temperature"), rankTemperature: number("rank_temperature"))
    case "contrastive": loss = ContrastiveLoss()
    case "multi_similarity": loss = MultiSimilarityLoss(miner: AllMiner())
    case "circle": loss = CircleLoss()
    case "multi_sup_con": loss = MultiSupConLoss(threshold: number("threshold"))
    default:
      let proxies = goldens!["batch"].tensor("proxies", as: Double.self)
      return { ProxyAnchor()($0.cosineSimilarities(to: proxies), memberships: $1) }
    }
    return { loss($0, memberships: $1) }
  }

  @Test(arguments: cases) func agrees(_ golden: GoldenCase) {
    let batch = Self.goldens!["batch"]
    let tags = Memberships(batch.argument("sets"), classes: 5)
    let loss = Self.loss(golden)
    let (value, slope) = valueWithGradient(at: batch.tensor("embeddings", as: Double.self)) { loss($0, tags) }
    expectLess(difference(value, golden.tensor("loss")), 1e-6)
    expectLess(difference(slope, golden.tensor("gradient.embeddings")), 1e-6)
  }

  @Test(arguments: 0..<4) func gradientsOfBothOrders(_ index: Int) throws {
    let tags = Memberships([[0, 1], [1], [], [0, 2], [2]], classes: 3)
    var generator = RandomGenerator(seed: 4)
    let levels = HierarchicalProxyLoss<Double>(
      dimensions: 3,
      levels: [.classes(3, loss: ProxyAnchor()), .taxonomy([0, 1, 0], weight: 0.5, loss: ProxyAnchor())],
      using: &generator)
    let losses: [(Tensor<Double>) -> Tensor<Double>] = [
      { MultiSupConLoss(temperature: 0.5, threshold: 0.3)($0, memberships: tags) },
      { SupConLoss(temperature: 0.5)($0, memberships: tags) },
      { ProxyAnchor(scale: 4)($0, memberships: tags) }, { levels($0, memberships: tags) },
    ]
    try gradientCheck(at: signedSample([5, 3])) { cubed(losses[index]($0)) }
  }

  /// With one class each, samples of several classes are samples of labels.
  @Test func oneClassEachIsTheSame() {
    let embeddings = signedSample([5, 3])
    let losses: [any ReferencePairLoss<Double>] = [
      ContrastiveLoss(), TripletLoss(), MultiSimilarityLoss(), MarginLoss(), CircleLoss(), NTXentLoss(),
      RankedListLoss(), SmoothAPLoss(), RecallAtKLoss(), SupConLoss(), TripletLoss(reducer: PerAnchorReducer()),
    ]
    for loss in losses {
      let value = loss(embeddings, memberships: single).item
      #expect(value > 0 && value == loss(embeddings, labels: labels.labels).item, "\(loss)")
    }
    expectLess(
      difference(
        MultiSupConLoss()(embeddings, memberships: single), SupConLoss()(embeddings, labels: labels.labels)), 1e-12)
    let cosines = embeddings.cosineSimilarities(to: signedSample([3, 3]))
    expectLess(
      difference(ProxyAnchor()(cosines, memberships: single), ProxyAnchor()(cosines, targets: labels.labels)), 1e-12)
  }

  /// Samples without a class, a class that all have, and one that none has.
  @Test func poorBatchesAreFinite() {
    let losses: [(Tensor<Double>, Memberships) -> Tensor<Double>] = [
      { SupConLoss()($0, memberships: $1) }, { MultiSupConLoss()($0, memberships: $1) },
      { SmoothAPLoss()($0, memberships: $1) }, { MultiSimilarityLoss()($0, memberships: $1) },
      { ProxyAnchor()($0.cosineSimilarities(to: Tensor([[1, 2, 3], [3, 1, 2]])), memberships: $1) },
    ]
    for sets in [[[0], [0], [0]], [[], [], []], [[0], [], [1]]] {
      for (index, loss) in losses.enumerated() {
        let (value, slope) = valueWithGradient(at: signedSample([3, 3])) { loss($0, Memberships(sets, classes: 2)) }
        #expect(value.item.isFinite && slope.isFinite.allTrue, "\(index) of \(sets)")
      }
    }
  }

  @Test func levelsTakeTheGroupsOfAllClasses() {
    var generator = RandomGenerator(seed: 5)
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 4,
      levels: [.classes(3, loss: ProxyAnchor()), .taxonomy([0, 1, 0], weight: 0.5, loss: ProxyAnchor())],
      using: &generator)
    let embeddings = signedSample([5, 4])
    expectLess(
      difference(loss(embeddings, memberships: single), loss(embeddings, labels: labels.labels)), 1e-12)
    let tags = Memberships([[0, 1], [2], [], [1], [0, 2]], classes: 3)
    let groups = Memberships([[0, 1], [0], [], [1], [0]], classes: 2)
    let expected =
      ProxyAnchor()(embeddings.cosineSimilarities(to: loss.levels[0].proxies!.value), memberships: tags)
      + ProxyAnchor()(embeddings.cosineSimilarities(to: loss.levels[1].proxies!.value), memberships: groups) * 0.5
    expectLess(difference(loss(embeddings, memberships: tags), expected), 1e-12)
    expectEqual(loss(embeddings, memberships: tags).backward().count, 2)
  }

  @Test(arguments: [0, 1]) func samplersDealASampleForEachOfItsClasses(_ kind: Int) throws {
    let tags = Memberships([[0, 1], [0], [1, 3], [], [3], [0, 3]], classes: 4)
    let sampler: any Sampler =
      kind == 0
      ? try BalancedSampler(memberships: tags, batch: 4, samplesPerClass: 2, seed: 3)
      : try RandomClassSampler(memberships: tags, batch: 4, samplesPerClass: 2, seed: 3)
    let batches = (0..<20).flatMap { sampler.batches(epoch: $0) }
    expectEqual(batches.count, kind == 0 ? 60 : 20)
    for batch in batches {
      expectEqual(batch.count, 4)
      for pair in [batch[..<2], batch[2...]] {
        #expect(!Set(tags.samples[pair.first!]).isDisjoint(with: tags.samples[pair.last!]))
      }
    }
    expectEqual(Set(batches.joined()), [0, 1, 2, 4, 5])
    expectEqual(sampler.batches(epoch: 1), sampler.batches(epoch: 1))
  }

  @Test func classesOfSamplesAndGroups() {
    let tags = Memberships([[2, 0, 2], [1], []], classes: 3)
    expectEqual(tags.samples, [[0, 2], [1], []])
    expectEqual(tags.mask.scalars, [true, false, true, false, true, false, false, false, false])
    expectEqual(Memberships(tags.mask), tags)
    expectEqual(tags.members, [[0], [1], [0]])
    expectEqual(tags.take([2, 0, 0]).samples, [[], [0, 2], [0, 2]])
    expectEqual(tags.grouped(by: [1, 0, 1]).samples, [[1], [0], []])
    #expect(tags.grouped(by: [1, 0, 1]).classes == 2 && tags.grouped(by: [1, 0, 1], count: 4).classes == 4)
    let others = Memberships([[1, 2], [0]], classes: 3)
    expectEqual(tags.sharesClass(with: others).scalars, [true, true, true, false, false, false])
    expectEqual(tags.overlaps(with: others).scalars, [1 / 3, 0.5, 0.5, 0, 0, 0])
    expectEqual(tags.overlaps(with: tags).scalars, [1, 0, 0, 0, 1, 0, 0, 0, 1])
  }

  @Test func whatNeedsOneClassTraps() async {
    let boundaries = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tags = Memberships([[0, 1], [1], [0]], classes: 2)
      _ = MarginLoss<Float>(classes: 2)(.ones([3, 2]), memberships: tags)
    }
    let first = text(boundaries?.standardErrorContent)
    #expect(first.contains("PairBatch.labels: the samples may have several classes"))
    let weighted = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tags = Memberships([[0, 1], [1], [0]], classes: 2)
      _ = SupConLoss<Float>(reducer: ClassWeightedReducer(weights: .ones([2])))(.ones([3, 2]), memberships: tags)
    }
    let second = text(weighted?.standardErrorContent)
    #expect(second.contains("LossTerms.labels: the samples may have several classes"))
    let softmax = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      let loss = HierarchicalProxyLoss<Float>(
        dimensions: 2, levels: [.classes(2, loss: NormSoftmax())], using: &generator)
      _ = loss(.ones([1, 2]), memberships: Memberships([[0, 1]], classes: 2))
    }
    let third = text(softmax?.standardErrorContent)
    #expect(third.contains("level 0, 2 classes, takes no samples of several classes"))
    let rows = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ProxyAnchor<Float>()(.ones([3, 2]), memberships: Memberships([[0, 1]], classes: 2))
    }
    let fifth = text(rows?.standardErrorContent)
    #expect(fifth.contains("ProxyAnchor: similarities [3, 2] and memberships of 1 samples in 2 classes do not fit"))
    let unknown = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Memberships([[0], [2]], classes: 2)
    }
    let fourth = text(unknown?.standardErrorContent)
    #expect(fourth.contains("Memberships: sample 1 with classes [2] of 2"))
  }
}
