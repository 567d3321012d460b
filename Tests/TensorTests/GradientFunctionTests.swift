import Tensor
import Testing
import _TestSupport

/// `gradient(at:)`, `valueWithGradient(at:)`, `backward()` and `gradientCheck` as a user calls them.
@Suite struct GradientFunctionTests {
  @Test func detachedStepsAlongAnInputGradientKeepNoGraph() {
    let weight = Tensor<Double>([1, 2, 3]).tracked()
    let image = Tensor<Double>([1, 1, 1])
    let slope = gradient(at: image) { (tanh($0 * weight)).sum() }
    #expect(slope.isTracked, "it depends on the weight, and may be differentiated again")
    #expect(!(image - slope.detached * 0.1).isTracked)
  }

  @Test func valuesKeepTheirDependenceOnCapturedTensors() {
    let weight = Tensor<Double>([1, 2, 3]).tracked()
    let point = Tensor<Double>([0.1, 0.2, 0.3])
    let (value, pull) = vjp(at: point) { sin($0) * weight }
    expectEqual(value.sum().backward()[weight].scalars, sin(point).scalars)
    expectEqual(pull(.ones([3])).sum().backward()[weight].scalars, cos(point).scalars)
    let (other, _) = jvp(at: point, along: .ones([3])) { sin($0) * weight }
    expectEqual(other.sum().backward()[weight].scalars, sin(point).scalars)
    #expect(!vjp(at: point) { sin($0) }.value.isTracked)
    #expect(!withoutRecording { vjp(at: point) { $0 * weight }.value.isTracked })
  }

  private let x = Tensor<Double>([1, 2, 3])

  @Test func theFirstExampleOfTheDocumentation() {
    let slope = gradient(at: x) { x in (x * x).sum() }
    expectEqual(slope.scalars, [2, 4, 6])
    let (value, pull) = valueWithGradient(at: x) { ($0 * $0).sum() }
    expectEqual(value.item, 14)
    expectEqual(pull.scalars, [2, 4, 6])
    let curvature = gradient(at: x) { x in gradient(at: x) { ($0 * $0 * $0).sum() }.sum() }
    expectEqual(curvature.scalars, [6, 12, 18])

    let w = Tensor<Double>([[0.5, -1], [2, 1]]).tracked()
    let gradients = w.matmul([[1], [3]]).sum().backward()
    expectEqual(gradients[w].scalars, [1, 3, 1, 3])
  }

  @Test func gradientsNestToAnyOrder() {
    let third = gradient(at: x) { x in
      gradient(at: x) { x in
        gradient(at: x) { ($0 * $0 * $0 * $0).sum() }.sum()
      }.sum()
    }
    expectEqual(third.scalars, [24, 48, 72])
    // Mixed: d/dy of d/dx of x²·y³.
    let (a, b) = (Tensor<Double>(2), Tensor<Double>(3))
    let mixed = gradient(at: b) { y in gradient(at: a) { x in x * x * y * y * y } }
    expectEqual(mixed.item, 2 * 2 * 3 * 9)
  }

  @Test func severalArgumentsGetTheirOwnShapes() {
    let (value, (dx, dy)) = valueWithGradient(at: x, Tensor<Double>(4)) { x, y in (x * y).sum() }
    expectEqual(value.item, 24)
    expectEqual(dx.scalars, [4, 4, 4])
    expectEqual(dy.shape, [])
    expectEqual(dy.item, 6)
  }

  @Test func argumentsMayDifferInScalar() {
    let (dx, dy) = gradient(at: x, Tensor<Float>([1, 1, 1])) { x, y in (x * y.cast(to: Double.self)).sum() }
    expectEqual(dx.scalars, [1, 1, 1])
    expectEqual(dy.scalars, [1, 2, 3])
  }

  @Test func anUnusedArgumentGetsZerosWhereThatIsAllowed() {
    let (dx, dy) = gradient(at: x, Tensor<Double>([[1, 2]]), allowsUnused: true) { x, _ in x.sum() }
    expectEqual(dx.scalars, [1, 1, 1])
    expectEqual(dy.shape, [1, 2])
    expectEqual(dy.scalars, [0, 0])
    let constant = valueWithGradient(at: x, allowsUnused: true) { _ in Tensor<Double>(7) }
    expectEqual(constant.value.item, 7)
    expectEqual(constant.gradient.scalars, [0, 0, 0])
  }

  @Test func theSameTensorTwiceIsTwoArguments() {
    let (left, right) = gradient(at: x, x) { a, b in (a * a * b).sum() }
    expectEqual(left.scalars, [2, 8, 18])
    expectEqual(right.scalars, [1, 4, 9])
  }

  /// A gradient may itself be part of a loss: a penalty on slopes.
  @Test func gradientsInsideALossReachTheOuterParameters() {
    let weight = Tensor<Double>([2]).tracked()
    let slope = gradient(at: Tensor<Double>([3])) { x in (x * x * weight).sum() }  // 2·x·w
    #expect(slope.isTracked)
    expectEqual((slope * slope).sum().backward()[weight].scalars, [2 * 12 * 6])
    // Without outer leaves nothing is recorded.
    #expect(!gradient(at: x) { ($0 * $0).sum() }.isTracked)
  }

  /// What `backward()` returns is constant: inside a function that is differentiated its derivatives would be lost.
  @Test func secondDerivativesThroughBackwardTrap() async {
    let line = #line + 1
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = hessian(at: Tensor<Double>([1, 2])) { x in (cube(x).backward()[x] * 1).sum() + (x * x).sum() }
      func cube(_ x: Tensor<Double>) -> Tensor<Double> { (x * x * x).sum() }
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("backward: the result depends on the argument of a function that is being differentiated"))
    #expect(message.contains("GradientFunctionTests.swift:\(line):"))
    let outer = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let w = Tensor<Double>([1, 2]).tracked()
      _ = gradient(at: w) { v in (v * v).sum().backward()[w].sum() + v.sum() }
    }
    let outerMessage = text(outer?.standardErrorContent)
    #expect(outerMessage.contains("being differentiated"))
  }

  /// A constant start is meant; and what has been differentiated may be walked back later.
  @Test func backwardBesideADifferentiationIsFine() {
    let x = Tensor<Double>([1, 2])
    let steps = gradient(at: x) { x in
      let start = x.detached.tracked()
      return (x * (start * start).sum().backward()[start]).sum()
    }
    expectEqual(steps.scalars, [2, 4])
    let w = Tensor<Double>([3]).tracked()
    let slope = gradient(at: x) { x in (x * x * w).sum() }
    expectEqual(slope.sum().backward()[w].scalars, [6])
  }

  @Test func resultsThatAreNoSingleNumberTrapAtTheCaller() async {
    var line = #line + 1  // the macro's, which stands for all in its body
    let backward = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = (Tensor<Float>([1, 2]).tracked() * 2).backward()
    }
    let message = text(backward?.standardErrorContent)
    #expect(message.contains("backward: the result has shape [2]; reduce it to one number first"))
    #expect(message.contains("GradientFunctionTests.swift:\(line):"))

    line = #line + 1
    let function = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor<Float>([1, 2])) { $0 * 2 }
    }
    let second = text(function?.standardErrorContent)
    #expect(second.contains("gradient: the function's result has shape [2]; reduce it to one number first"))
    #expect(second.contains("GradientFunctionTests.swift:\(line):"))
  }

  @Test func askingForAGradientOfAConstantTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor<Float>([1, 2])
      _ = x.tracked().sum().backward()[x]
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("a tensor of shape [2] is not tracked; use .tracked()"))
  }

  @Test func theGradientCheckPassesForRightGradients() throws {
    try gradientCheck { (x: Tensor<Double>) in exp(x).sum() }
    try gradientCheck(at: Tensor([[0.5, -2], [1, 3]])) { $0.matmul($0.transposed()) }
    try gradientCheck(at: [x, Tensor(2)], orders: 3) { ($0[0] * $0[0] * $0[1]).sum() }
  }

  @Test func theGradientCheckNamesAWrongElement() {
    // Element 1 of argument 1 seems constant, because it is cut out of the graph.
    let line: UInt = #line + 1
    let error = #expect(throws: GradientCheckError.self) {
      try gradientCheck(at: [x, x], orders: 1) { arguments in
        let y = Tensor.concatenated([arguments[1][0..<1], arguments[1].detached[1..<2], arguments[1][2..<3]], along: 0)
        return (arguments[0] * y).sum()
      }
    }
    expectEqual(error?.order, 1)
    expectEqual(error?.argument, 1)
    expectEqual(error?.element, 1)
    expectEqual(error?.analytic, 0)
    let start =
      "TensorTests/GradientFunctionTests.swift:\(line): gradient of order 1 for element 1 of argument 1: automatic 0.0"
    expectEqual(error.map { String($0.description.prefix(start.count)) }, start)
  }

  @Test func theGradientCheckFindsAWrongSecondOrder() {
    // x² with the right slope 2x, which here does not depend on x.
    let error = #expect(throws: GradientCheckError.self) {
      try gradientCheck(at: x) { x in x * x.detached * 2 - (x * x).detached }
    }
    expectEqual(error?.order, 2)
  }
}
