import HPL
import Tensor
import Testing
import _TestSupport

/// Distances, reducers, regularisers and miners against pytorch-metric-learning and plain loops, and how they compose.
@Suite struct MetricPartTests {
  static let goldens = try? Goldens("metric_parts")
  static let cases = goldens?.cases ?? []
  private static func cases(_ subjects: Set<String>) -> [GoldenCase] { cases.filter { subjects.contains($0.subject) } }
  static let distanceCases = cases(["lp", "snr", "dot", "hyperbolic"])
  static let regularizerCases = cases(["lp_regularizer", "zero_mean", "center_invariant", "regular_face"])
  static let reducerCases = cases(["reducer"])
  static let minerCases = cases(["batch_easy_hard", "angular", "pair_margin"])

  @Test func thereAreCases() {
    expectEqual(Self.distanceCases.count, 9)
    expectEqual(Self.regularizerCases.count, 4)
    expectEqual(Self.reducerCases.count, 5)
    expectEqual(Self.minerCases.count, 15)
  }

  @Test(arguments: distanceCases) func distancesAgree(_ golden: GoldenCase) {
    let distance: any Distance<Double>
    switch golden.subject {
    case "lp":
      distance = LpDistance(
        p: golden.argument("p", default: 2), power: golden.argument("power", default: 1),
        normalizes: golden.argument("normalizes", default: true))
    case "snr": distance = SNRDistance(normalizes: golden.argument("normalizes", default: true))
    case "dot": distance = DotProductSimilarity()
    default:
      distance = HyperbolicDistance(
        PoincareBall(curvature: golden.argument("curvature"), clipRadius: golden.argument("radius")))
    }
    let (x, y, cotangent) = (
      golden.tensor("input0", as: Double.self), golden.tensor("input1", as: Double.self),
      golden.tensor("cotangent", as: Double.self)
    )
    expectLess(difference(distance(x, to: y), golden.tensor("output")), 1e-11)
    let gradients = gradient(at: x, y) { (distance($0, to: $1) * cotangent).sum() }
    expectLess(difference(gradients.0, golden.tensor("gradient0")), 1e-10)
    expectLess(difference(gradients.1, golden.tensor("gradient1")), 1e-10)
  }

  @Test(arguments: regularizerCases) func regularizersAgree(_ golden: GoldenCase) throws {
    let regularizer: any Regularizer<Double>
    switch golden.subject {
    case "lp_regularizer": regularizer = LpRegularizer(p: golden.argument("p"), power: golden.argument("power"))
    case "zero_mean": regularizer = ZeroMeanRegularizer()
    case "center_invariant": regularizer = CenterInvariantRegularizer()
    default: regularizer = RegularFaceRegularizer()
    }
    let x: Tensor<Double> = golden.tensor("input0")
    let (value, slope) = valueWithGradient(at: x) { regularizer($0) * golden.tensor("cotangent") }
    expectLess(difference(value / golden.tensor("cotangent"), golden.tensor("output")), 1e-12)
    expectLess(difference(slope, golden.tensor("gradient0")), 1e-12)
    try gradientCheck(at: x) { cubed(regularizer($0)) }
  }

  @Test(arguments: reducerCases) func reducersAgree(_ golden: GoldenCase) {
    let inputs = Self.goldens!["reducers"]
    let reducer: any Reducer<Double>
    switch golden.name {
    case "reducer/mean": reducer = MeanReducer()
    case "reducer/non_zero": reducer = NonZeroMeanReducer()
    case "reducer/threshold": reducer = ThresholdReducer(low: golden.argument("low"), high: golden.argument("high"))
    case "reducer/class_weighted": reducer = ClassWeightedReducer(weights: inputs.tensor("weights"))
    default: reducer = PerAnchorReducer()
    }
    let labels = inputs.labels("labels")
    let terms = LossTerms<Double>(inputs.tensor("losses"), anchors: inputs.labels("anchors").scalars, labels: labels)
    expectLess(difference(reducer(terms), golden.tensor("output")), 1e-12)
    expectEqual(reducer(LossTerms(Tensor([]), anchors: [], labels: labels)).item, 0, "nothing to reduce")
  }

  @Test(arguments: minerCases) func minersChooseTheSame(_ golden: GoldenCase) {
    let strategies: [String: BatchEasyHardMiner.Strategy] = [
      "easy": .easy, "hard": .hard, "semihard": .semiHard, "all": .all,
    ]
    let miner: any Miner
    switch golden.subject {
    case "angular": miner = AngularMiner(angle: golden.argument("angle"))
    case "pair_margin":
      miner = PairMarginMiner(positiveMargin: golden.argument("positive"), negativeMargin: golden.argument("negative"))
    default:
      let range: [Double]? = golden.argument("range", default: nil as [Double]?)
      miner = BatchEasyHardMiner(
        positive: strategies[golden.argument("positive")]!, negative: strategies[golden.argument("negative")]!,
        positiveRange: range.map { $0[0]...$0[1] }, negativeRange: range.map { $0[2]...$0[3] })
    }
    let inputs = Self.goldens!["miners"]
    let chosen: [[Int]]
    switch PairBatch<Double>(inputs.tensor("embeddings"), labels: inputs.labels("labels")).mined(by: miner) {
    case .triplets(let triplets): chosen = triplets.map { [$0.anchor, $0.positive, $0.negative] }
    case .pairs(let positives, let negatives):
      chosen = positives.map { [$0.row, $0.column, 1] } + negatives.map { [$0.row, $0.column, 0] }
    }
    let rows = golden.labels("rows")
    #expect(!chosen.isEmpty && chosen.count == rows.shape[0])
    expectEqual(Set(chosen), Set((0..<rows.shape[0]).map { rows[$0].scalars }))
  }

  /// pytorch-metric-learning normalises what its dot product gets, so that it is the cosine.
  @Test func aDotProductDependsOnLengths() {
    let (x, y) = (Tensor<Double>([[2, 0]]), Tensor<Double>([[3, 4]]))
    expectEqual(DotProductSimilarity()(x, to: y).item, 6)
    expectLess(abs(CosineSimilarity()(x, to: y).item - 0.6), 1e-15)
  }

  /// A distance and the similarity that is its negative make one loss.
  @Test func similaritiesAndDistancesAgree() {
    struct Nearness: Distance {
      var isSimilarity: Bool { true }
      func callAsFunction(_ rows: Tensor<Double>, to others: Tensor<Double>) -> Tensor<Double> {
        -LpDistance()(rows, to: others)
      }
    }
    let (x, labels) = (signedSample([6, 4]), [0, 0, 1, 1, 2, 2].labels)
    func expect(_ distance: any PairLoss<Double>, _ similarity: any PairLoss<Double>) {
      let values = (distance(x, labels: labels), similarity(x, labels: labels))
      #expect(values.0.item > 0 && difference(values.0, values.1) < 1e-12)
    }
    expect(TripletLoss(margin: 0.5), TripletLoss(margin: 0.5, distance: Nearness()))
    expect(
      ContrastiveLoss(positiveMargin: 0.1),
      ContrastiveLoss(positiveMargin: -0.1, negativeMargin: -1, distance: Nearness()))
    expect(MarginLoss(), MarginLoss(beta: -1.2, distance: Nearness()))
    expect(SupConLoss(distance: LpDistance()), SupConLoss(distance: Nearness()))
    expect(
      MultiSimilarityLoss(base: 0.5, distance: LpDistance()), MultiSimilarityLoss(base: -0.5, distance: Nearness()))
    expect(
      RankedListLoss(negativeTemperature: 2),
      RankedListLoss(boundary: -1.2, negativeTemperature: 2, distance: Nearness()))
  }

  @Test func anyLossTakesARegularizer() {
    let (x, labels) = (signedSample([4, 3]), [0, 0, 1, 1].labels)
    let regularizer = LpRegularizer<Double>()
    let pairs: [any PairLoss<Double>] = [TripletLoss(), SmoothAPLoss()]
    for loss in pairs {
      let regularized = loss.regularized(by: regularizer, weight: 0.5)
      expectLess(difference(regularized(x, labels: labels), loss(x, labels: labels) + regularizer(x) * 0.5), 1e-12)
    }
    var generator = RandomGenerator(seed: 2)
    let plain = HierarchicalProxyLoss<Double>(
      dimensions: 3, levels: [.classes(2, loss: SoftTriple(centers: 2))], using: &generator)
    generator = RandomGenerator(seed: 2)
    let soft = SoftTriple<Double>(centers: 2).regularized(by: CenterInvariantRegularizer(), weight: 2)
    let regularized = HierarchicalProxyLoss<Double>(dimensions: 3, levels: [.classes(2, loss: soft)], using: &generator)
    let term = CenterInvariantRegularizer<Double>()(plain.levels[0].proxies!.value)
    expectLess(difference(regularized(x, labels: labels), plain(x, labels: labels) + term * 2), 1e-12)
  }

  @Test func mistakesTrap() async {
    await #expect(processExitsWith: .failure) { _ = BatchEasyHardMiner(positive: .semiHard, negative: .semiHard) }
    await #expect(processExitsWith: .failure) { _ = BatchEasyHardMiner(positive: .all, negative: .semiHard) }
    await #expect(processExitsWith: .failure) {
      _ = LossTerms<Double>(Tensor([1, 2]), anchors: [0], labels: Labels([0]))
    }
    await #expect(processExitsWith: .failure) { _ = TripletLoss<Double>()(.ones([2, 3]), labels: Labels([0])) }
    await #expect(processExitsWith: .failure) {
      let batch = PairBatch<Double>(
        .ones([1, 2]), labels: Labels([0]), others: .ones([2, 2]), otherLabels: Labels([0, 1]), places: [nil])
      _ = batch.mined(by: AngularMiner())
    }
    await #expect(processExitsWith: .failure) { _ = CSL<Double>(groups: [[0, 0]], margins: [1]) }
  }
}
