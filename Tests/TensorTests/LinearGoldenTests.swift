import Tensor
import Testing
import _TestSupport

/// Linear algebra and image operations against PyTorch's, value and gradients, case by case.
@Suite struct LinearGoldenTests {
  static let cases = ["linear", "images"].flatMap { (try? Goldens($0).cases) ?? [] }

  @Test(arguments: cases) func agreesInDouble(_ golden: GoldenCase) throws {
    let operation = try #require(LinearGoldenOperations<Double>.table[golden.subject])
    expectEqual(disagreements(golden, tolerance: tolerance(golden), operation), [])
  }

  @Test(arguments: cases) func agreesInFloat(_ golden: GoldenCase) throws {
    let operation = try #require(LinearGoldenOperations<Float>.table[golden.subject])
    expectEqual(disagreements(golden, tolerance: tolerance(golden) * 1e7, operation), [])
  }

  @Test(arguments: cases) func agreesForTransposedStorage(_ golden: GoldenCase) throws {
    let operation = try #require(LinearGoldenOperations<Double>.table[golden.subject])
    expectEqual(disagreements(golden, tolerance: tolerance(golden), rearranged: transposedInMemory, operation), [])
  }

  @Test func everyOperationHasCases() {
    expectEqual(Set(Self.cases.map(\.subject)), Set(LinearGoldenOperations<Double>.table.keys))
    #expect(Self.cases.count > 130)
  }

  @Test(arguments: cases) func everyGradientIsCompared(_ golden: GoldenCase) {
    let compared = Operands<Double>(golden).tracked.map(\.gradient)
    expectEqual(Set(compared), Set(golden.roles.filter { $0.hasPrefix("gradient") }))
  }

  /// Decompositions are iterative and their gradients divide by differences of singular values.
  private func tolerance(_ golden: GoldenCase) -> Double {
    ["svd_values", "svd_vectors", "eigenvalues", "eigenvectors"].contains(golden.subject) ? 1e-11 : 1e-12
  }
}

/// The Swift operation for each subject of `linear.safetensors` and `images.safetensors`.
enum LinearGoldenOperations<Scalar: TensorScalar> {
  typealias Operation = (Operands<Scalar>) -> Tensor<Scalar>

  static var table: [String: Operation] {
    [products, decompositions, convolutions, images].reduce(into: [:]) { all, family in
      all.merge(family) { _, new in new }
    }
  }

  static var products: [String: Operation] {
    [
      "dot": { $0[0].dot($0[1]) },
      "outer": { $0[0].outer($0[1]) },
      "einsum": { summed($0.golden.argument("equation"), $0.all) },
      "triu": { $0[0].upperTriangle(diagonal: $0.integer("offset")) },
      "tril": { $0[0].lowerTriangle(diagonal: $0.integer("offset")) },
      "diagonal": { $0[0].diagonal(offset: $0.integer("offset")) },
      "diag_embed": { $0[0].diagonalMatrix(offset: $0.integer("offset")) },
      "trace": { $0[0].trace() },
      "squared_distances": { $0[0].squaredDistances(to: $0[1]) },
      "distances": { $0[0].distances(to: $0[1]) },
      "cosine": { $0[0].cosineSimilarities(to: $0[1]) },
    ]
  }

  private static func summed(_ equation: String, _ x: [Tensor<Scalar>]) -> Tensor<Scalar> {
    switch x.count {
    case 1: einsum(equation, x[0])
    case 2: einsum(equation, x[0], x[1])
    case 3: einsum(equation, x[0], x[1], x[2])
    default: einsum(equation, x[0], x[1], x[2], x[3])
    }
  }

  static var decompositions: [String: Operation] {
    [
      "cholesky": { try! $0[0].cholesky() },
      "solve_triangular": {
        $0[0].triangularSolve(
          $0[1], isUpper: $0.golden.argument("upper"), hasUnitDiagonal: $0.golden.argument("unit"))
      },
      "solve": { try! $0[0].solve($0[1]) },
      "inverse": { try! $0[0].inverse() },
      "determinant": { $0[0].determinant() },
      "log_determinant": { $0[0].logDeterminant().logMagnitude },
      "determinant_sign": { $0[0].logDeterminant().sign },
      "qr_q": { $0[0].qr().q },
      "qr_r": { $0[0].qr().r },
      "svd_values": { try! $0[0].svd().s },
      "svd_vectors": { operands in
        let (u, _, v) = try! operands[0].svd()
        return .concatenated([u * u, v * v, u.sum(along: -2, keepsAxes: true) * v], along: -2)
      },
      "eigenvalues": { try! ($0[0] + $0[0].transposed()).symmetricEigen().values },
      "eigenvectors": { operands in
        let vectors = try! (operands[0] + operands[0].transposed()).symmetricEigen().vectors
        return vectors * vectors
      },
    ]
  }

  static var convolutions: [String: Operation] {
    [
      "conv2d_groups": {
        $0[0].conv2d(
          $0[1], stride: $0.integer("stride"), padding: $0.integer("padding"), dilation: $0.integer("dilation"),
          groups: $0.integer("groups"))
      },
      "conv1d": {
        $0[0].conv1d(
          $0[1], stride: $0.integer("stride"), padding: $0.integer("padding"), dilation: $0.integer("dilation"),
          groups: $0.integer("groups"))
      },
      "conv3d": {
        $0[0].conv3d(
          $0[1], stride: $0.integer("stride"), padding: $0.integer("padding"), dilation: $0.integer("dilation"),
          groups: $0.integer("groups"))
      },
      "conv_transpose3d": {
        $0[0].convTransposed3d(
          $0[1], stride: $0.integer("stride"), padding: $0.integer("padding"),
          outputPadding: $0.integer("output_padding"), dilation: $0.integer("dilation"), groups: $0.integer("groups"))
      },
      "conv_transpose2d": {
        $0[0].convTransposed2d(
          $0[1], stride: $0.integer("stride"), padding: $0.integer("padding"),
          outputPadding: $0.integer("output_padding"), dilation: $0.integer("dilation"), groups: $0.integer("groups"))
      },
      "conv_transpose1d": {
        $0[0].convTransposed1d(
          $0[1], stride: $0.integer("stride"), padding: $0.integer("padding"),
          outputPadding: $0.integer("output_padding"), dilation: $0.integer("dilation"), groups: $0.integer("groups"))
      },
    ]
  }

  static var images: [String: Operation] {
    [
      "max_pool1d": {
        $0[0].maxPooled1d($0.integer("window"), stride: $0.integer("stride"), padding: $0.integer("padding"))
      },
      "avg_pool1d": {
        $0[0].averagePooled1d($0.integer("window"), stride: $0.integer("stride"), padding: $0.integer("padding"))
      },
      "adaptive_max_pool2d": { $0[0].adaptiveMaxPooled(height: $0.size[0], width: $0.size[1]) },
      "adaptive_avg_pool2d": { $0[0].adaptiveAveragePooled(height: $0.size[0], width: $0.size[1]) },
      "upsample_nearest": { $0[0].upsampled(height: $0.size[0], width: $0.size[1], .nearest) },
      "upsample_bilinear": { $0[0].upsampled(height: $0.size[0], width: $0.size[1], .bilinear) },
      "layer_norm": { $0[0].layerNormalized(scale: $0[1], offset: $0[2], epsilon: $0.number("epsilon")) },
      "group_norm": {
        $0[0].groupNormalized($0.integer("groups"), scale: $0[1], offset: $0[2], epsilon: $0.number("epsilon"))
      },
      "instance_norm": { $0[0].instanceNormalized(scale: $0[1], offset: $0[2], epsilon: $0.number("epsilon")) },
      "embedding": { $0[0].take($0.labels(1)) },
    ]
  }
}

extension Operands {
  fileprivate var size: [Int] { golden.argument("size") }
}
