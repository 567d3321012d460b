import ClassTree
import HPL
import NN
import Retrieval
import Tensor
import Testing
import _TestSupport

// snippet: metric-own
/// Each positive nearer than each negative, by a soft margin.
struct LogisticTriplets<Scalar: TensorScalar>: ReferencePairLoss {
  var miner: any Miner = AllMiner()
  var distance: any Distance<Scalar> = LpDistance()
  var reducer: any Reducer<Scalar> = MeanReducer()

  func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let triplets = batch.mined(by: miner).triplets
    let distances = batch.distances(by: distance)
    let near = distances.elements(at: triplets.map { ($0.anchor, $0.positive) })
    let far = distances.elements(at: triplets.map { ($0.anchor, $0.negative) })
    return reducer(batch.terms(softplus(near - far), anchors: triplets.map(\.anchor)))
  }
}
// end snippet

/// The page on losses on embeddings, as a user would write it.
@Suite struct MetricLossSnippets {
  private var generator = RandomGenerator(seed: 0)
  private let labels = Labels([0, 0, 1, 1, 2, 2, 3, 3])

  private mutating func embeddings() -> Tensor<Float> { .normal([8, 16], using: &generator) }

  @Test mutating func parts() {
    let embeddings = embeddings()
    // snippet: metric-parts
    let loss = TripletLoss<Float>(
      margin: 0.1, miner: BatchEasyHardMiner(positive: .easy, negative: .semiHard), distance: CosineSimilarity(),
      reducer: PerAnchorReducer())
    let value = loss(embeddings, labels: labels) + 0.01 * LpRegularizer()(embeddings)
    // end snippet
    #expect(value.item > 0)
  }

  @Test mutating func memory() {
    let batches = (0..<2).map { _ in (embeddings(), labels) }
    // snippet: metric-memory
    let loss = CrossBatchMemory<Float>(NTXentLoss(), size: 4096, dimensions: 16)
    for (embeddings, labels) in batches {
      _ = loss(embeddings, labels: labels)
    }
    // end snippet
    expectEqual(loss.memory.count, 16)
  }

  @Test mutating func memberships() throws {
    let model = Sequential<Float>(Linear(16, 8, using: &generator))
    let samples: Tensor<Float> = .normal([6, 16], using: &generator)
    let before = model.parameters[0].parameter.value
    // snippet: metric-memberships
    let tags = Memberships([[0, 2], [2], [1], [0, 1], [1], [2]], classes: 3)
    let pairs = MultiSimilarityLoss<Float>()
    let proxies = HierarchicalProxyLoss<Float>(
      dimensions: 8,
      levels: [.classes(3, loss: ProxyAnchor()), .taxonomy([0, 1, 0], weight: 0.1, loss: ProxyAnchor())],
      using: &generator)
    let optimizer = AdamW(model.parameters + proxies.parameters, learningRate: 0.01)
    for batch in try BalancedSampler(memberships: tags, batch: 4, samplesPerClass: 2, seed: 0).batches(epoch: 0) {
      let own = tags.take(batch)
      optimizer.step {
        let embeddings = model(samples.take(Tensor<Int>(batch)))
        return pairs(embeddings, memberships: own) + proxies(embeddings, memberships: own)
      }
    }
    let metrics = try RetrievalMetrics(embeddings: model(samples), memberships: tags)
    // end snippet
    #expect(metrics.queries == 6 && (model.parameters[0].parameter.value .!= before).anyTrue)
  }

  @Test mutating func pieces() {
    let model = Sequential<Float>(Linear(16, 8, using: &generator), Tanh())
    let optimizer = SGD(model.parameters, learningRate: 0.1)
    let before = model.parameters[0].parameter.value
    let batches = [(embeddings(), labels)]
    // snippet: metric-pieces
    let loss = RecallAtKLoss<Float>()
    for (images, labels) in batches {
      optimizer.step { loss(model(images, inPiecesOf: 4), labels: labels) }
    }
    // end snippet
    #expect((model.parameters[0].parameter.value .!= before).anyTrue)
  }

  @Test mutating func levels() {
    let embeddings = embeddings()
    // snippet: metric-levels
    let groups = Labels(labels.scalars.map { $0 / 2 })  // two classes a group
    let loss = HappierLoss<Float>(classes: 4, dimensions: 16, using: &generator)
    let value = loss(embeddings, levels: [labels, groups])
    // end snippet
    #expect(value.item > 0)
  }

  @Test mutating func ball() {
    let embeddings = embeddings()
    // snippet: metric-ball
    let ball = PoincareBall<Float>(curvature: 0.1, clipRadius: 2.3)
    let points = ball.points(embeddings)  // clipped, and mapped by exp₀
    let distances = ball.distances(points, to: points)
    let loss = NTXentLoss<Float>(temperature: 0.2, distance: HyperbolicDistance(ball))
    // end snippet
    #expect(distances.shape == [8, 8] && loss(embeddings, labels: labels).item > 0)
  }

  @Test func ownLoss() throws {
    let labels = Labels([0, 0, 1, 1])
    try gradientCheck(at: signedSample([4, 3])) { LogisticTriplets()($0, labels: labels) }
    let memory = CrossBatchMemory<Double>(LogisticTriplets(), size: 8, dimensions: 3)
    #expect(memory(signedSample([4, 3]), labels: labels).item > 0)
  }

  @Test mutating func ownLevels() throws {
    let taxonomy = try ClassHierarchy(
      classes: ["a", "b", "c", "d"], levels: [.init(name: "genus", groups: ["x", "y"], parents: [0, 0, 1, 1])])
    // snippet: metric-own-levels
    /// Softmax over cosines, each proxy with a margin that it learns.
    final class LearnedMargins: ProxyLoss {
      let margins: Parameter<Float>
      init(_ proxies: Int) { margins = Parameter(.full([proxies], 0.25)) }

      func callAsFunction(_ similarities: Tensor<Float>, targets: Labels) -> Tensor<Float> {
        NormSoftmax()(similarities - margins.value, targets: targets)
      }
    }

    let loss = HierarchicalProxyLoss<Float>(
      dimensions: 16, levels: taxonomy.proxyLevels(weights: [1, 0.1]) { LearnedMargins($1) }, using: &generator)
    // end snippet
    expectEqual(loss.parameters.map(\.parameter.shape), [[4, 16], [4], [2, 16], [2]])
  }

  @Test func ownNumbers() {
    let (similarities, targets) = (Tensor<Float>([[0.5, 0.25, 0.75], [0.25, 0.5, 0]]), Labels([0, 1]))
    // snippet: metric-log
    struct HardestProxyLoss: ProxyLoss {
      func callAsFunction(_ similarities: Tensor<Float>, targets: Labels) -> Tensor<Float> {
        let hardest = similarities.masked(targets, by: -.infinity).max(along: 1)
        logNumber("hardest negative", hardest.mean())
        return relu(hardest - similarities.pick(targets) + 0.2).mean()
      }
    }

    let log = LossLog()
    let value = log.collecting { HardestProxyLoss()(similarities, targets: targets) }
    let means = log.means  // ["hardest negative": …], over all that was collected
    // end snippet
    #expect(value.item > 0)
    expectEqual(means, ["hardest negative": 0.5])
  }
}
