import Foundation
import Tensor
import Testing
import _TestSupport

/// Triangles, distances and decompositions where the records do not reach: identities, sizes, errors, edges.
@Suite struct LinearAlgebraTests {
  static let shapes = [
    [1, 1], [3, 3], [5, 2], [2, 5], [70, 40], [40, 70], [2, 3, 4, 3], [0, 3, 2], [3, 0], [0, 3], [0, 0],
  ]

  private func random<S: TensorScalar>(_ shape: [Int], _: S.Type = S.self) -> Tensor<S> {
    var generator = RandomGenerator(seed: 7)
    return .normal(shape, using: &generator)
  }

  private func expectDecompositions<S: TensorScalar>(_ x: Tensor<S>, tolerance: Double) throws {
    let (q, r) = x.qr()
    expectLess(difference(q.matmul(r), x), tolerance)
    let k = min(x.shape[x.rank - 1], x.shape[x.rank - 2])
    let identities = Tensor<S>.eye(k).expanded(to: x.shape.dropLast(2) + [k, k])
    expectLess(difference(q.transposed().matmul(q), identities), tolerance)
    expectEqual(difference(r, r.upperTriangle()), 0)
    let (u, s, v) = try x.svd()
    expectLess(difference((u * s.unsqueezed(-2)).matmul(v.transposed()), x), tolerance)
    expectLess(difference(u.transposed().matmul(u), identities), tolerance)
    expectLess(difference(v.transposed().matmul(v), identities), tolerance)
    #expect(s.scalars.allSatisfy { $0 >= 0 })
    let gram = x.transposed().matmul(x) + Tensor.eye(x.shape[x.rank - 1])
    let l = try gram.cholesky()
    expectLess(difference(l.matmul(l.transposed()), gram), tolerance)
    expectEqual(difference(l, l.lowerTriangle()), 0)
    let (values, vectors) = try gram.symmetricEigen()
    expectLess(difference((vectors * values.unsqueezed(-2)).matmul(vectors.transposed()), gram), tolerance)
    expectLess(difference(try gram.solve(gram.matmul(x.transposed())), x.transposed()), tolerance)
  }

  @Test(arguments: shapes) func factorsMultiplyToTheMatrix(_ shape: [Int]) throws {
    try expectDecompositions(random(shape, Double.self), tolerance: 1e-11)
    try expectDecompositions(random(shape, Float.self), tolerance: 1e-2)
  }

  @Test func decompositionsOfManyThreadsAgree() throws {
    let x = random([60, 40], Double.self)
    let expected = try x.svd().s.scalars
    let agree = Agreement()
    DispatchQueue.concurrentPerform(iterations: 32) { _ in
      guard let (_, s, _) = try? x.svd(), s.scalars == expected else { return agree.fail() }
      let (q, r) = x.qr()
      if difference(q.matmul(r), x) > 1e-12 { agree.fail() }
    }
    #expect(agree.holds)
  }

  @Test func choleskyNamesTheMatrixThatIsNotPositiveDefinite() {
    let good = Tensor<Double>.eye(2)
    let bad: Tensor<Double> = [[1, 0], [0, -1]]
    #expect(throws: LinearAlgebraError.notPositiveDefinite(matrix: 1, order: 2)) {
      try Tensor.stacked([good, bad]).cholesky()
    }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(matrix: 0, order: 1)) {
      try Tensor<Float>.zeros([2, 2]).cholesky()
    }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(matrix: 0, order: 1)) {
      try (good * .nan).cholesky()
    }
    let message = LinearAlgebraError.notPositiveDefinite(matrix: 1, order: 2).description
    #expect(message.contains("matrix 1 is not positive definite") && message.contains("identity"))
  }

  @Test func choleskyReadsTheLowerTriangleOnly() throws {
    let x = Tensor<Double>([[4, .nan], [2, 5]])
    try expectEqual(x.cholesky().scalars, [2, 0, 1, 2])
  }

  @Test func singularMatricesThrow() throws {
    let singular: Tensor<Double> = [[1, 2], [2, 4]]
    #expect(throws: LinearAlgebraError.singular(matrix: 0)) { try singular.solve([1, 2]) }
    #expect(throws: LinearAlgebraError.singular(matrix: 1)) {
      try Tensor.stacked([Tensor.eye(2), singular]).inverse()
    }
    expectEqual(singular.determinant().item, 0)
    let (sign, logMagnitude) = singular.logDeterminant()
    expectEqual(sign.item, 0)
    expectEqual(logMagnitude.item, -.infinity)
  }

  @Test func triangularSolveWithZeroOnTheDiagonalIsInfinite() {
    let x: Tensor<Double> = [[0, 0], [1, 1]]
    expectEqual(x.triangularSolve([1, 1]).scalars[0], .infinity)
  }

  @Test func elementsThatAreNotFiniteThrow() {
    let x = Tensor<Double>([[1, .infinity], [.nan, 1]])
    #expect(throws: LinearAlgebraError.notFinite(operation: "svd")) { try x.svd() }
    #expect(throws: LinearAlgebraError.notFinite(operation: "symmetricEigen")) { try x.symmetricEigen() }
  }

  @Test func determinantsOfSmallMatrices() {
    expectEqual(Tensor<Double>.zeros([0, 0]).determinant().item, 1)
    #expect(Tensor<Double>([[-3]]).determinant().item.isApproximately(-3))
    #expect(Tensor<Double>([[0, 1], [1, 0]]).determinant().item.isApproximately(-1))
    #expect(Tensor<Double>([[0, 0, 2], [0, -3, 0], [4, 0, 0]]).determinant().item.isApproximately(24))
    expectEqual(Tensor<Double>.zeros([0, 2, 2]).determinant().shape, [0])
  }

  /// With equal singular values or eigenvalues the vectors have no gradient, but the values do.
  @Test(arguments: [[[2.0, 0], [0, 2]], [[0, 0], [0, 0]]]) func valuesHaveFiniteGradientsWhereTheyAreEqual(
    _ rows: [[Double]]
  ) throws {
    let x = Tensor<Double>(rows)
    let ofSingular = try gradient(at: x) { try $0.svd().s.sum() }
    let ofEigen = try gradient(at: x) { try $0.symmetricEigen().values.sum() }
    #expect(ofSingular.isFinite.allTrue)
    expectLess(difference(ofEigen, .eye(2)), 1e-15)
    let tall = try gradient(at: Tensor.concatenated([x, x], along: 0)) { try $0.svd().s.sum() }
    #expect(tall.isFinite.allTrue)
  }

  @Test func distancesOfEqualRowsHaveGradientZero() {
    let x: Tensor<Double> = [[1, 2, 3], [1, 2, 3], [4, 5, 6]]
    let distances = x.distances(to: x)
    #expect(distances[0].scalars[1] == 0 && (0..<3).allSatisfy { distances[$0].scalars[$0] == 0 })
    let slope = gradient(at: x) { $0.distances(to: x).sum() }
    #expect(slope.isFinite.allTrue)
    expectEqual(difference(gradient(at: x) { $0.distances(to: $0).diagonal().sum() }, .zeros([3, 3])), 0)
  }

  @Test func squaredDistancesAreNotNegative() {
    let x = random([50, 8], Float.self) * 1e-3 + 100
    #expect((x.squaredDistances(to: x) .>= Tensor(0)).allTrue)
  }

  @Test func aRowOfZerosIsSimilarToNothing() {
    let x: Tensor<Double> = [[0, 0], [3, 4]]
    expectEqual(x.cosineSimilarities(to: x).scalars.map { ($0 * 1e12).rounded() / 1e12 }, [0, 0, 0, 1])
    #expect(gradient(at: x) { $0.cosineSimilarities(to: $0).sum() }.isFinite.allTrue)
    expectEqual(Tensor<Double>.zeros([0, 2]).squaredDistances(to: x).shape, [0, 2])
  }

  @Test func trianglesHideWhateverIsOutside() {
    let x = Tensor<Double>([[1, .nan], [.infinity, 2]])
    expectEqual(x.upperTriangle(diagonal: 1).scalars[2], 0)
    expectEqual(x.lowerTriangle().upperTriangle().scalars, [1, 0, 0, 2])
    expectEqual(gradient(at: x) { $0.lowerTriangle().upperTriangle().sum() }.scalars, [1, 0, 0, 1])
    expectEqual(Tensor<Double>.zeros([2, 0]).upperTriangle().shape, [2, 0])
  }

  @Test func diagonalsAreViewsOfAnyScalar() {
    let x = Labels(Array(0..<12), shape: [3, 4])
    expectEqual(x.diagonal().scalars, [0, 5, 10])
    expectEqual(x.diagonal(offset: 2).scalars, [2, 7])
    expectEqual(x.diagonal(offset: -2).scalars, [8])
    expectEqual(x.diagonal(offset: 9).shape, [0])
    expectEqual(x.diagonal(offset: -9).shape, [0])
    expectEqual(x.diagonal(offset: .max).shape, [0])
    expectEqual(x.diagonal(offset: .min).shape, [0])
    expectEqual(Tensor<Double>.zeros([2, 0, 3]).trace().scalars, [0, 0])
    expectEqual(Tensor<Double>([5]).diagonalMatrix(offset: 2).shape, [3, 3])
  }

  @Test func matricesThatAreNotSquareTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Tensor<Double>.zeros([2, 3]).cholesky()
    }
    let message = trapMessage(result)
    #expect(message.contains("cholesky: [2, 3] is no square matrix") && message.contains("LinearAlgebraTests.swift"))
  }

  @Test func rightHandSidesThatDoNotFitTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.eye(3).triangularSolve(.zeros([2, 2]))
    }
    #expect(trapMessage(result).contains("matrix [3, 3] does not fit the right-hand side [2, 2]"))
  }

  @Test func rowsOfDifferentLengthsTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.zeros([2, 3]).squaredDistances(to: .zeros([2, 4]))
    }
    #expect(trapMessage(result).contains("squaredDistances: rows of [2, 3] and [2, 4] do not fit"))
  }

  @Test func vectorsHaveNoTriangles() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.zeros([2]).upperTriangle()
    }
    #expect(trapMessage(result).contains("upperTriangle: shape [2] has fewer than two axes"))
  }
}

extension Double {
  fileprivate func isApproximately(_ other: Double) -> Bool { Swift.abs(self - other) < 1e-12 * Swift.abs(other) }
}

/// Whether every thread agreed.
private final class Agreement: @unchecked Sendable {
  private let lock = NSLock()
  private var failures = 0

  var holds: Bool { lock.withLock { failures == 0 } }
  func fail() { lock.withLock { failures += 1 } }
}
