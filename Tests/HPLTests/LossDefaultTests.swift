import HPL
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// Defaults and numbers in a unit, what parts do at their edges, and losses that are put together.
@Suite struct LossDefaultTests {
  private let x = signedSample([6, 3])
  private let labels = [0, 0, 1, 1, 2, 2].labels

  /// With cosines, margins of 0 and 1 would make every loss 0.
  @Test func marginsAreInTheUnitOfTheDistance() {
    let (near, far) = (ContrastiveLoss<Double>(), ContrastiveLoss<Double>(distance: CosineSimilarity()))
    #expect(near.positiveMargin == 0 && near.negativeMargin == 1 && far.positiveMargin == 1 && far.negativeMargin == 0)
    let cosines = x.cosineSimilarities(to: x)
    var (sums, counts) = ((0.0, 0.0), (0.0, 0.0))
    for i in 0..<6 {
      for j in 0..<6 where i != j {
        let cosine = cosines[i, j].item
        let isPositive = labels.scalars[i] == labels.scalars[j]
        if isPositive, cosine < 1 { (sums.0, counts.0) = (sums.0 + 1 - cosine, counts.0 + 1) }
        if !isPositive, cosine > 0 { (sums.1, counts.1) = (sums.1 + cosine, counts.1 + 1) }
      }
    }
    #expect(abs(far(x, labels: labels).item - sums.0 / counts.0 - sums.1 / counts.1) < 1e-12 && counts.1 > 0)
    let boundary = MarginLoss<Double>(beta: 0.5, distance: CosineSimilarity())
    #expect(boundary.beta.value.item == 0.5 && MarginLoss<Double>().beta.value.item == 1.2)
    #expect(MultiSimilarityLoss<Double>().base == 0.5 && RankedListLoss<Double>(margin: 0.5).boundary == 1.25)
  }

  @Test func aConstantInAnotherUnitIsAskedFor() async {
    let margin = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MarginLoss<Double>(distance: CosineSimilarity())
    }
    let ofMargin = text(margin?.standardErrorContent)
    #expect(ofMargin.contains("the usual beta, 1.2, is a distance, and CosineSimilarity<Double> is none; give a beta"))
    let base = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MultiSimilarityLoss<Double>(distance: LpDistance())
    }
    let ofBase = text(base?.standardErrorContent)
    #expect(ofBase.contains("MultiSimilarityLoss: the usual base, 0.5, is a similarity"))
  }

  @Test func anglesAreInRadians() async {
    let arcFace = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SubCenterArcFace<Float>(margin: 28.6)
    }
    let ofArcFace = text(arcFace?.standardErrorContent)
    #expect(ofArcFace.contains("ArcFace: the margin 28.6 is no angle in radians"))
    let miner = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var miner = AngularMiner()
      miner.angle = 20
    }
    let ofMiner = text(miner?.standardErrorContent)
    #expect(ofMiner.contains("AngularMiner: the angle 20.0 is not in radians"))
  }

  /// A row without signal is at 0 from its like, and far but not infinitely far from others.
  @Test func rowsWithoutSignalHaveFiniteDistances() {
    let rows = Tensor<Float>([[1, 1, 1], [0, 0, 0], [1, 2, -1]])
    let (distances, slope) = valueWithGradient(at: rows) { (SNRDistance()($0, to: $0) * 1e-20).sum() }
    let all = SNRDistance<Float>()(rows, to: rows)
    #expect(all.isFinite.allTrue && distances.isFinite.allTrue && slope.isFinite.allTrue)
    #expect(all[0, 0].item == 0 && all[0, 1].item < 1 && all[0, 2].item > 1e6 && all[2, 2].item == 0)
  }

  /// As in pytorch-metric-learning, terms less than 0 do not count; a NaN does.
  @Test func theNonZeroMeanIsThatOfPositiveTerms() {
    func mean(_ terms: [Double]) -> Double {
      NonZeroMeanReducer<Double>()(LossTerms(ofSamples: Tensor(terms), labels: .zeros([terms.count]))).item
    }
    #expect(mean([1, 0, -5, 3]) == 2 && mean([0, -1]) == 0 && mean([1, .nan]).isNaN)
  }

  @Test func composedLossesGoIntoAMemory() {
    let summed = SummedPairLoss<Double>((TripletLoss(margin: 0.5), 1), (NTXentLoss(), 0.5))
    let regularized = TripletLoss<Double>(margin: 0.5).regularized(by: LpRegularizer(), weight: 0.1)
    func ofMemory(_ loss: any ReferencePairLoss<Double>) -> Double {
      let memory = CrossBatchMemory(loss, size: 12, dimensions: 3, includesBatch: false)
      _ = memory(signedSample([6, 3], seed: 8), labels: labels)
      return memory(x, labels: labels).item
    }
    let triplets = ofMemory(TripletLoss(margin: 0.5))
    expectLess(abs(ofMemory(summed) - triplets - ofMemory(NTXentLoss()) / 2), 1e-12)
    expectLess(abs(ofMemory(regularized) - triplets - LpRegularizer<Double>()(x).item * 0.1), 1e-12)
  }

  @Test func aLossOnOneBatchIsNoReference() async {
    var generator = RandomGenerator(seed: 1)
    let hier = HIERLoss<Double>(proxies: 2, dimensions: 3, using: &generator)
    let sum = SummedPairLoss<Double>((NTXentLoss(), 1), (hier.regularized(by: LpRegularizer()), 1))
    #expect(!hier.takesReferences && !sum.takesReferences && NTXentLoss<Double>().takesReferences)
    #expect(SummedPairLoss<Double>((NTXentLoss().regularized(by: LpRegularizer()), 1)).takesReferences)
    let made = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      let sum = SummedPairLoss<Double>((HIERLoss(proxies: 2, dimensions: 3, using: &generator), 1))
      _ = CrossBatchMemory(sum, size: 4, dimensions: 3)
    }
    let message = text(made?.standardErrorContent)
    #expect(message.contains("SummedPairLoss<Double> has a loss that compares a batch with itself alone"))
    #expect(message.contains("LossDefaultTests.swift"))
    let called = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      let sum = SummedPairLoss<Double>((HIERLoss(proxies: 2, dimensions: 3, using: &generator), 1))
      _ = sum(PairBatch(.ones([2, 3]), labels: Labels([0, 1])))
    }
    let second = text(called?.standardErrorContent)
    #expect(second.contains("HIERLoss<Double> compares a batch with itself alone"))
  }

  /// What HIER draws goes on where it was saved, whatever generator the other one was made from.
  @Test func theDrawsOfHIERAreSaved() throws {
    func loss(_ seed: UInt64) -> HIERLoss<Float> {
      var generator = RandomGenerator(seed: seed)
      return HIERLoss(proxies: 6, dimensions: 3, triplets: 4, using: &generator)
    }
    let (rows, labels) = (signedSample([8, 3]).cast(to: Float.self), [0, 0, 0, 0, 1, 1, 1, 1].labels)
    let saved = loss(1), read = loss(2)
    _ = saved(rows, labels: labels)
    var file = Safetensors()
    saved.save(into: &file, prefix: "")
    try read.load(file, prefix: "")
    expectEqual(saved.parameters.map(\.name), ["proxies"])
    for _ in 0..<2 {
      let (expected, actual) = (saved(rows, labels: labels).item, read(rows, labels: labels).item)
      #expect(actual == expected && actual != 0)
    }
  }
}
