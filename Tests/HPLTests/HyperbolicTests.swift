import Foundation
import NN
import Tensor
import Testing
import _TestSupport

@testable import HPL

/// The Poincaré ball, and the hierarchy that is learned on it.
@Suite struct HyperbolicTests {
  private let ball = PoincareBall<Double>(curvature: 0.7, clipRadius: 1)

  @Test func gradientsOfBothOrders() throws {
    let ball = ball
    let x = signedSample([2, 3]) * 0.4
    try gradientCheck(at: x) { ball.exponentialMap($0) }
    try gradientCheck(at: signedSample([2, 3]) * 3) { ball.clipped($0, to: 1.5) }
    try gradientCheck(at: [x, signedSample([2, 3], seed: 2) * 0.3]) { ball.sum($0[0], $0[1]) }
    try gradientCheck(at: [x, signedSample([3, 3], seed: 2) * 0.3]) { ball.distances($0[0], to: $0[1]) }
  }

  /// `2/√c · artanh(√c‖(−x) ⊕ y‖)`, another way to the same number.
  @Test func aDistanceIsThatOfTheSum() {
    let (x, y) = (signedSample([1, 3]) * 0.4, signedSample([1, 3], seed: 2) * 0.5)
    let moved = ball.sum(-x, y).norm(along: -1) * 0.7.squareRoot()
    expectLess(difference(ball.distances(x, to: y)[0], atanh(moved) * (2 / 0.7.squareRoot())), 1e-12)
  }

  @Test func theGeometryIsThatOfABall() {
    let zero = Tensor<Double>.zeros([1, 3])
    #expect((ball.exponentialMap(zero) .== 0).allTrue)
    // The map keeps distances from the centre, twice the length of the tangent.
    let tangent = Tensor<Double>([[0.3, 0, 0.4]])
    expectLess(abs(ball.distances(zero, to: ball.exponentialMap(tangent)).item - 1), 1e-12)
    let far = ball.exponentialMap(tangent * 1000)
    expectLess(abs(far.norm().item - 0.999 / 0.7.squareRoot()), 1e-12)
    expectLess(abs(ball.clipped(tangent * 10, to: 2).norm().item - 2), 1e-4)
    expectEqual(ball.clipped(tangent, to: 2).scalars, tangent.scalars)
    // Nearly flat: twice the Euclidean distance.
    let flat = PoincareBall<Double>(curvature: 1e-9, clipRadius: nil)
    expectLess(abs(flat.distances(zero, to: tangent).item - 1), 1e-6)
  }

  @Test func theRiemannianGradientIsShorterAtTheRim() {
    let riemannian = PoincareBall<Double>(curvature: 0.7, clipRadius: 1, isRiemannian: true)
    let z = ball.points(signedSample([2, 3]))
    let factor = square(1 - square(z).sum(along: 1, keepsAxes: true) * 0.7) / 4
    // Of the map alone the factor can be told: a cotangent that is longer by as much makes up for it.
    let plain = gradient(at: signedSample([2, 3])) { (ball.points($0) * 2).sum() }
    let scaled = gradient(at: signedSample([2, 3])) { (riemannian.points($0) * (2 / factor)).sum() }
    #expect(difference(plain, scaled) < 1e-12 && (factor .< 0.25).allTrue)
  }

  /// The authors' 10⁻⁵ and cut-off make near points lose their distance in `Float`.
  @Test func nearPointsKeepTheirDistance() {
    let x = Tensor<Float>([[0.5, 0.25, 1]])
    let (value, slope) = valueWithGradient(at: x) {
      PoincareBall<Float>().distances($0, to: x + Tensor<Float>([1e-5, 0, 0])).sum()
    }
    let exact = PoincareBall<Double>().distances(
      x.cast(to: Double.self), to: (x + Tensor<Float>([1e-5, 0, 0])).cast(to: Double.self))
    #expect(abs(Double(value.item) / exact.item - 1) < 1e-3 && slope.isFinite.allTrue)
    let same = valueWithGradient(at: x) { PoincareBall<Float>().distances($0, to: $0).sum() }
    #expect(same.value.item == 0 && (same.gradient .== 0).allTrue)
  }

  private func hier(triplets: Int = 50, temperature: Double = 0.1) -> HIERLoss<Double> {
    var generator = RandomGenerator(seed: 4)
    return HIERLoss(
      proxies: 6, dimensions: 3, temperature: temperature, neighbours: 4, triplets: triplets, using: &generator)
  }

  @Test func relatedSamplesAreMutualNeighbours() {
    let loss = hier()
    // 0, 1 and 2 are near one another, and so are 3 and 4.
    let groups = [0, 0, 0, 1, 1]
    let similarities = Tensor<Double>(
      groups.indices.map { a in groups.indices.map { groups[a] == groups[$0] ? 1 : 0.1 * Double($0) } })
    var generator = RandomGenerator(seed: 1)
    let loss3 = HIERLoss<Double>(proxies: 2, dimensions: 3, neighbours: 3, using: &generator)
    let draws = loss3.drawn(similarities)
    expectEqual(Set(draws.map(\.i)), [0, 1, 2], "one mutual neighbour is not enough")
    expectEqual(draws.count, 150, "one mutual neighbour is not enough")
    #expect(draws.allSatisfy { $0.j != $0.i && groups[$0.j] == 0 })
    #expect(Set(draws.map(\.k)).isSuperset(of: [3, 4]))
    #expect(draws.contains { $0.k == $0.i }, "even the anchor itself")
    #expect(loss.drawn(.eye(2)).isEmpty && loss.value(.ones([2, 6]), []).item == 0)
  }

  /// With a temperature of nearly 0 the noise does not matter, and the ancestors are those nearest to the farthest of their
  /// descendants.
  @Test func theValueAgreesWithALoop() {
    let loss = hier(temperature: 1e-7)
    let distances = sample([4, 6])
    let draws = [HIERLoss<Double>.Draw(i: 0, j: 1, k: 2), .init(i: 1, j: 3, k: 1), .init(i: 2, j: 3, k: 0)]
    let d = (0..<4).map { distances[$0].scalars }
    var expected = 0.0
    for draw in draws {
      let (i, j, k) = (d[draw.i], d[draw.j], d[draw.k])
      let pair = (0..<6).min { max(i[$0], j[$0]) < max(i[$1], j[$1]) }!
      let all = (0..<6).min { max(i[$0], j[$0], k[$0]) < max(i[$1], j[$1], k[$1]) }!
      guard pair != all else { continue }
      expected += max(i[pair] - i[all] + 0.1, 0) + max(j[pair] - j[all] + 0.1, 0) + max(k[all] - k[pair] + 0.1, 0)
    }
    #expect(expected > 0 && abs(loss.value(distances, draws).item - expected / 3) < 1e-12)
  }

  @Test func samplesAndAncestorsLearn() {
    let loss = hier()
    expectEqual(loss.parameters.map(\.name), ["proxies"])
    let embeddings = signedSample([8, 3]).tracked()
    let value = loss(embeddings, labels: [0, 0, 0, 0, 1, 1, 1, 1].labels)
    let gradients = value.backward()
    #expect(value.item > 0 && (gradients[embeddings] .!= 0).anyTrue && gradients[embeddings].isFinite.allTrue)
    expectEqual(loss.proxies.gradient(in: gradients)?.isFinite.allTrue, true)
    // The same seed draws the same.
    expectEqual(hier()(embeddings.detached, labels: [0, 0, 0, 0, 1, 1, 1, 1].labels).item, value.item)
  }
}
