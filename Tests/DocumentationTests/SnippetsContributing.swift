import CubHPL
import Foundation
import HPL
import NN
import Testing
import _TestSupport

@testable import Tensor

// snippet: operation
/// One over every element; ±∞ at 0.
public func reciprocal<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.reciprocal, x).recorded("reciprocal", x, usingOutput: { g, y in -(g * y * y) })
}
// end snippet

// snippet: composite
/// `x · sigmoid(x)` of every element (Elfwing et al., 2018).
public func silu<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x * sigmoid(x) }
// end snippet

// snippet: layer
/// Generalised-mean pooling with a learned power (Radenović et al., 2019): 1 is the mean, ∞ the maximum.
///
/// `[batch, height, width, channels]` gives `[batch, channels]`; elements below 10⁻⁶ count as 10⁻⁶.
public final class GeneralizedMeanPool2D<Scalar: TensorScalar>: Layer {
  /// The power, a single number, at first 3.
  public let power = Parameter<Scalar>(Tensor(3))

  /// Makes the layer.
  public init() {}

  /// The generalised means.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let positive = maximum(input, Tensor(1e-6))
    return pow(pow(positive, power.value).mean(along: 1, 2), 1 / power.value)
  }
}
// end snippet

// snippet: loss
/// Normalised softmax (Zhai and Wu, BMVC 2019): cross-entropy over the cosines to all proxies, divided by a temperature.
public struct NormSoftmax<Scalar: TensorScalar>: ProxyLoss {
  /// What the cosines are divided by.
  public var temperature: Scalar

  /// Makes the loss with the paper's temperature.
  public init(temperature: Scalar = 0.05) { self.temperature = temperature }

  /// The loss of a batch; `similarities` are `[batch, proxies]`, `targets` `[batch]`.
  public func callAsFunction(_ similarities: Tensor<Scalar>, targets: Labels) -> Tensor<Scalar> {
    let others = similarities.logSumExp(along: 1, scale: 1 / temperature, excluding: targets)
    return softplus(others - similarities.pick(targets) / temperature).mean()
  }
}
// end snippet

@Suite struct ContributingSnippets {
  @Test func operation() throws {
    let records = OperationRecords<Double> { records in
      // snippet: operation-record
      records.add("reciprocal", [signedSample([2, 3])]) { reciprocal($0[0]) }
      // end snippet
      records.add("silu", [signedSample([2, 3])]) { silu($0[0]) }
      // snippet: operation-error
      records.addError("dot", "dot: [2] and [3] are not two vectors of one length") { zeros(2).dot(zeros(3)) }
      // end snippet
    }
    expectEqual(records.errors.count, 1)
    expectEqual(records.all.count, 2)
    for record in records.all { try gradientCheck(at: record.inputs, orders: record.orders, of: record.body) }
    expectEqual(reciprocal(Tensor<Double>([0.5, -4])).scalars, [2, -0.25])
    expectEqual(difference(silu(Tensor<Double>([0])), Tensor([0])), 0)
  }

  // snippet: layer-test
  @Test func generalizedMeanLiesBetweenMeanAndMaximum() throws {
    let pool = GeneralizedMeanPool2D<Double>()
    expectEqual(pool.parameters.map(\.name), ["power"])
    let images = sample([2, 3, 3, 4])
    let pooled = pool(images)
    #expect((pooled .> images.mean(along: 1, 2)).allTrue && (pooled .< images.max(along: 1, 2)).allTrue)
    pool.power.update(Tensor(1))
    expectLess(difference(pool(images), images.mean(along: 1, 2)), 1e-12)
    try gradientCheck(at: images) { pool($0) }
    let gradients = pool(images).sum().backward()
    #expect(pool.power.gradient(in: gradients) != nil)
  }
  // end snippet

  // snippet: loss-test
  @Test func normSoftmaxAgreesWithALoop() throws {
    let similarities = signedSample([4, 3])
    let targets = Labels([0, 2, 1, 2])
    let loss = NormSoftmax<Double>(temperature: 0.5)
    var expected = 0.0
    for (sample, target) in targets.scalars.enumerated() {
      let powers = similarities[sample].scalars.map { exp($0 / 0.5) }
      expected -= log(powers[target] / powers.reduce(0, +)) / 4
    }
    expectLess(difference(loss(similarities, targets: targets), Tensor(expected)), 1e-12)
    try gradientCheck(at: similarities) { loss($0, targets: targets) }
  }
  // end snippet

  @Test func aLossIsAMethod() {
    let library: [Method] = [
      // snippet: loss-method
      .proxies("norm-softmax", title: "NormSoftmax") { _ in NormSoftmax() }
      // end snippet
    ]
    expectEqual(library.map(\.name), ["norm-softmax"])
  }
}
