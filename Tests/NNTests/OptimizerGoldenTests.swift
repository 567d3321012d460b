import NN
import Tensor
import Testing
import _TestSupport

/// Optimizers against PyTorch's: two parameters in two groups, five steps on given gradients.
@Suite struct OptimizerGoldenTests {
  static let cases = ((try? Goldens("optimizers").cases) ?? [])
    .filter { ["sgd", "adam", "adamw"].contains($0.subject) }

  @Test func thereAreCases() { #expect(Self.cases.count == 12) }

  @Test(arguments: cases) func agreesInDouble(_ golden: GoldenCase) {
    expectAgreement(with: golden, Double.self, tolerance: 1e-14)
  }

  @Test(arguments: cases) func agreesInFloat(_ golden: GoldenCase) {
    expectAgreement(with: golden, Float.self, tolerance: 1e-6)
  }

  private func expectAgreement<S: TensorScalar>(with golden: GoldenCase, _: S.Type, tolerance: Double) {
    let parameters = [0, 1].map { Parameter<S>(golden.tensor("initial\($0)")) }
    let given: [Tensor<S>] = [0, 1].map { golden.tensor("gradients\($0)") }
    let expected: [Tensor<S>] = [0, 1].map { golden.tensor("values\($0)") }
    let rates: [Double] = golden.argument("learningRates")
    let groups = [0, 1].map { (i: Int) in
      ParameterGroup([NamedParameter(name: "weight", parameter: parameters[i])], learningRate: rates[i])
    }
    let optimizer = makeOptimizer(golden, groups)
    for step in 0..<5 {
      // The gradient of Σ x·g is g.
      optimizer.step {
        (parameters[0].value * given[0][step]).sum() + (parameters[1].value * given[1][step]).sum()
      }
      for i in [0, 1] {
        #expect(difference(parameters[i].value, expected[i][step]) < tolerance, "parameter \(i), step \(step)")
      }
    }
    #expect(optimizer.stepCount == 5)
  }

  private func makeOptimizer<S>(_ golden: GoldenCase, _ groups: [ParameterGroup<S>]) -> Optimizer<S> {
    let decay = golden.argument("weight_decay", default: 0.0)
    let betas = golden.argument("betas", default: [0.9, 0.999])
    let epsilon = golden.argument("eps", default: 1e-8)
    switch golden.subject {
    case "sgd":
      return Optimizer(
        SGD(
          momentum: golden.argument("momentum", default: 0.0),
          isNesterov: golden.argument("nesterov", default: false), weightDecay: decay), groups: groups)
    case "adam":
      return Optimizer(Adam(beta1: betas[0], beta2: betas[1], epsilon: epsilon, weightDecay: decay), groups: groups)
    default:
      return Optimizer(AdamW(beta1: betas[0], beta2: betas[1], epsilon: epsilon, weightDecay: decay), groups: groups)
    }
  }
}

/// Gradient clipping against PyTorch's.
@Suite struct ClippingGoldenTests {
  static func cases(_ subject: String) -> [GoldenCase] {
    ((try? Goldens("optimizers").cases) ?? []).filter { $0.subject == subject }
  }

  @Test(arguments: cases("clip_norm")) func norm(_ golden: GoldenCase) {
    var (parameters, gradients) = parametersWithGradients(golden)
    let norm = gradients.clipNorm(of: parameters, to: golden.argument("limit"))
    #expect(abs(norm - golden.tensor("norm", as: Double.self).item) < 1e-13)
    expectClipped(parameters, gradients, golden)
  }

  @Test(arguments: cases("clip_value")) func values(_ golden: GoldenCase) {
    var (parameters, gradients) = parametersWithGradients(golden)
    gradients.clipValues(of: parameters, to: golden.argument("limit"))
    expectClipped(parameters, gradients, golden)
  }

  @Test func aNormThatIsNaNChangesNothing() {
    let weight = NamedParameter(name: "weight", parameter: Parameter<Double>(.ones([2])))
    var gradients = (weight.parameter.value * Tensor([.nan, 3])).sum().backward()
    #expect(gradients.clipNorm(of: [weight], to: 1).isNaN)
    #expect(weight.parameter.gradient(in: gradients)!.scalars[1] == 3)
  }

  private func parametersWithGradients(_ golden: GoldenCase) -> ([NamedParameter<Double>], Gradients) {
    let given: [Tensor<Double>] = [0, 1].map { golden.tensor("gradient\($0)") }
    let parameters = given.map { NamedParameter(name: "weight", parameter: Parameter<Double>(.zeros($0.shape))) }
    let sums = zip(parameters, given).map { ($0.parameter.value * $1).sum() }
    return (parameters, (sums[0] + sums[1]).backward())
  }

  private func expectClipped(_ parameters: [NamedParameter<Double>], _ gradients: Gradients, _ golden: GoldenCase) {
    for (i, named) in parameters.enumerated() {
      #expect(difference(named.parameter.gradient(in: gradients)!, golden.tensor("clipped\(i)")) < 1e-14)
    }
  }
}
