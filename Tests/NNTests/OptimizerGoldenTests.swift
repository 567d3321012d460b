import NN
import Tensor
import Testing
import _TestSupport

/// Optimizers against PyTorch's, and Lion, LAMB and LARS against their papers' algorithms: two parameters in two groups, five steps on
/// given gradients.
@Suite struct OptimizerGoldenTests {
  static let cases = ((try? Goldens("optimizers").cases) ?? []).filter { $0.roles.contains("gradients0") }

  @Test func thereAreCases() {
    let counts = Dictionary(grouping: Self.cases, by: \.subject).mapValues(\.count)
    expectEqual(
      counts,
      [
        "sgd": 6, "adam": 3, "adamw": 3, "rmsprop": 4, "adagrad": 2, "adadelta": 2, "adamax": 2, "nadam": 3, "radam": 3,
        "lion": 2, "lamb": 2, "lars": 2, "muon": 3,
      ])
  }

  @Test(arguments: cases) func agreesInDouble(_ golden: GoldenCase) {
    expectAgreement(with: golden, Double.self, tolerance: 1e-14)
  }

  /// Rules with more arithmetic, such as Muon's iteration, round more.
  @Test(arguments: cases) func agreesInFloat(_ golden: GoldenCase) {
    let isShort = ["sgd", "adam", "adamw"].contains(golden.subject)
    expectAgreement(with: golden, Float.self, tolerance: isShort ? 1e-6 : 5e-6)
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
        expectLess(difference(parameters[i].value, expected[i][step]), tolerance, "parameter \(i), step \(step)")
      }
    }
    expectEqual(optimizer.stepCount, 5)
  }

  /// With the options of the case, and ours for those that it does not have: PyTorch's and the papers' are the same.
  private func makeOptimizer<S>(_ golden: GoldenCase, _ groups: [ParameterGroup<S>]) -> Optimizer<S> {
    func number(_ key: String, _ value: Double) -> Double { golden.argument(key, default: value) }
    func flag(_ key: String) -> Bool { golden.argument(key, default: false) }
    let (decay, eps) = (number("weight_decay", 0), number("eps", 1e-8))
    let betas = golden.argument("betas", default: [0.9, 0.999])
    switch golden.subject {
    case "sgd":
      return SGD(groups, momentum: number("momentum", 0), isNesterov: flag("nesterov"), weightDecay: decay)
    case "adam": return Adam(groups, beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay: decay)
    case "adamw": return AdamW(groups, beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay: decay)
    case "rmsprop":
      return RMSprop(
        groups, decay: number("alpha", 0.99), epsilon: eps, momentum: number("momentum", 0),
        isCentered: flag("centered"), weightDecay: decay)
    case "adagrad":
      return Adagrad(
        groups, learningRateDecay: number("lr_decay", 0), initialSum: number("initial_accumulator_value", 0),
        epsilon: number("eps", 1e-10), weightDecay: decay)
    case "adadelta":
      return Adadelta(groups, decay: number("rho", 0.9), epsilon: number("eps", 1e-6), weightDecay: decay)
    case "adamax": return Adamax(groups, beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay: decay)
    case "nadam":
      return NAdam(
        groups, beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay: decay,
        momentumDecay: number("momentum_decay", 4e-3), isDecoupled: flag("decoupled_weight_decay"))
    case "radam":
      return RAdam(
        groups, beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay: decay,
        isDecoupled: flag("decoupled_weight_decay"))
    case "lion": return Lion(groups, beta1: betas[0], beta2: betas[1], weightDecay: decay)
    case "lamb": return LAMB(groups, beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay: decay)
    case "lars":
      return LARS(groups, momentum: number("momentum", 0.9), trust: number("trust", 1e-3), weightDecay: decay)
    default:
      let scalings: [String: Muon<S>.Scaling] = ["match_rms_adamw": .matchingAdamW, "spectral_unclamped": .spectral]
      return Muon(
        groups, momentum: number("momentum", 0.95), isNesterov: golden.argument("nesterov", default: true),
        weightDecay: number("weight_decay", 0.1), iterations: golden.argument("ns_steps", default: 5),
        scaling: scalings[golden.argument("adjust_lr_fn", default: "")] ?? .original)
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
    let (own, whole) = (gradients.norm(of: parameters), golden.tensor("norm", as: Double.self).item)
    expectLess(abs(own - whole), 1e-13)
    let squares = parameters.flatMap(\.parameter.value.scalars).reduce(0) { $0 + $1 * $1 }
    expectLess(abs(parameters.norm() - squares.squareRoot()), 1e-13)
    let norm = gradients.clipNorm(of: parameters, to: golden.argument("limit"))
    expectLess(abs(norm - golden.tensor("norm", as: Double.self).item), 1e-13)
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
    expectEqual(weight.parameter.gradient(in: gradients)!.scalars[1], 3)
  }

  private func parametersWithGradients(_ golden: GoldenCase) -> ([NamedParameter<Double>], Gradients) {
    let given: [Tensor<Double>] = [0, 1].map { golden.tensor("gradient\($0)") }
    let parameters = given.map { NamedParameter(name: "weight", parameter: Parameter<Double>(.zeros($0.shape))) }
    let sums = zip(parameters, given).map { ($0.parameter.value * $1).sum() }
    return (parameters, (sums[0] + sums[1]).backward())
  }

  private func expectClipped(_ parameters: [NamedParameter<Double>], _ gradients: Gradients, _ golden: GoldenCase) {
    for (i, named) in parameters.enumerated() {
      expectLess(difference(named.parameter.gradient(in: gradients)!, golden.tensor("clipped\(i)")), 1e-14)
    }
  }
}
