import NN
import Tensor
import Testing
import _TestSupport

/// The losses against PyTorch, as functions and as layers, and their gradients of both orders against finite differences.
@Suite struct LossTests {
  static let cases = (try? Goldens("standard_losses").cases) ?? []

  @Test func weightsThatWouldRepeatLossesTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor<Float>.zeros([3, 1])
      _ = binaryCrossEntropyWithLogits(x, x, weights: Tensor([1, 2, 3]))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("weights [3] do not broadcast to targets [3, 1]") && message.contains("LossTests.swift"))
    await #expect(processExitsWith: .failure) {
      _ = PReLU<Float>(5)(Tensor<Float>.zeros([2, 1]))
    }
  }

  @Test func eachLossHasCases() {
    #expect(Set(Self.cases.map(\.subject)).count == 14 && Self.cases.count > 80)
  }

  @Test(arguments: cases) func valueAndGradientsAreThoseOfPyTorch(_ golden: GoldenCase) {
    let roles = golden.roles.filter { $0.hasPrefix("input") }
    var inputs: [Tensor<Double>] = []
    var labels: Labels?
    for role in roles {
      if golden.isInteger(role) { labels = golden.labels(role) } else { inputs.append(golden.tensor(role)) }
    }
    // Which of the floating-point inputs have a gradient, and its role.
    let gradients = roles.filter { !golden.isInteger($0) }.map { "gradient" + $0.dropFirst(5) }
    let leaves = inputs.map { $0.tracked() }
    let output = loss(golden, leaves, labels)
    let found = (output * golden.tensor("cotangent")).sum().backward(allowsUntracked: true)
    // Logits of a thousand take digits.
    let tolerance = golden.name.contains("large") ? 1e-10 : 1e-12
    expectLess(difference(output, golden.tensor("output")), tolerance)
    for (leaf, role) in zip(leaves, gradients) where golden.roles.contains(role) {
      expectLess(difference(found[leaf], golden.tensor(role)), tolerance, "\(role)")
    }
  }

  @Test(
    arguments: cases.filter { $0.name.hasSuffix("-mean") && !$0.name.contains("/cut") && !$0.name.contains("/large") })
  func gradientsOfBothOrders(_ golden: GoldenCase) throws {
    let roles = golden.roles.filter { $0.hasPrefix("input") && !golden.isInteger($0) }
    let labels = golden.roles.first { $0.hasPrefix("input") && golden.isInteger($0) }.map(golden.labels)
    let constants = roles.filter { !golden.roles.contains("gradient" + $0.dropFirst(5)) }.map {
      golden.tensor($0, as: Double.self)
    }
    let points = roles.dropLast(constants.count).map { golden.tensor($0, as: Double.self) }
    try gradientCheck(at: points, step: 1e-4, tolerance: 1e-5) { loss(golden, $0 + constants, labels) }
  }

  private func loss(_ golden: GoldenCase, _ inputs: [Tensor<Double>], _ labels: Labels?) -> Tensor<Double> {
    let reductions: [String: Reduction] = ["none": .none, "sum": .sum, "mean": .mean, "batchmean": .batchMean]
    let reduction = reductions[golden.argument("reduction")]!
    let x = inputs[0]
    let weights = inputs.count == (labels == nil ? 3 : 2) ? inputs.last : nil
    switch golden.subject {
    case "cross_entropy":
      let ignored: Int = golden.argument("ignored", default: -100)
      return CrossEntropyLoss(
        weights: weights, ignoring: ignored,
        smoothing: golden.argument("smoothing", default: 0), reduction: reduction)(x, labels!)
    case "cross_entropy_probabilities":
      return CrossEntropyLoss(
        weights: weights, smoothing: golden.argument("smoothing", default: 0), reduction: reduction)(x, inputs[1])
    case "nll_loss": return NLLLoss(weights: weights, reduction: reduction)(x, labels!)
    case "binary_cross_entropy": return BCELoss(weights: weights, reduction: reduction)(x, inputs[1])
    case "binary_cross_entropy_with_logits":
      let isPositive = golden.argument("positive", default: false)
      return BCEWithLogitsLoss(
        weights: isPositive ? nil : weights, positiveWeights: isPositive ? weights : nil, reduction: reduction)(
          x, inputs[1])
    case "sigmoid_focal_loss":
      let alpha: Double = golden.argument("alpha")
      return sigmoidFocalLoss(
        x, inputs[1], alpha: alpha < 0 ? nil : alpha, gamma: golden.argument("gamma"), reduction: reduction)
    case "mse_loss": return MSELoss(reduction: reduction)(x, inputs[1])
    case "l1_loss": return L1Loss(reduction: reduction)(x, inputs[1])
    case "huber_loss": return HuberLoss(delta: golden.argument("delta"), reduction: reduction)(x, inputs[1])
    case "smooth_l1_loss": return SmoothL1Loss(beta: golden.argument("beta"), reduction: reduction)(x, inputs[1])
    case "kl_div":
      return KLDivLoss(targetsAreLogarithms: golden.argument("logarithms"), reduction: reduction)(x, inputs[1])
    case "hinge_embedding_loss":
      return HingeEmbeddingLoss(margin: golden.argument("margin"), reduction: reduction)(x, inputs[1])
    case "multi_margin_loss":
      return MultiMarginLoss(
        power: golden.argument("power"), margin: golden.argument("margin"), weights: weights, reduction: reduction)(
          x, labels!)
    case "cosine_embedding_loss":
      let margin: Double = golden.argument("margin")
      return CosineEmbeddingLoss(margin: margin - 0.75, reduction: reduction)(x, inputs[1], inputs[2])
    default: fatalError("no loss \(golden.subject)")
    }
  }

  /// An ignored sample counts nowhere, whatever its logits are.
  @Test func ignoredSamplesMayHoldAnything() {
    let logits = Tensor<Double>([[0, 1, 2], [.infinity, .nan, 0]]).tracked()
    let loss = crossEntropy(logits, Labels([2, -100]))
    expectEqual(loss.item, crossEntropy(Tensor<Double>([[0, 1, 2]]), Labels([2])).item)
    #expect(crossEntropy(logits, Labels([-100, -100])).item.isNaN)
  }

  @Test func whatDoesNotFitTraps() async {
    let shapes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = mseLoss(Tensor<Float>.zeros([4, 1]), Tensor<Float>.zeros([4]))
    }
    let ofShapes = text(shapes?.standardErrorContent)
    #expect(ofShapes.contains("mseLoss: predictions [4, 1] and targets [4] are not of one shape"))
    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(Tensor<Float>.zeros([2, 3]), Labels([0, 3]))
    }
    let ofLabel = text(label?.standardErrorContent)
    #expect(ofLabel.contains("crossEntropy: no class 3 among 3"))
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CrossEntropyLoss()(Tensor<Float>.zeros([2, 3]), Labels([0, 1, 2]))
    }
    let ofLabels = text(labels?.standardErrorContent)
    #expect(ofLabels.contains("crossEntropy: logits [2, 3] [..., classes] do not fit labels [3]"))
    let logits = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = binaryCrossEntropy(Tensor<Float>([2, 0.5]), [1, 0])
    }
    let ofLogits = text(logits?.standardErrorContent)
    #expect(ofLogits.contains("binaryCrossEntropyWithLogits takes logits"))
  }
}
