import Tensor
import Testing
import _TestSupport

/// Every operation's value and gradients against PyTorch's, case by case.
@Suite struct GoldenTests {
  static let cases = ["operations", "functions", "subscripts", "edges", "fused", "layers"].flatMap { family in
    ((try? Goldens(family).cases) ?? []).filter { $0.subject != "residual_block" }
  }

  @Test(arguments: cases) func agreesInDouble(_ golden: GoldenCase) throws {
    let found = try disagreements(golden, Double.self, tolerance: 1e-12)
    expectEqual(found, [])
  }

  @Test(arguments: cases) func agreesInFloat(_ golden: GoldenCase) throws {
    let found = try disagreements(golden, Float.self, tolerance: 1e-5)
    expectEqual(found, [])
  }

  @Test(arguments: cases) func agreesForTransposedStorage(_ golden: GoldenCase) throws {
    let found = try disagreements(golden, Double.self, tolerance: 1e-12, rearranged: transposedInMemory)
    expectEqual(found, [])
  }

  @Test func everyOperationHasCases() {
    expectEqual(Set(Self.cases.map(\.subject)), Set(GoldenOperations<Double>.table.keys))
    #expect(Self.cases.count > 180)
  }

  @Test(arguments: cases) func everyGradientIsCompared(_ golden: GoldenCase) {
    let compared = Operands<Double>(golden).tracked.map(\.gradient)
    expectEqual(Set(compared), Set(golden.roles.filter { $0.hasPrefix("gradient") }))
  }

  @Test func wrongValuesAndGradientsAreFound() throws {
    let file = try Goldens("operations")
    func count(_ name: String, _ operation: @escaping GoldenOperations<Double>.Operation) -> Int {
      disagreements(file[name], tolerance: 1e-12, operation).count
    }
    expectEqual(count("sigmoid/plain") { tanh($0[0]) }, 2)
    expectEqual(count("exp/plain") { exp($0[0].detached) }, 1)
    expectEqual(count("add/row") { $0[0] + $0[1] * (1 + 1e-11) }, 2)
    expectEqual(count("negate/plain") { -$0[0].reshaped([6]) }, 1)
  }
}

private func disagreements<Scalar: TensorScalar>(
  _ golden: GoldenCase, _: Scalar.Type, tolerance: Double, rearranged: (Tensor<Scalar>) -> Tensor<Scalar> = { $0 }
) throws -> [String] {
  let operation = try #require(GoldenOperations<Scalar>.table[golden.subject], "no closure for \(golden.subject)")
  // Around a mean of 1000, centring costs a digit, in PyTorch too.
  let slack = golden.name.contains("far-mean") ? 10.0 : 1.0
  return disagreements(golden, tolerance: slack * tolerance, rearranged: rearranged, operation)
}

/// What differs from the golden case: a line for the output and one for each gradient that is off.
func disagreements<Scalar: TensorScalar>(
  _ golden: GoldenCase, tolerance: Double, rearranged: (Tensor<Scalar>) -> Tensor<Scalar> = { $0 },
  _ operation: GoldenOperations<Scalar>.Operation
) -> [String] {
  var operands = Operands<Scalar>(golden)
  operands.floats = operands.floats.mapValues(rearranged)
  let output = operation(operands)
  let expected = golden.tensor("output", as: Double.self)
  var lines = [difference(output, expected, tolerance).map { "output: \($0)" }]
  guard output.shape == expected.shape else { return lines.compactMap(\.self) }

  let cotangent = golden.tensor("cotangent", as: Scalar.self)
  let tracked = operands.tracked
  let (_, gradients) = valueWithGradient(at: tracked.map { operands.floats[$0.input]! }, allowsUnused: true) { leaves in
    var operands = operands
    for (role, leaf) in zip(tracked, leaves) { operands.floats[role.input] = leaf }
    return (operation(operands) * cotangent).sum()
  }
  for (role, gradient) in zip(tracked, gradients) {
    lines.append(difference(gradient, golden.tensor(role.gradient), tolerance).map { "\(role.gradient): \($0)" })
  }
  return lines.compactMap(\.self)
}

/// The first element that is off by more than `tolerance`, relative to the expected one; nil if none is.
///
/// In `Float`, sums of rounded terms may cancel: there the tensor's greatest element is the measure.
private func difference<Scalar: TensorScalar>(
  _ actual: Tensor<Scalar>, _ expected: Tensor<Double>, _ tolerance: Double
) -> String? {
  guard actual.shape == expected.shape else { return "shape \(actual.shape), not \(expected.shape)" }
  let wanted = expected.scalars
  let floor = Scalar.self == Float.self ? wanted.map(\.magnitude).filter(\.isFinite).max() ?? 0 : 0
  for (i, (a, e)) in zip(actual.scalars.map { Double($0) }, wanted).enumerated() {
    if a == e || (a - e).magnitude <= tolerance * Swift.max(e.magnitude, floor) { continue }
    return "element \(i) is \(a), not \(e)"
  }
  return nil
}

/// The same values with the axes in reverse order in memory.
func transposedInMemory<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  let reversed = Array((0..<x.rank).reversed())
  let turned = x.permuted(reversed)
  return Tensor(turned.scalars, shape: turned.shape).permuted(reversed)
}
