import Foundation
import Testing
import _TestSupport

@testable import Tensor

/// The functions that differentiate functions.
@Suite struct AutogradTests {
  private let x = Tensor<Double>(sample([2, 3]).scalars, shape: [2, 3])
  private let w = Tensor<Double>(sample([3, 2], seed: 2).scalars, shape: [3, 2])

  @Test func aPullbackIsReusable() {
    let (value, pull) = vjp(at: x) { exp($0) }
    #expect(value == exp(x))
    #expect(!value.isTracked)
    let ones = Tensor<Double>.ones([2, 3])
    expectLess(difference(pull(ones), exp(x)), 1e-15)
    expectLess(difference(pull(ones * 3), exp(x) * 3), 1e-15)
    expectLess(difference(pull(ones), exp(x)), 1e-15)
  }

  @Test func aPullbackOfAListReturnsOneGradientEach() {
    let (_, pull) = vjp(at: [x, w]) { $0[0].matmul($0[1]) }
    let cotangent = sample([2, 2], seed: 5)
    let gradients = pull(cotangent)
    expectLess(difference(gradients[0], cotangent.matmul(w.transposed())), 1e-15)
    expectLess(difference(gradients[1], x.transposed().matmul(cotangent)), 1e-15)
  }

  @Test func gradientsOfPartsAddUp() {
    let (a, b) = (x.tracked(), w.tracked())
    var sum = (a * 2).sum().backward()
    sum.add((a.matmul(b)).sum().backward())
    let whole = ((a * 2).sum() + a.matmul(b).sum()).backward()
    #expect(sum.count == 2 && difference(sum[a], whole[a]) < 1e-15 && sum[b] == whole[b])
    let single = Tensor<Float>([1, 2]).tracked()
    var floats = single.sum().backward()
    floats.add((single * single).sum().backward())
    expectEqual(floats[single].scalars, [3, 5])
  }

  @Test func anArgumentThatDoesNotMatterGetsZerosWhereThatIsAllowed() {
    let (_, pull) = vjp(at: [x, w], allowsUnused: true) { _ in Tensor<Double>(1) }
    expectEqual(pull(Tensor(1)).map(\.shape), [[2, 3], [3, 2]])
    expectEqual(jacobian(at: x, allowsUnused: true) { _ in Tensor<Double>([1, 2]) }.shape, [2, 2, 3])
  }

  @Test func theHessianOfALinearFunctionIsZero() {
    let second = hessian(at: x) { ($0 * 3).sum() }
    #expect(second.shape == [2, 3, 2, 3] && (second .== 0).allTrue)
  }

  @Test func jacobianOfALinearMapIsItsMatrix() {
    let vector = sample([3], seed: 4)
    let matrix = jacobian(at: vector) { x.matmul($0) }
    expectEqual(matrix.shape, [2, 3])
    expectLess(difference(matrix, x), 1e-15)
    let full = jacobian(at: x) { $0.matmul(w) }
    expectEqual(full.shape, [2, 2, 2, 3])
    expectEqual(full[0][0].scalars, [w.scalars[0], w.scalars[2], w.scalars[4], 0, 0, 0])
  }

  @Test func jacobianIsDifferentiableAgain() throws {
    try gradientCheck(at: sample([3])) { x in jacobian(at: x) { sin($0) * $0.sum() } }
  }

  @Test func hessianOfAQuadraticFormIsSymmetric() {
    let matrix = sample([3, 3], seed: 7)
    let second = hessian(at: sample([3])) { ($0 * matrix.matmul($0)).sum() }
    expectLess(difference(second, matrix + matrix.transposed()), 1e-14)
  }

  @Test func derivativeAlongADirectionIsJacobianTimesDirection() throws {
    let (point, direction) = (sample([3]), signedSample([3], seed: 3))
    let body = { (x: Tensor<Double>) in softplus(x) * x.sum() }
    let (value, derivative) = jvp(at: point, along: direction, of: body)
    #expect(value == body(point))
    expectLess(difference(derivative, jacobian(at: point, of: body).matmul(direction)), 1e-14)
    try gradientCheck(at: point) { jvp(at: $0, along: direction, of: body).derivative }
  }

  @Test func gradientsOfAnyOrder() {
    var function = { (x: Tensor<Double>) in sin(x).sum() }
    let point = Tensor<Double>([0.3, 1.2])
    let derivatives = [cos, { -sin($0) }, { -cos($0) }, sin, cos] as [(Tensor<Double>) -> Tensor<Double>]
    for expected in derivatives {
      let previous = function
      expectLess(difference(gradient(at: point, of: previous), expected(point)), 1e-14)
      function = { x in gradient(at: x, of: previous).sum() }
    }
  }

  @Test func detachedStopsTheGradient() {
    let slope = gradient(at: x) { ($0 * $0.detached).sum() }
    #expect(slope == x)
    let none = gradient(at: x, allowsUnused: true) { x in withoutRecording { x * x }.sum() }
    #expect(none.scalars.allSatisfy { $0 == 0 })
  }

  // MARK: Custom pullbacks

  private func expm1(_ x: Tensor<Double>) -> Tensor<Double> {
    withPullback("expm1", at: x) { x in (exp(x) - 1, { g in g * exp(x) }) }
  }

  @Test func aCustomPullbackIsCheckedLikeAnyOther() throws {
    try gradientCheck(at: x, orders: 3) { expm1($0) }
    try gradientCheck(at: [x, w]) { inputs in
      withPullback("product", at: inputs[0], inputs[1]) { a, b in
        (a.matmul(b), { g in (g.matmul(b.transposed()), a.transposed().matmul(g)) })
      }
    }
  }

  @Test func aWrongCustomPullbackIsFound() {
    #expect(throws: GradientCheckError.self) {
      try gradientCheck(at: x) { withPullback(at: $0) { x in (x * x, { g in g * x }) } }
    }
    #expect(throws: GradientCheckError.self, "right to first order, a constant to second") {
      try gradientCheck(at: x) {
        withPullback(at: $0) { x in
          let y = exp(x)
          return (y, { g in g * y })
        }
      }
    }
  }

  @Test func aCustomPullbackOfAWrongShapeTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let y = withPullback("wide", at: Tensor<Double>([1, 2]).tracked()) { x in (x, { _ in Tensor([1, 2, 3]) }) }
      _ = y.sum().backward()
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("wide: the pullback returned shape [3] for an input of shape [2]"))
  }

  @Test func aCotangentOfAWrongShapeTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = vjp(at: Tensor<Double>([1, 2])) { $0 * 2 }.pullback(Tensor([1, 2, 3]))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("a cotangent of shape [3] for a result of shape [2]"))
  }

  // MARK: Finiteness

  @Test func theFirstNaNIsNamed() {
    let point = Tensor<Double>([1, 0]).tracked()
    let first = fault { (log(point) * 0).sum() }
    expectEqual(first?.operation, "log")
    #expect(first != nil && first!.pullback == nil)
    expectEqual(first?.element, 1)
    expectEqual(first?.value, -Double.infinity)
    let firstNaN = fault(infinities: false) { (log(point) * 0).sum() }
    expectEqual(firstNaN?.operation, "multiply")
    let none = fault { exp(point).sum().backward() }
    #expect(none == nil)
  }

  @Test func theFirstInfinityOfABackwardPassIsNamed() {
    let point = Tensor<Double>([4, 0]).tracked()
    let found = fault { sqrt(point).sum().backward() }
    expectEqual(found?.operation, "divide")
    expectEqual(found?.pullback, "sqrt")
    expectEqual(found?.shape, [2])
    expectEqual(found?.element, 1)
    expectEqual(found?.value, .infinity)
    let shared = fault { maximum(Tensor<Double>([1, 2]).tracked(), Tensor([.nan, 1])).sum().backward() }
    #expect(shared == nil, "what was not finite before is nobody's fault")
  }

  private func fault<Result>(infinities: Bool = true, _ body: () -> Result) -> NonFiniteError? {
    do {
      _ = try checkingFiniteness(infinities: infinities, body)
      return nil
    } catch {
      return error as? NonFiniteError
    }
  }

  @Test func theInspectionEndsWithItsBlock() throws {
    _ = try checkingFiniteness { Tensor<Double>(1) + 1 }
    expectEqual(Recording.mode, [])
    #expect(TapeObserver.current == nil)
  }

  // MARK: Drawing

  @Test func aSmallLossIsDrawn() {
    let (a, b) = (Tensor<Double>([1, 2]).tracked(), Tensor<Double>([3, 4]).tracked())
    let drawing = relu(a * b + a).sum().drawing(naming: ["a": a, "b": b])
    for part in ["digraph", "\"a [2]\", shape=box", "\"b [2]\", shape=box", "\"multiply\"", "\"relu\"", "-> result"] {
      #expect(drawing.contains(part), "\(part)")
    }
    expectEqual(drawing.components(separatedBy: "->").count - 1, 8)
    #expect(Tensor<Double>(1).drawing().contains("result"))
  }
}

private func == (a: Tensor<Double>, b: Tensor<Double>) -> Bool { difference(a, b) == 0 }
