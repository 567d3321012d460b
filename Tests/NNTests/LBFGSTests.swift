import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// L-BFGS against PyTorch's: six steps down a curved valley and into a well.
@Suite struct LBFGSTests {
  static let cases = ((try? Goldens("optimizers").cases) ?? []).filter { $0.subject == "lbfgs" }

  @Test func thereAreCases() { expectEqual(Self.cases.count, 4) }

  @Test(arguments: cases) func agreesWithPyTorch(_ golden: GoldenCase) {
    let fit = Fit(golden)
    let (losses, xs, ys): (Tensor<Double>, Tensor<Double>, Tensor<Double>) = (
      golden.tensor("losses"), golden.tensor("xs"), golden.tensor("ys")
    )
    for step in 0..<6 {
      let loss = fit.optimizer.step { fit.loss }
      expectLess(abs(loss.item - losses[step].item), 1e-8 * max(1, losses[step].item), "step \(step)")
      #expect(difference(fit.x.value, xs[step]) < 1e-7 && difference(fit.y.value, ys[step]) < 1e-7, "step \(step)")
    }
    expectEqual(fit.optimizer.stepCount, 6)
  }

  @Test(arguments: cases) func aRunContinuesBitForBit(_ golden: GoldenCase) throws {
    let fit = Fit(golden)
    for _ in 0..<3 { fit.optimizer.step { fit.loss } }
    var file = Safetensors()
    fit.optimizer.save(into: &file)
    let other = Fit(golden)
    other.x.update(fit.x.value.detached)
    other.y.update(fit.y.value.detached)
    try other.optimizer.load(file)
    for _ in 0..<2 {
      fit.optimizer.step { fit.loss }
      other.optimizer.step { other.loss }
    }
    expectEqual(other.x.value.scalars, fit.x.value.scalars)
    expectEqual(other.y.value.scalars, fit.y.value.scalars)
    expectEqual(other.optimizer.stepCount, 5)
  }

  @Test func misfitsAreListed() throws {
    let fit = Fit(Self.cases[0])
    fit.optimizer.step { fit.loss }
    var file = Safetensors()
    fit.optimizer.save(into: &file)
    file.set(Tensor<Double>([1]), for: "optimizer.gradient")
    let error = #expect(throws: StateError.self) { try fit.optimizer.load(file) }
    expectEqual(error?.misshapen, ["optimizer.gradient (expected [9] float64, found [1] float64)"])
  }

  /// A quadratic with as many parameters as steps: Newton's method is done.
  @Test func floatsReachTheLeastSquares() {
    let x = Parameter<Float>([5, -3])
    let optimizer = LBFGS([NamedParameter(name: "x", parameter: x)], lineSearch: .strongWolfe)
    let matrix = Tensor<Float>([[3, 1], [1, 2], [0, 1]])
    let target = matrix.matmul(Tensor([1, 2]))
    func loss() -> Tensor<Float> {
      let error = matrix.matmul(x.value) - target
      return (error * error).sum()
    }
    for _ in 0..<2 { optimizer.step { loss() } }
    expectLess(difference(x.value, Tensor([1, 2])), 1e-4)
  }

  @Test func aLossWithoutTheParametersTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (x, y) = (Parameter<Float>([5]), Parameter<Float>([5]))
      LBFGS([NamedParameter(name: "x", parameter: x)]).step { y.value.sum() }
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("LBFGS: no gradient has arrived at any of the 1 parameter(s)"))
  }
}

/// The loss of the golden script.
private struct Fit {
  let x: Parameter<Double>
  let y: Parameter<Double>
  let optimizer: LBFGS<Double>

  init(_ golden: GoldenCase) {
    (x, y) = (Parameter(golden.tensor("x")), Parameter(golden.tensor("y")))
    let iterations: Int = golden.argument("max_iter")
    optimizer = LBFGS(
      [NamedParameter(name: "x", parameter: x), NamedParameter(name: "y", parameter: y)],
      learningRate: golden.argument("lr", default: 1.0), iterations: iterations,
      evaluations: golden.argument("max_eval", default: iterations * 5 / 4),
      historySize: golden.argument("history_size", default: 100),
      lineSearch: golden.argument("line_search_fn", default: "") == "strong_wolfe" ? .strongWolfe : .fixed)
  }

  var loss: Tensor<Double> {
    let (x, y) = (x.value, y.value)
    let (head, tail) = (x[0..<4], x[1..<5])
    let valley = 4 * squared(tail - squared(head)) + squared(1 - head)
    return valley.sum() + squared(squared(y - 2)).sum() + (y[0] * x[0..<2]).sum() / 8
  }
}
