import Tensor
import Testing
import _TestSupport

/// Values and gradients at NaN, infinities, zeros of either sign and kinks, against PyTorch's; and the few that differ on
/// purpose, because there PyTorch makes 0 of NaN.
@Suite struct ConventionTests {
  static let cases = (try? Goldens("conventions").cases) ?? []

  /// What the doc comments declare at NaN: the value, and the gradient.
  private static let declared: [String: (value: Double, gradient: Double)] = [
    "sign": (.nan, 0), "abs": (.nan, .nan), "clamp": (.nan, 1), "clamp_from": (.nan, 1), "clamp_through": (.nan, 1),
    "hard_tanh": (.nan, 1), "hard_sigmoid": (.nan, 1.0 / 6),
  ]

  /// Constants with regard to gradients.
  private static let constants: Set = ["sign", "floor", "ceil", "trunc", "rounded"]

  @Test func thereAreCases() {
    #expect(Self.cases.count == 58 && Self.declared.keys.allSatisfy { Set(Self.cases.map(\.subject)).contains($0) })
  }

  @Test(arguments: cases) func agreesInDouble(_ golden: GoldenCase) throws {
    // PyTorch's slope of 1/6 is that of single precision.
    try expectAgreement(golden, Double.self, tolerance: golden.subject == "hard_sigmoid" ? 1e-8 : 1e-12)
  }

  @Test(arguments: cases) func agreesInFloat(_ golden: GoldenCase) throws {
    try expectAgreement(golden, Float.self, tolerance: 1e-5)
  }

  /// Where an element is NaN, its gradient is NaN or passes, so that what is wrong upstream is seen there.
  @Test(arguments: cases) func noGradientSwallowsNaN(_ golden: GoldenCase) throws {
    guard !Self.constants.contains(golden.subject), golden.name != "raised/to-0" else { return }
    let operation = try #require(GoldenOperations<Double>.table[golden.subject])
    for (input, slope) in zip(golden.inputs(Double.self), slopes(golden, operation)) {
      for (x, slope) in zip(input.scalars, slope.scalars) where x.isNaN { #expect(slope != 0) }
    }
  }

  private func expectAgreement<S: TensorScalar>(_ golden: GoldenCase, _: S.Type, tolerance: Double) throws {
    let operation = try #require(GoldenOperations<S>.table[golden.subject])
    let inputs = golden.inputs(S.self)
    let isNaN = inputs[0].isNaN
    let declared = Self.declared[golden.subject]
    func expected(_ role: String, _ replacement: Double?) -> Tensor<Double> {
      let tensor = golden.tensor(role, as: Double.self)
      return replacement.map { tensor.replacing(with: $0, where: isNaN) } ?? tensor
    }
    let value = operation(Operands(golden)).cast(to: Double.self)
    expectLess(difference(value, expected("output", declared?.value)), tolerance)
    for (index, slope) in slopes(golden, operation).enumerated() {
      expectLess(difference(slope.cast(to: Double.self), expected("gradient\(index)", declared?.gradient)), tolerance)
    }
  }

  private func slopes<S: TensorScalar>(
    _ golden: GoldenCase, _ operation: @escaping GoldenOperations<S>.Operation
  ) -> [Tensor<S>] {
    valueWithGradient(at: golden.inputs(S.self), allowsUnused: Self.constants.contains(golden.subject)) { leaves in
      var operands = Operands<S>(golden)
      for (index, leaf) in leaves.enumerated() { operands.floats["input\(index)"] = leaf }
      return operation(operands).sum()
    }.gradient
  }
}

extension GoldenCase {
  /// The inputs in order.
  fileprivate func inputs<S: TensorScalar>(_: S.Type) -> [Tensor<S>] {
    roles.filter { $0.hasPrefix("input") }.sorted().map { tensor($0) }
  }
}

/// Extremes of the fused operations, where no finite differences reach: everything is finite, to second order too.
@Suite struct ExtremeLogitTests {
  /// Logits up to ±10⁴, with ties, in any order.
  private func logits<S: TensorScalar>(_ shape: [Int], _ generator: inout RandomGenerator) -> Tensor<S> {
    let choices: [S] = [1e4, -1e4, 1e4, 88, -88, 709, -709, 1, 0, 0, 0.5]
    let count = shape.reduce(1, *)
    return Tensor((0..<count).map { _ in choices.randomElement(using: &generator)! }, shape: shape)
  }

  /// The value, the gradient, and the gradient of the squared gradient.
  private func expectFinite<S: TensorScalar>(
    _ name: String, at x: Tensor<S>, seed: Int, _ body: @escaping (Tensor<S>) -> Tensor<S>
  ) {
    let (value, slope) = valueWithGradient(at: x) { body($0).sum() }
    let second = gradient(at: x, allowsUnused: true) { x in
      let slope = gradient(at: x) { body($0).sum() }
      return (slope * slope).sum() + slope.sum()
    }
    #expect(value.item.isFinite && slope.isFinite.allTrue && second.isFinite.allTrue, "\(name), seed \(seed)")
  }

  @Test(arguments: 0..<40) func everythingIsFinite(_ seed: Int) {
    expectFinite(seed, Float.self)
    expectFinite(seed, Double.self)
  }

  private func expectFinite<S: TensorScalar>(_ seed: Int, _: S.Type) {
    var generator = RandomGenerator(seed: UInt64(seed))
    let x: Tensor<S> = logits([4, 5], &generator)
    let index = Labels((0..<4).map { _ in Int.random(in: 0..<5, using: &generator) })
    let greatest = x.masked(index, by: 3e4)
    let scale = [S(1), 9, 64].randomElement(using: &generator)!
    for (name, x) in [("plain", x), ("own greatest", greatest)] {
      for axis in 0...1 {
        expectFinite("logSumExp along \(axis), \(name)", at: x, seed: seed) { $0.logSumExp(along: axis, scale: scale) }
        expectFinite("logSumExp excluding along \(axis), \(name)", at: x, seed: seed) {
          // Softplus, because a sum over nothing is −∞.
          softplus($0.logSumExp(along: axis, scale: scale, excluding: index))
        }
        expectFinite("softmax along \(axis), \(name)", at: x, seed: seed) { $0.softmax(along: axis) * x }
        expectFinite("logSoftmax along \(axis), \(name)", at: x, seed: seed) { $0.logSoftmax(along: axis) }
      }
      expectFinite("segmentedLogSumExp, \(name)", at: x.flattened(), seed: seed) {
        softplus($0.segmentedLogSumExp(Labels((0..<20).map { $0 % 7 % 4 }), count: 5))
      }
      expectFinite("softplus, \(name)", at: x, seed: seed) { softplus($0 * scale) }
      expectFinite("cosineSimilarities, \(name)", at: x + 1, seed: seed) { $0.cosineSimilarities(to: $0 * 2) }
      expectFinite("distances, \(name)", at: x, seed: seed) { $0.distances(to: $0) }
      expectFinite("batchNormalized, \(name)", at: x, seed: seed) {
        $0.batchNormalized(scale: .ones([5]), offset: .zeros([5]), isRectified: true).output
      }
    }
  }
}
