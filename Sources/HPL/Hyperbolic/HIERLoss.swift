import Foundation
import NN
import Tensor

/// HIER (Kim et al., CVPR 2023): a hierarchy that nobody names, made of learned ancestors on a Poincaré ball.
///
/// From every sample's mutual neighbours, two related samples i, j and an unrelated k are drawn, and for both the pair and all three
/// the likely nearest common ancestor among the proxies ρ, by a straight-through Gumbel softmax of `−max(d_iρ, d_jρ)/τ`. The pair is
/// to be nearer to its ancestor than to that of all three, and k the other way round: `[d(i,ρ_ij) − d(i,ρ_ijk) + m]₊ + [d(j,ρ_ij) −
/// d(j,ρ_ijk) + m]₊ + [d(k,ρ_ijk) − d(k,ρ_ij) + m]₊`, 0 where the two are one; a mean over the triplets, of the samples and likewise
/// of the proxies themselves. It is added to another loss: `loss(x, labels: y) + 0.5 * hier(x, labels: y)`. Give `parameters` to an
/// optimizer.
///
/// Where no sample has two mutual neighbours it is 0; the authors' code stops.
public final class HIERLoss<Scalar: TensorScalar>: PairLoss, Module {
  /// The ancestors, in the tangent space at the centre, `[proxies, dimensions]`.
  public let proxies: Parameter<Scalar>
  /// The ball.
  public let ball: PoincareBall<Scalar>
  /// The margin m.
  public let margin: Scalar
  /// The temperature τ.
  public let temperature: Scalar
  /// How many nearest samples may be mutual neighbours, the sample itself among them.
  public let neighbours: Int
  /// How many triplets each sample has.
  public let triplets: Int
  /// What the draws begin with, in four parts of 16 bits, which `Float` and `Double` hold.
  private let seed: Parameter<Scalar>
  /// The number of batches so far, which with the seed says what is drawn: a loss that is read goes on as the saved one.
  private let batches = Parameter<Scalar>(Tensor(0), role: .memory)
  private var generator: RandomGenerator

  /// Makes the loss with the paper's constants; what it draws depends on a number from the generator and on how many batches it
  /// has seen, which are both saved with it.
  public init(
    proxies count: Int = 512, dimensions: Int, ball: PoincareBall<Scalar> = PoincareBall(isRiemannian: true),
    margin: Scalar = 0.1,
    temperature: Scalar = 0.1, neighbours: Int = 20, triplets: Int = 50, using generator: inout RandomGenerator
  ) {
    let deviation = (ball.clipRadius ?? 1 / ball.curvature.squareRoot()) * 0.9 / Scalar(dimensions).squareRoot()
    proxies = Parameter(.normal([count, dimensions], deviation: deviation, using: &generator))
    (self.ball, self.margin, self.temperature) = (ball, margin, temperature)
    (self.neighbours, self.triplets) = (neighbours, triplets)
    let seed: UInt64 = generator.next()
    self.seed = Parameter(Tensor((0..<4).map { Scalar(seed >> (16 * $0) & 0xFFFF) }), role: .memory)
    self.generator = RandomGenerator(seed: seed)
  }

  /// The loss of a batch, `[batch, dimensions]` with labels `[batch]`; it draws other triplets each time.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    let batch = PairBatch(embeddings, labels: labels, for: "HIERLoss")
    let seed = seed.value.scalars.reversed().reduce(0) { $0 << 16 | UInt64(min(max($1.rounded(), 0), 0xFFFF)) }
    generator = RandomGenerator(seed: seed, epoch: Int(batches.value.item))
    batches.update(batches.value + 1)
    let (points, ancestors) = (ball.points(batch.anchors), ball.points(proxies.value))
    let among = ball.distances(ancestors, to: ancestors)
    let isSame = labels.unsqueezed(1) .== labels.unsqueezed(0)
    let ofSamples = withoutRecording { exp(-ball.distances(points, to: points)) + isSame.cast(to: Scalar.self) }
    return value(ball.distances(points, to: ancestors), drawn(ofSamples)) + value(among, drawn(exp(-among.detached)))
  }

  /// A sample, a related one and an unrelated one.
  struct Draw: Equatable { let i, j, k: Int }

  /// Triplets of those that are mutual neighbours by their similarities, `[count, count]`.
  func drawn(_ similarities: Tensor<Scalar>) -> [Draw] {
    let count = similarities.shape[0]
    let nearest = similarities.topK(min(neighbours, count), along: 1).indices.scalars
    let each = nearest.count / max(count, 1)
    let near = (0..<count).map { Set(nearest[$0 * each..<($0 + 1) * each]) }
    return (0..<count).flatMap { i -> [Draw] in
      let mutual = (0..<count).filter { $0 != i && near[i].contains($0) && near[$0].contains(i) }
      guard mutual.count > 1 else { return [] }
      // The anchor itself may be drawn as unrelated, as in the authors' code.
      let others = (0..<count).filter { !mutual.contains($0) }
      return (0..<triplets).map { _ in
        Draw(
          i: i, j: mutual.randomElement(using: &generator)!, k: others.randomElement(using: &generator)!)
      }
    }
  }

  /// The mean over triplets, from the distances to all ancestors, `[count, ancestors]`.
  func value(_ distances: Tensor<Scalar>, _ draws: [Draw]) -> Tensor<Scalar> {
    guard !draws.isEmpty else { return distances.sum() * 0 }
    let i = distances.take(Tensor<Int>(draws.map(\.i)))
    let j = distances.take(Tensor<Int>(draws.map(\.j)))
    let k = distances.take(Tensor<Int>(draws.map(\.k)))
    let ofPair = maximum(i, j)
    let (pair, all) = (chosen(ofPair), chosen(maximum(k, ofPair)))
    func to(_ distances: Tensor<Scalar>, _ ancestor: Tensor<Scalar>) -> Tensor<Scalar> {
      (distances * ancestor).sum(along: 1)
    }
    let terms =
      relu(to(i, pair) - to(i, all) + margin) + relu(to(j, pair) - to(j, all) + margin)
      + relu(to(k, all) - to(k, pair) + margin)
    let differ = pair.argmax(along: 1) .!= all.argmax(along: 1)
    return (terms * differ.cast(to: Scalar.self)).mean()
  }

  /// One ancestor for each triplet, drawn by Gumbel's trick, as ones and zeros whose gradient is that of the softmax.
  private func chosen(_ distances: Tensor<Scalar>) -> Tensor<Scalar> {
    let uniform = Tensor<Scalar>.uniform(
      distances.shape, in: Scalar.leastNormalMagnitude..<1, using: &generator)
    let shares = (distances * (-1 / temperature) - log(-log(uniform))).softmax(along: 1)
    let hard: Tensor<Scalar> = shares.argmax(along: 1).oneHot(distances.shape[1], as: Scalar.self)
    return hard + (shares - shares.detached)
  }
}
