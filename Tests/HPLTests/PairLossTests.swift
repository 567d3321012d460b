import Foundation
import HPL
import Tensor
import Testing
import _TestSupport

/// Losses between samples, and miners, against plain loops in PyTorch and pytorch-metric-learning.
@Suite struct PairLossTests {
  static let cases = ((try? Goldens("pair_losses").cases) ?? [])
  static let lossCases = cases.filter { $0.subject != "miner" }
  static let minerCases = cases.filter { $0.subject == "miner" }

  @Test func thereAreCases() {
    expectEqual(Set(Self.lossCases.map(\.subject)), ["contrastive", "triplet", "multi_similarity"])
    expectEqual(Self.lossCases.count, 18)
    expectEqual(Self.minerCases.count, 9)
  }

  @Test(arguments: lossCases) func agreesInDouble(_ golden: GoldenCase) {
    expectAgreement(with: golden, Double.self, tolerance: 1e-11)
  }

  @Test(arguments: lossCases) func agreesInFloat(_ golden: GoldenCase) {
    expectAgreement(with: golden, Float.self, tolerance: 2e-5)
  }

  private func loss<S: TensorScalar>(_ golden: GoldenCase, _: S.Type) -> any PairLoss<S> {
    func number(_ key: String) -> S { S(golden.argument(key, as: Double.self)) }
    switch golden.subject {
    case "contrastive":
      return ContrastiveLoss(positiveMargin: number("positive_margin"), negativeMargin: number("negative_margin"))
    case "triplet": return TripletLoss(margin: number("margin"))
    default:
      return MultiSimilarityLoss(
        positiveScale: number("alpha"), negativeScale: number("beta"), base: number("base"))
    }
  }

  private func expectAgreement<S: TensorScalar>(with golden: GoldenCase, _: S.Type, tolerance: Double) {
    let loss = loss(golden, S.self)
    let (value, slope) = valueWithGradient(at: golden.tensor("embeddings", as: S.self)) {
      loss($0, labels: golden.labels("labels"))
    }
    expectLess(difference(value, golden.tensor("loss")), tolerance)
    expectLess(difference(slope, golden.tensor("gradient.embeddings")), tolerance)
  }

  @Test(arguments: minerCases) func minersChooseTheSame(_ golden: GoldenCase) {
    let miner: any Miner
    switch golden.argument("kind", as: String.self) {
    case "batch_hard": miner = BatchHardMiner()
    case "multi_similarity": miner = MultiSimilarityMiner(tolerance: golden.argument("epsilon"))
    case let kind:
      let kinds: [String: TripletMarginMiner.Kind] = ["all": .all, "hard": .hard, "semihard": .semiHard]
      miner = TripletMarginMiner(kinds[kind]!, margin: golden.argument("margin"))
    }
    let chosen: [[Int]]
    switch miner.mine(batch(golden.tensor("embeddings"), golden.labels("labels"))) {
    case .triplets(let triplets): chosen = triplets.map { [$0.anchor, $0.positive, $0.negative] }
    case .pairs(let positives, let negatives):
      chosen = positives.map { [$0.row, $0.column, 1] } + negatives.map { [$0.row, $0.column, 0] }
    }
    let rows = golden.labels("rows")
    #expect(!chosen.isEmpty)
    expectEqual(Set(chosen), Set((0..<rows.shape[0]).map { rows[$0].scalars }))
    expectEqual(chosen.count, rows.shape[0])
  }

  private func batch(_ embeddings: Tensor<Double>, _ labels: Labels) -> BatchDistances {
    let unit = embeddings.normalized(along: 1)
    return BatchDistances(unit.distances(to: unit), labels)
  }

  @Test func gradientsOfBothOrders() throws {
    let losses: [any PairLoss<Double>] = [
      ContrastiveLoss(negativeMargin: 1.5), TripletLoss(margin: 1), MultiSimilarityLoss(negativeScale: 4),
      TripletLoss(margin: 1, miner: BatchHardMiner()),
      MultiSimilarityLoss(negativeScale: 4, miner: MultiSimilarityMiner()),
    ]
    for loss in losses {
      try gradientCheck(at: signedSample([5, 3])) { cubed(loss($0, labels: [0, 0, 1, 1, 2].labels)) }
    }
  }

  @Test func noTripletLeftIsZeroAndNotNaN() {
    let far = Tensor<Double>([[1, 0], [1, 0.01], [-1, 0], [-1, 0.01]])
    for miner in [TripletMarginMiner(.hard), TripletMarginMiner(.semiHard)] as [any Miner] {
      let (value, slope) = valueWithGradient(at: far) { TripletLoss(miner: miner)($0, labels: [0, 0, 1, 1].labels) }
      #expect(value.item == 0 && (slope .== 0).allTrue)
    }
  }

  @Test func equalEmbeddingsHaveFiniteGradients() {
    let same = Tensor<Double>([[1, 2], [1, 2], [1, 2]])
    let losses: [any PairLoss<Double>] = [ContrastiveLoss(), TripletLoss(), MultiSimilarityLoss()]
    for loss in losses {
      let (value, slope) = valueWithGradient(at: same) { loss($0, labels: [0, 0, 1].labels) }
      #expect(value.item.isFinite && slope.isFinite.allTrue)
    }
  }

  @Test func distanceWeightingDrawsNearAndFarAlike() {
    // Three negatives of one anchor; the middle one is the likeliest by far in 16 dimensions, because few lie so near.
    func at(_ distance: Double) -> [Double] {
      let cosine = 1 - distance * distance / 2
      return [cosine, (1 - cosine * cosine).squareRoot()]
    }
    let embeddings = Tensor<Double>([[1, 0], [1, 0.001], at(0.7), at(1.2), at(1.6)])
    var generator = RandomGenerator(seed: 5)
    let miner = DistanceWeightedMiner(dimensions: 16, using: &generator)
    let batch = batch(embeddings, [0, 0, 1, 2, 3].labels)
    var draws = [0, 0, 0, 0, 0]
    for _ in 0..<2000 {
      for triplet in miner.mine(batch).triplets where triplet.anchor == 0 { draws[triplet.negative] += 1 }
    }
    func weight(_ d: Double) -> Double { pow(d, -14) * pow(1 - d * d / 4, -6.5) }
    let expected = 2000 * weight(1.2) / (weight(0.7) + weight(1.2))
    expectEqual(draws[4], 0, "beyond the reach")
    expectEqual(draws[2] + draws[3], 2000)
    expectLess(abs(Double(draws[3]) - expected), 4 * expected.squareRoot() + 4)
  }

  @Test func pairsAndTripletsAreSeenAsEachOther() {
    let mined = AllMiner().mine(batch(signedSample([4, 2]), [0, 0, 1, 1].labels))
    expectEqual(mined.triplets.count, 8)
    let again = Mined.triplets(mined.triplets).pairs
    expectEqual(again.positives.count, mined.pairs.positives.count)
    expectEqual(again.negatives.count, mined.pairs.negatives.count)
  }

  @Test func theDefaultsAreThePapers() {
    #expect((ContrastiveLoss<Float>().positiveMargin, ContrastiveLoss<Float>().negativeMargin) == (0, 1))
    expectEqual(TripletLoss<Float>().margin, 0.05)
    let loss = MultiSimilarityLoss<Float>()
    #expect((loss.positiveScale, loss.negativeScale, loss.base) == (2, 50, 0.5))
  }
}
