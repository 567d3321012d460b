import Foundation
import HPL
import NN
import Tensor
import Testing
import _TestSupport

/// Losses on pairs and rankings against plain loops in PyTorch, and where they are known by hand.
@Suite struct MetricLossTests {
  static let goldens = try? Goldens("metric_losses")
  static let cases = goldens?.cases ?? []
  static let pairCases = cases.filter { pairSubjects.contains($0.subject) }
  static let levelCases = cases.filter { ["hap", "hmlc"].contains($0.subject) }
  private static let pairSubjects: Set = [
    "circle", "sup_con", "nt_xent", "margin", "ranked_list", "smooth_ap", "recall_at_k", "hyp",
  ]

  @Test func thereAreCases() {
    expectEqual(Set(Self.pairCases.map(\.subject)), Self.pairSubjects)
    expectEqual(Self.pairCases.count, 19)
    expectEqual(Self.levelCases.count, 7)
  }

  private static func inputs<S: TensorScalar>(_ golden: GoldenCase, _: S.Type) -> (Tensor<S>, [Labels]) {
    // Shared by all cases, as the roles of one that has no arguments.
    let batches = goldens!["batches"]
    let levels = batches.labels(golden.argument("batch"))
    return (batches.tensor("embeddings", as: S.self), (0..<levels.shape[0]).map { levels[$0] })
  }

  private static func loss<S: TensorScalar>(_ golden: GoldenCase, _: S.Type) -> any PairLoss<S> {
    func number(_ key: String) -> S { S(golden.argument(key, as: Double.self)) }
    switch golden.subject {
    case "circle": return CircleLoss(margin: number("margin"), scale: number("scale"))
    case "sup_con": return SupConLoss(temperature: number("temperature"))
    case "nt_xent": return NTXentLoss(temperature: number("temperature"))
    case "margin":
      let beta = golden.tensor("beta", as: S.self)
      let loss = MarginLoss<S>(
        margin: number("margin"), classes: beta.rank == 0 ? nil : beta.count,
        betaWeight: S(golden.argument("nu", default: 0.0)))
      loss.beta.update(beta)
      return loss
    case "ranked_list":
      return RankedListLoss(
        margin: number("margin"), boundary: number("boundary"), balance: number("balance"),
        positiveTemperature: number("tp"), negativeTemperature: number("tn"))
    case "smooth_ap": return SmoothAPLoss(temperature: number("temperature"))
    case "recall_at_k":
      return RecallAtKLoss(
        ks: golden.argument("ks"), temperature: number("temperature"), rankTemperature: number("rank_temperature"))
    default:
      let ball = PoincareBall(curvature: number("curvature"), clipRadius: number("radius"))
      return HypLoss(temperature: number("temperature"), distance: HyperbolicDistance(ball))
    }
  }

  private static func levelLoss<S: TensorScalar>(_ golden: GoldenCase, _: S.Type) -> any LevelLoss<S> {
    func number(_ key: String) -> S { S(golden.argument(key, as: Double.self)) }
    if golden.subject == "hmlc" {
      return HMLCLoss(
        temperature: number("temperature"), penalty: .init(rawValue: golden.argument("penalty"))!,
        isOrdered: golden.argument("ordered"), views: golden.argument("views"))
    }
    let offset = golden.argument("offset", default: -1.0)
    return HAPLoss(
      exponent: golden.argument("exponent"), temperature: number("temperature"), slope: number("slope"),
      threshold: number("threshold"), start: number("start"), offset: offset < 0 ? nil : S(offset))
  }

  private func expectAgreement<S: TensorScalar>(with golden: GoldenCase, _: S.Type, _ tolerance: Double) {
    let (embeddings, levels) = Self.inputs(golden, S.self)
    let function: (Tensor<S>) -> Tensor<S>
    if Self.levelCases.contains(where: { $0.name == golden.name }) {
      let loss = Self.levelLoss(golden, S.self)
      function = { loss($0, levels: levels) }
    } else {
      let loss = Self.loss(golden, S.self)
      function = { loss($0, labels: levels[0]) }
    }
    let (value, slope) = valueWithGradient(at: embeddings, of: function)
    expectLess(difference(value, golden.tensor("loss")), tolerance)
    let scale = S(max(1, golden.tensor("gradient.embeddings", as: Double.self).norm().item))
    expectLess(difference(slope / scale, golden.tensor("gradient.embeddings") / scale), tolerance)
  }

  @Test(arguments: pairCases + levelCases) func agreesInDouble(_ golden: GoldenCase) {
    expectAgreement(with: golden, Double.self, 1e-9)
  }

  @Test(arguments: pairCases + levelCases) func agreesInFloat(_ golden: GoldenCase) {
    expectAgreement(with: golden, Float.self, 2e-4)
  }

  @Test(arguments: ["margin/one", "margin/classes"]) func boundariesLearn(_ name: String) {
    let golden = Self.goldens![name]
    let (embeddings, levels) = Self.inputs(golden, Double.self)
    let loss = Self.loss(golden, Double.self) as! MarginLoss<Double>
    expectEqual(loss.parameters.map(\.name), ["beta"])
    let gradients = loss(embeddings, labels: levels[0]).backward()
    expectLess(difference(loss.beta.gradient(in: gradients)!, golden.tensor("gradient.beta")), 1e-11)
  }

  static var smooth: [any PairLoss<Double>] {
    [
      SupConLoss(temperature: 0.5), NTXentLoss(temperature: 0.5), MarginLoss(margin: 0.9),
      RankedListLoss(margin: 0.6, positiveTemperature: 1, negativeTemperature: 2), SmoothAPLoss(temperature: 0.5),
      RecallAtKLoss(ks: [1, 2], temperature: 0.5), HypLoss(),
      NTXentLoss(temperature: 0.5, distance: HyperbolicDistance()), TripletLoss(margin: 1, distance: SNRDistance()),
      ContrastiveLoss(positiveMargin: 1, negativeMargin: -1, distance: CosineSimilarity()),
      MultiSimilarityLoss(negativeScale: 4, distance: LpDistance(p: 1, power: 2)),
      TripletLoss(margin: 9, distance: DotProductSimilarity(), reducer: PerAnchorReducer()),
    ]
  }

  @Test(arguments: smooth.indices) func gradientsOfBothOrders(_ index: Int) throws {
    let loss = Self.smooth[index]
    try gradientCheck(at: signedSample([5, 3])) { cubed(loss($0, labels: [0, 0, 1, 1, 2].labels)) }
  }

  @Test func rankingsOnLevelsHaveGradientsOfBothOrders() throws {
    let levels = [[0, 0, 1, 2, 2].labels, [0, 0, 0, 1, 1].labels]
    let losses: [any LevelLoss<Double>] = [
      HAPLoss(temperature: 0.5, slope: 2), HMLCLoss(temperature: 0.5, isOrdered: false),
    ]
    for loss in losses { try gradientCheck(at: signedSample([5, 3])) { cubed(loss($0, levels: levels)) } }
  }

  /// With nothing to compare, or nothing to compare with, losses and gradients are finite numbers.
  @Test(arguments: [[0, 1, 2], [0, 0, 0], [0]]) func poorBatchesAreFinite(_ labels: [Int]) {
    let embeddings = Tensor<Double>([[1, 2], [1, 2], [1, 3]])[..<labels.count]
    for loss in Self.smooth + [CircleLoss(), SmoothAPLoss(), RecallAtKLoss()] {
      let (value, slope) = valueWithGradient(at: embeddings) { loss($0, labels: labels.labels) }
      #expect(value.item.isFinite && slope.isFinite.allTrue, "\(loss)")
      if Set(labels).count == labels.count, !(loss is ContrastiveLoss<Double>), !(loss is RankedListLoss<Double>),
        !(loss is MultiSimilarityLoss<Double>)
      {
        expectEqual(value.item, 0, "\(loss)")
      }
    }
    for loss in [HAPLoss(), HMLCLoss()] as [any LevelLoss<Double>] {
      let (value, slope) = valueWithGradient(at: embeddings) { loss($0, levels: [labels.labels]) }
      #expect(value.item.isFinite && slope.isFinite.allTrue, "\(loss)")
    }
  }

  /// pytorch-metric-learning adds the smallest number to the softmax, so that no loss exceeds its logarithm, 87 in `Float`.
  @Test func aHopelessPairKeepsItsLoss() {
    let embeddings = Tensor<Float>([[1, 0], [-1, 0], [1, 0]])
    let value = NTXentLoss<Float>(temperature: 0.01)(embeddings, labels: [0, 0, 1].labels).item
    // The first has its positive opposite and a negative beside it: 200. The second is as far from both: log 2.
    expectLess(abs(value - (200 + log(2)) / 2), 1e-3)
  }

  /// The authors' relevance divides by one less than the levels, and so by 0.
  @Test func oneLevelIsAnAveragePrecision() {
    let embeddings = signedSample([6, 4])
    let labels = [0, 0, 1, 1, 2, 2].labels
    let (value, slope) = valueWithGradient(at: embeddings) { HAPLoss(slope: 0)($0, levels: [labels]) }
    #expect(value.item > 0 && value.item < 1 && slope.isFinite.allTrue)
    // All that is alike first.
    let perfect = Tensor<Double>([[1, 0], [1, 0.01], [-1, 0], [-1, 0.01]])
    expectLess(abs(HAPLoss<Double>()(perfect, levels: [[0, 0, 1, 1].labels]).item), 1e-12)
  }

  /// Near relatives before far ones: what a loss on classes alone does not ask for.
  @Test func relativesComeBeforeStrangers() {
    func at(_ degrees: Double) -> [Double] { [cos(degrees * .pi / 180), sin(degrees * .pi / 180)] }
    let levels = [[0, 0, 1, 1, 2, 2].labels, [0, 0, 0, 0, 1, 1].labels]
    let good = Tensor<Double>([at(0), at(2), at(40), at(42), at(120), at(122)])
    let bad = Tensor<Double>([at(0), at(2), at(120), at(122), at(40), at(42)])
    let loss = HAPLoss<Double>()
    expectLess(loss(good, levels: levels).item, loss(bad, levels: levels).item - 0.1)
    expectLess(
      abs(SmoothAPLoss<Double>()(good, labels: levels[0]).item - SmoothAPLoss<Double>()(bad, labels: levels[0]).item),
      1e-9)
  }

  @Test func happierIsBothOfItsParts() throws {
    var generator = RandomGenerator(seed: 3)
    let loss = HappierLoss<Double>(classes: 3, dimensions: 4, using: &generator)
    expectEqual(loss.parameters.map(\.name), ["proxies"])
    #expect((abs(loss.proxies.value) .<= 0.5).allTrue)
    let embeddings = signedSample([5, 4])
    let levels = [[0, 0, 1, 2, 2].labels, [0, 0, 0, 1, 1].labels]
    let cosines = embeddings.cosineSimilarities(to: loss.proxies.value)
    let expected =
      HAPLoss()(embeddings, levels: levels) * 0.9
      + NormSoftmax(temperature: 0.05)(cosines, targets: levels[0]) * 0.1
    expectLess(difference(loss(embeddings, levels: levels), expected), 1e-12)
    #expect(loss.proxies.gradient(in: loss(embeddings, levels: levels).backward()) != nil)
  }

  @Test func proxiesOnLevelsAgree() throws {
    let golden = Self.goldens!["csl/levels"]
    let groups = golden.labels("groups")
    let loss = CSL<Double>(groups: (0..<groups.shape[0]).map { groups[$0].scalars })
    #expect(zip(loss.margins, [0.25, 0.35, 0.45]).allSatisfy { abs($0 - $1) < 1e-15 } && loss.scale == 32)
    let targets = golden.labels("targets")
    let (value, slope) = valueWithGradient(at: golden.tensor("similarities")) { loss($0, targets: targets) }
    expectLess(difference(value, golden.tensor("loss")), 1e-12)
    expectLess(difference(slope, golden.tensor("gradient.similarities")), 1e-11)
    try gradientCheck(at: signedSample([3, 4])) {
      CSL(groups: [[0, 0, 1, 1]], scale: 4)($0, targets: [0, 1, 3].labels)
    }
  }

  @Test func subCentresAgree() {
    let golden = Self.goldens!["sub_center_arcface/two"]
    let loss = SubCenterArcFace<Double>(centers: golden.argument("centers"))
    let labels = golden.labels("labels")
    let (value, gradients) = valueWithGradient(at: golden.tensor("embeddings"), golden.tensor("proxies")) {
      loss(cosines($0, $1), targets: labels)
    }
    expectLess(difference(value, golden.tensor("loss")), 1e-10)
    expectLess(difference(gradients.0, golden.tensor("gradient.embeddings")), 1e-10)
    expectLess(difference(gradients.1, golden.tensor("gradient.proxies")), 1e-10)
    let similarities = cosines(golden.tensor("embeddings", as: Double.self), golden.tensor("proxies"))
    expectEqual(loss.outliers(similarities, labels: labels), golden.labels("outliers").scalars)
    #expect(!golden.labels("outliers").scalars.isEmpty)
  }

  @Test func theDefaultsAreThePapers() {
    #expect((CircleLoss<Float>().margin, CircleLoss<Float>().scale) == (0.4, 80))
    expectEqual(SupConLoss<Float>().temperature, 0.1)
    expectEqual(NTXentLoss<Float>().temperature, 0.07)
    expectEqual(MarginLoss<Float>().margin, 0.2)
    expectEqual(MarginLoss<Float>().beta.value.item, 1.2)
    expectEqual(RankedListLoss<Float>().boundary, 1.2)
    expectEqual(SubCenterArcFace<Float>().centers, 3)
    expectEqual(SmoothAPLoss<Float>().temperature, 0.01)
    expectEqual(RecallAtKLoss<Float>().ks, [1, 2, 4, 8, 16])
    let hap = HAPLoss<Float>()
    #expect((hap.temperature, hap.slope, hap.threshold, hap.start, hap.offset) == (0.01, 100, 0.05, 0.5, 1.44))
    expectEqual(HypLoss<Float>().temperature, 0.2)
    #expect((PoincareBall<Float>().curvature, PoincareBall<Float>().clipRadius) == (0.1, 2.3))
  }
}
