import NN
import Tensor
import Testing
import _TestSupport

/// Batch normalisation: its two modes, and its fused gradient against the formula written out.
@Suite struct BatchNormTests {
  private let input = signedSample([4, 3, 2], seed: 5)
  private let scale = sample([2], seed: 6)
  private let offset = sample([2], seed: 7)
  private let weights = signedSample([4, 3, 2], seed: 8)

  /// The definition, in elementary operations.
  private func composed(_ x: Tensor<Double>, _ scale: Tensor<Double>, _ offset: Tensor<Double>) -> Tensor<Double> {
    let centred = x - x.mean(along: 0, 1, keepsAxes: true)
    let variance = (centred * centred).mean(along: 0, 1, keepsAxes: true)
    return centred / sqrt(variance + 1e-5) * scale + offset
  }

  private func fused(_ x: Tensor<Double>, _ scale: Tensor<Double>, _ offset: Tensor<Double>) -> Tensor<Double> {
    x.batchNormalized(scale: scale, offset: offset).output
  }

  @Test func fusedAndComposedGradientsAgree() {
    let expected = gradient(at: input, scale, offset) { (cubed(composed($0, $1, $2)) * weights).sum() }
    let actual = gradient(at: input, scale, offset) { (cubed(fused($0, $1, $2)) * weights).sum() }
    expectLess(difference(actual.0, expected.0), 1e-12)
    expectLess(difference(actual.1, expected.1), 1e-12)
    expectLess(difference(actual.2, expected.2), 1e-12)
  }

  @Test func theirSecondOrdersAgree() {
    typealias Norm = (Tensor<Double>, Tensor<Double>, Tensor<Double>) -> Tensor<Double>
    func curvature(_ norm: Norm) -> (Tensor<Double>, Tensor<Double>, Tensor<Double>) {
      gradient(at: input, scale, offset) { x, scale, offset in
        let slopes = gradient(at: x, scale, offset) { (cubed(norm($0, $1, $2)) * weights).sum() }
        return squared(slopes.0).sum() + squared(slopes.1).sum() + squared(slopes.2).sum()
      }
    }
    let (expected, actual) = (curvature(composed), curvature(fused))
    expectLess(difference(actual.0, expected.0), 1e-11)
    expectLess(difference(actual.1, expected.1), 1e-11)
    expectLess(difference(actual.2, expected.2), 1e-11)
  }

  @Test(arguments: [true, false]) func rectifiedIsTheSameInSteps(_ isTraining: Bool) {
    func normalization() -> BatchNorm<Double> {
      let norm = BatchNorm<Double>(2)
      norm.weight.update(scale)
      norm.bias.update(offset)
      norm.runningMean.update([0.1, -0.2])
      if !isTraining { norm.evaluate() }
      return norm
    }
    let (fused, steps) = (normalization(), normalization())
    let actual = gradient(at: input, weights) { (cubed(fused.rectified($0, adding: $1)) * offset).sum() }
    let expected = gradient(at: input, weights) { (cubed(relu(steps($0) + $1)) * offset).sum() }
    #expect(difference(actual.0, expected.0) < 1e-12 && difference(actual.1, expected.1) < 1e-12)
    let alone = gradient(at: input) { (cubed(fused.rectified($0)) * offset).sum() }
    expectLess(difference(alone, gradient(at: input) { (cubed(relu(steps($0))) * offset).sum() }), 1e-12)
    let parameters = (cubed(fused.rectified(input, adding: weights)) * offset).sum().backward()
    let inSteps = (cubed(relu(steps(input) + weights)) * offset).sum().backward()
    for (a, b) in zip(fused.parameters, steps.parameters) {
      expectLess(difference(a.parameter.gradient(in: parameters)!, b.parameter.gradient(in: inSteps)!), 1e-12)
    }
    expectLess(difference(fused.runningVar.value, steps.runningVar.value), 1e-15)
  }

  @Test func evaluationUsesAndKeepsTheRunningStatistics() {
    let norm = BatchNorm<Double>(2)
    norm.runningMean.update([1, 2])
    norm.runningVar.update([4, 9])
    norm.evaluate()
    let output = norm(Tensor([[3, 8], [1, 2]]))
    expectLess(difference(output, Tensor([[1, 2], [0, 0]])), 1e-5)
    expectEqual(norm.runningMean.value.scalars, [1, 2])
    expectEqual(norm.runningVar.value.scalars, [4, 9])
    // One sample's output does not depend on the others.
    expectLess(difference(norm(Tensor([[3, 8]]))[0], output[0]), 1e-15)
  }

  @Test func trainingMovesTheStatisticsTowardsTheBatch() {
    let norm = BatchNorm<Double>(1, momentum: 0.5)
    _ = norm(Tensor([[1], [3]]))
    expectEqual(norm.runningMean.value.scalars, [1])
    expectEqual(norm.runningVar.value.scalars, [0.5 * 1 + 0.5 * 2])  // the unbiased variance of 1 and 3 is 2
  }

  @Test func trainAndEvaluateReachEveryLayer() {
    let inner = BatchNorm<Float>(2)
    let outer = Sequential<Float>(Residual(Sequential(inner)))
    #expect(inner.mode.isTraining)
    outer.evaluate()
    #expect(!inner.mode.isTraining)
    outer.train()
    #expect(inner.mode.isTraining)
  }

  /// Proxy-Anchor's recipe: the network trains, its batch-norm does not.
  @Test func batchNormCanStayFrozenInATrainingNetwork() {
    let norm = BatchNorm<Double>(2)
    let model = Sequential<Double>(norm)
    model.train()
    norm.evaluate()
    norm.setFrozen(true)
    let x = input.tracked()
    let gradients = model(x).sum().backward()
    #expect(norm.weight.gradient(in: gradients) == nil)
    expectEqual(norm.runningMean.value.scalars, [0, 0])
    expectLess(difference(gradients[x], .full([4, 3, 2], 1 / (1 + 1e-5).squareRoot())), 1e-15)
  }
}
