import Tensor
import Testing
import _TestSupport

/// Products with Jacobians and Hessians against numeric differences; PyTorch's are in the golden values.
@Suite struct ProductTests {
  private let point = sample([2, 3])
  private let direction = signedSample([2, 3], seed: 3)

  @Test(arguments: OperationTests.records.filter { $0.orders > 1 })
  func derivativesAlongADirectionAgreeWithDifferences(_ record: OperationRecord<Double>) {
    let directions = record.inputs.enumerated().map { signedSample($1.shape, seed: UInt64(20 + $0)) }
    let (value, derivative) = jvp(at: record.inputs, along: directions, allowsUnused: true, of: record.body)
    func moved(_ step: Double) -> Tensor<Double> { record.body(zip(record.inputs, directions).map { $0 + $1 * step }) }
    let step = 1e-5
    expectEqual(difference(value, record.body(record.inputs)), 0)
    expectLess(difference(derivative, (moved(step) - moved(-step)) / (2 * step)), 1e-5)
  }

  @Test func hessianProductsAgreeWithDifferencesOfGradients() throws {
    let body = { (x: Tensor<Double>) in (sin(x) * x.sum()).softmax(along: 1).raised(to: 2).sum() + (x * x * x).sum() }
    func slope(_ step: Double) -> Tensor<Double> { gradient(at: point + direction * step, of: body) }
    let product = hvp(at: point, along: direction, of: body)
    expectLess(difference(product, (slope(1e-5) - slope(-1e-5)) / 2e-5), 1e-8)
    let (_, pull) = vjp(at: point, allowsUnused: true) { gradient(at: $0, of: body) }
    expectLess(difference(product, pull(direction)), 1e-14)
    try gradientCheck(at: point) { hvp(at: $0, along: direction, of: body) }
  }

  @Test func aLinearFunctionHasNoCurvature() {
    expectEqual(hvp(at: point, along: direction) { ($0 * 3).sum() }.scalars, Array(repeating: 0, count: 6))
    let products = hvp(at: [point, direction], along: [direction, direction]) { ($0[0] * $0[1]).sum() }
    expectEqual(products.map(\.scalars), [direction.scalars, direction.scalars])
  }

  /// Views add their gradients in place where one has arrived; recorded they do not.
  @Test func manyViewsOfOneTensor() {
    func sum(_ x: Tensor<Double>) -> Tensor<Double> {
      let rows = (0..<2).map { sin(x[$0]) * Double($0 + 1) }
      let windows = x.sliced(along: 1, 0..<2) * x.sliced(along: 1, 1..<3)
      return (rows[0] * rows[1]).sum() + windows.sum() + x.transposed()[2].sum()
    }
    let plain = gradient(at: point, of: sum)
    let (_, pull) = vjp(at: point) { gradient(at: $0, of: sum) }
    expectEqual(difference(plain, gradient(at: point) { x in (x * gradient(at: point, of: sum)).sum() }), 0)
    try! gradientCheck(at: point, of: sum)
    expectLess(difference(pull(direction), hvp(at: point, along: direction, of: sum)), 1e-14)
  }

  @Test func aMapOverSlices() async throws {
    let slopes = vmap(over: point) { x in gradient(at: x) { (sin($0) * $0.sum()).sum() } }
    for row in 0..<2 {
      let own = gradient(at: point[row]) { (sin($0) * $0.sum()).sum() }
      expectEqual(difference(slopes[row], own), 0)
    }
    expectEqual(vmap(over: point, along: -1) { $0.argmax() }.shape, [3])
    try gradientCheck(at: point) { x in vmap(over: x, along: 1) { column in gradient(at: column) { sin($0).sum() } } }
    await #expect(processExitsWith: .failure) { _ = vmap(over: Tensor<Double>.zeros([0, 2])) { $0 } }
  }

  @Test func otherElementTypesAndUnusedArguments() {
    let (value, derivative) = jvp(at: point, along: direction) { $0.cast(to: Float.self) * 2 }
    expectEqual(value.shape, [2, 3])
    expectEqual(difference(derivative, direction.cast(to: Float.self) * 2), 0)
    let (_, none) = jvp(at: point, along: direction, allowsUnused: true) { _ in Tensor<Double>([1, 2]) }
    expectEqual(none.scalars, [0, 0])
  }
}
