import CProjection
import Foundation
import Tensor
import Testing
import _TestSupport

@testable import Projection

@Suite struct TSNETests {
  private static let goldens = try! Goldens("tsne")

  private func project(_ points: Tensor<Float>, _ tsne: TSNE, seed: UInt64 = 1) throws -> TSNE.Projection {
    var generator = RandomGenerator(seed: seed)
    return try tsne(points, using: &generator)
  }

  private func cloud(_ count: Int, _ dimensions: Int, seed: UInt64 = 1) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    return .normal([count, dimensions], using: &generator)
  }

  /// The divergence by its definition, over the pairs of a dense matrix of probabilities.
  private func divergence(_ points: Tensor<Double>, _ plane: Tensor<Double>, perplexity: Double) -> Double {
    let count = points.shape[0]
    func squares(_ x: Tensor<Double>, _ i: Int) -> [Double] { squared(x - x[i]).sum(along: 1).scalars }
    var conditional = [[Double]](repeating: [], count: count)
    for i in 0..<count {
      let distances = squares(points, i)
      var (low, high) = (0.0, 1e6)
      for _ in 0..<200 {
        let precision = (low + high) / 2
        var weights = distances.map { exp(-precision * $0) }
        weights[i] = 0
        let sum = weights.reduce(0, +)
        let entropy = -weights.filter { $0 > 0 }.reduce(0) { $0 + $1 / sum * log($1 / sum) }
        if entropy > log(perplexity) { low = precision } else { high = precision }
        conditional[i] = weights.map { $0 / sum }
      }
    }
    let similarities = (0..<count).map { i in squares(plane, i).map { 1 / (1 + $0) } }
    let total = similarities.joined().reduce(0, +) - Double(count)
    var sum = 0.0
    for i in 0..<count {
      for j in 0..<count where i != j {
        let p = (conditional[i][j] + conditional[j][i]) / 2 / Double(count)
        if p > 0 { sum += p * log(p / (similarities[i][j] / total)) }
      }
    }
    return sum
  }

  /// What scikit-learn and openTSNE reach, and no more than 2 % above.
  ///
  /// The mean of three starts: in which minimum one descent ends hangs on rounding.
  @Test(arguments: ["clusters", "cloud"], [TSNE.Method.exact, .interpolated])
  func reachesWhatOthersReach(name: String, method: TSNE.Method) throws {
    let golden = Self.goldens[name]
    let points: Tensor<Float> = golden.tensor("points")
    let theirs: [String: Double] = golden.argument("divergence")
    let trust: [String: Double] = golden.argument("trustworthiness")
    let isExact = method == .exact
    let tsne = TSNE(
      perplexity: golden.argument("perplexity"), iterations: isExact ? 1000 : 750, method: method)  // as they have it
    let projections = try (1...3).map { try project(points, tsne, seed: $0) }
    let divergence = projections.reduce(0) { $0 + $1.divergence } / 3
    let ours = projections.reduce(0) { $0 + trustworthiness(of: $1.points, for: points) } / 3
    let peers = isExact ? ["sklearn_exact"] : ["opentsne_bh", "opentsne_fft"]
    for peer in peers {
      expectLess(divergence, 1.02 * theirs[peer]!)
      #expect(ours > 0.98 * trust[peer]!)
    }
  }

  @Test func divergenceIsThatOfTheDefinition() throws {
    let points = cloud(60, 5)
    let projection = try project(points, TSNE(perplexity: 8, iterations: 150, method: .exact))
    let expected = divergence(points.cast(to: Double.self), projection.points.cast(to: Double.self), perplexity: 8)
    expectLess(abs(projection.divergence - expected), 1e-4 * expected)
  }

  @Test(arguments: [Float(1e-3), 1, 8, 20])
  func gridRepelsAsAllPairsDo(extent: Float) {
    let start = cloud(400, 2) * Tensor([extent, extent * 0.4])
    let (exact, approximate) = (
      Particles(at: start - start.mean(along: 0)), Particles(at: start - start.mean(along: 0))
    )
    ExactForces(cloud(400, 3), 5).act(on: exact)
    RepulsionGrid(points: 400).repel(approximate)
    func forces(_ particles: Particles) -> Tensor<Float> {
      .stacked(
        [particles.repulsionX, particles.repulsionY].map { buffer in
          Tensor((0..<400).map { buffer.pointer[$0] })
        })
    }
    let (wanted, got) = (forces(exact), forces(approximate))
    expectLess(squared(got - wanted).sum().item.squareRoot(), 0.02 * squared(wanted).sum().item.squareRoot())
    expectLess(abs(approximate.normalization / exact.normalization - 1), 0.02)
  }

  @Test(arguments: [16, 24, 32, 40, 48, 64, 80, 96, 128, 160])
  func fourierTransformConvolves(size: Int) {
    let lanes = 16
    let transform = FourierTransform(atLeast: size)
    expectEqual(transform.size, size)
    let (signal, kernel) = (cloud(size * 2, lanes), cloud(size, 1).scalars)
    let even = (0..<size).map { kernel[min($0, size - $0)] }
    let (x, k) = (Buffer<Float>(count: 2 * size * lanes), Buffer<Float>(count: 2 * size * lanes))
    signal.withUnsafeScalars { x.pointer.update(from: $0.baseAddress!, count: 2 * size * lanes) }
    for i in 0..<size * lanes { (k.pointer[i], k.pointer[size * lanes + i]) = (even[i / lanes], 0) }
    transform.withPlan { plan in
      ck_fourier_forward(plan, k.pointer, k.pointer + size * lanes)
      ck_fourier_forward(plan, x.pointer, x.pointer + size * lanes)
      for i in 0..<size * lanes {
        expectLess(abs(k.pointer[size * lanes + i]), 1e-4)
        x.pointer[i] *= k.pointer[i] / Float(size)
        x.pointer[size * lanes + i] *= k.pointer[i] / Float(size)
      }
      ck_fourier_inverse(plan, x.pointer, x.pointer + size * lanes)
    }
    let numbers = signal.scalars
    for part in 0..<2 {
      for row in stride(from: 0, to: size, by: 5) {
        let lane = row % lanes
        let wanted = (0..<size).reduce(Float(0)) {
          $0 + even[(row - $1 + size) % size] * numbers[(part * size + $1) * lanes + lane]
        }
        expectLess(abs(x.pointer[(part * size + row) * lanes + lane] - wanted), 1e-4 * Float(size).squareRoot())
      }
    }
  }

  @Test func findsTheNearestNeighborsOfAll() {
    let points = Tensor<Float>.concatenated([cloud(90, 7), cloud(90, 7)[0..<10]], along: 0)  // ten stand twice
    let neighbors = NearestNeighbors(of: points, count: 12)
    for row in 0..<100 {
      let distances = squared(points - points[row]).sum(along: 1).scalars
      let wanted = distances.indices.filter { $0 != row }.sorted { (distances[$0], $0) < (distances[$1], $1) }
        .prefix(12)
      let found = (0..<12).map { Int(neighbors.index.pointer[row * 12 + $0]) }
      expectEqual(Set(found), Set(wanted))
      for (place, item) in found.enumerated() {
        expectLess(abs(neighbors.squaredDistances.pointer[row * 12 + place] - distances[item]), 1e-5)
      }
    }
  }

  @Test func sparseAttractionsAreSymmetric() {
    let attractions = SparseAttractions(cloud(100, 6), 7)
    var entries: [[Int]: Float] = [:]
    for row in 0..<100 {
      for entry in attractions.start.pointer[row]..<attractions.start.pointer[row + 1] {
        entries[[row, Int(attractions.columns.pointer[entry])]] = attractions.values.pointer[entry]
      }
    }
    expectEqual(entries.count, attractions.start.pointer[100])
    #expect(entries.allSatisfy { entries[[$0.key[1], $0.key[0]]] == $0.value && $0.key[0] != $0.key[1] })
    let sum = entries.values.reduce(0, +)
    expectLess(abs(sum - 100), 1e-3)
  }

  @Test(arguments: [[40, 7], [7, 40], [30, 1]])
  func principalCoordinatesHaveTheGreatestVarianceAndASign(shape: [Int]) throws {
    let points = cloud(shape[0], shape[1]) * Tensor((0..<shape[1]).map { 1 + Float($0) })
    let centered = points - points.mean(along: 0)
    let plane = principalCoordinates(of: centered, 2)
    expectEqual(plane.shape, [shape[0], 2])
    let values = try centered.transposed().matmul(centered).symmetricEigen().values.scalars
    for column in 0..<2 {
      let variance = squared(plane.select(along: 1, column)).sum().item
      let wanted = column < shape[1] ? values[shape[1] - 1 - column] : 0
      expectLess(abs(variance - wanted), 1e-3 * values.max()!)
      let loadings = centered.transposed().matmul(plane.select(along: 1, column)).scalars
      #expect(loadings.max()! >= -loadings.min()!)
    }
  }

  @Test(arguments: [TSNE.Method.exact, .interpolated])
  func isTheSameForASeed(method: TSNE.Method) throws {
    let (points, tsne) = (cloud(120, 8), TSNE(perplexity: 10, iterations: 60, method: method))
    let first = try project(points, tsne)
    try expectEqual(project(points, tsne).points.scalars, first.points.scalars)
    #expect(try project(points, tsne, seed: 2).points.scalars != first.points.scalars)
    let scaled = try project(points * 1e25 + 3e25, tsne)
    #expect(scaled.divergence.isFinite && abs(scaled.divergence / first.divergence - 1) < 0.1)
    expectLess(abs(first.points.mean(along: 0)).max().item, 1e-4)
  }

  @Test func takesEqualPoints() throws {
    let same = try project(.ones([40, 3]), TSNE(perplexity: 5, iterations: 100))
    #expect(same.points.isFinite.allTrue && same.divergence.isFinite)
    let pairs = try project(
      cloud(50, 4).take(Tensor<Int>((0..<100).map { $0 % 50 })), TSNE(perplexity: 5, method: .interpolated))
    #expect(pairs.points.isFinite.allTrue && pairs.divergence.isFinite)
  }

  @Test func reportsProgress() throws {
    var generator = RandomGenerator(seed: 1)
    var shares: [Double] = []
    _ = try TSNE(perplexity: 5, iterations: 50)(cloud(40, 3), using: &generator) { shares.append($0) }
    #expect(shares == shares.sorted() && shares.last == 1 && shares.count > 3)
  }

  @Test func refusesWhatItCannotProject() throws {
    #expect(throws: TSNEError.tooFewPoints(90, perplexity: 30, needed: 91)) { try project(cloud(90, 3), TSNE()) }
    _ = try project(cloud(91, 3), TSNE(iterations: 3))
    for bad in [Float.nan, .infinity] {
      let points = Tensor<Float>.concatenated([cloud(95, 2), .full([1, 2], bad)], along: 0)
      #expect(throws: TSNEError.notFinite(row: 95)) { try project(points, TSNE()) }
    }
    #expect("\(TSNEError.tooFewPoints(50, perplexity: 30, needed: 91))".contains("lower the perplexity to 16 or less"))
  }

  @Test func trapsForWhatIsNoSetOfPoints() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = try TSNE()(Tensor<Float>.ones([100]), using: &generator)
    }
    await #expect(processExitsWith: .failure) { _ = TSNE(perplexity: 0.5) }
    await #expect(processExitsWith: .failure) {
      _ = trustworthiness(of: Tensor<Float>.ones([10, 2]), for: Tensor<Float>.ones([10, 3]))
    }
  }

  @Test func trustworthinessIsScikitLearns() {
    let golden = Self.goldens["ranks"]
    let (points, projection): (Tensor<Double>, Tensor<Double>) = (golden.tensor("points"), golden.tensor("projection"))
    let wanted: [String: Double] = golden.argument("trustworthiness")
    expectEqual(wanted.count, 3)
    for (neighbors, value) in wanted {
      expectLess(abs(trustworthiness(of: projection, for: points, neighbors: Int(neighbors)!) - value), 1e-6)
    }
    expectEqual(trustworthiness(of: points, for: points), 1)
  }
}
