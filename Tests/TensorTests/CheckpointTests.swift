import Foundation
import Testing
import _TestSupport

@testable import Tensor

/// Blocks that are run again instead of being stored.
@Suite struct CheckpointTests {
  private let x = Tensor<Double>(signedSample([4, 3]).scalars, shape: [4, 3]).tracked()
  private let w = Tensor<Double>(sample([3, 3], seed: 2).scalars, shape: [3, 3]).tracked()

  private func block(_ x: Tensor<Double>) -> Tensor<Double> {
    Tensor.concatenated([tanh(x.matmul(w)), sin(x) * x[0..<4]], along: 1)
  }

  @Test func valueAndGradientsAreTheSame() {
    let plain = (block(block(x).sliced(along: 1, 0..<3))).sum()
    let saved = checkpointed { self.block(checkpointed { self.block(x) }.sliced(along: 1, 0..<3)) }.sum()
    #expect(plain == saved)
    let (expected, actual) = (plain.backward(), saved.backward())
    #expect(expected[x] == actual[x])
    expectLess(difference(actual[w], expected[w]), 1e-14)
    expectEqual(actual.count, 2)
  }

  @Test func higherOrders() throws {
    try gradientCheck(at: [x.detached, w.detached], orders: 3, tolerance: 1e-5) { inputs in
      checkpointed { tanh(inputs[0].matmul(inputs[1])) * inputs[0].sum() }
    }
  }

  /// A gradient penalty: the block differentiates for itself, and its result is differentiated again.
  @Test func derivativesInsideABlockAreDifferentiatedAgain() {
    func penalty() -> Tensor<Double> {
      let slope = gradient(at: x) { tanh($0.matmul(w)).sum() }
      let (value, pull) = vjp(at: x) { sin($0) * w.sum() }
      return (slope * slope).sum() + (pull(value) * w.sum()).sum()
    }
    let expected = penalty().backward()
    let saved = checkpointed { penalty() }
    expectEqual(saved.item, penalty().item)
    let actual = saved.backward()
    #expect(difference(actual[x], expected[x]) < 1e-12 && difference(actual[w], expected[w]) < 1e-12)
    expectEqual(actual.count, 2)
    let nested = checkpointed { checkpointed { penalty() } * 1 }.backward()
    #expect(difference(nested[x], expected[x]) < 1e-12 && difference(nested[w], expected[w]) < 1e-12)
  }

  @Test func gradientsFlowThroughConversions() {
    let y = checkpointed { tanh(x.cast(to: Float.self)).cast(to: Double.self) * w.sum() }
    let plain = (tanh(x.cast(to: Float.self)).cast(to: Double.self) * w.sum()).sum().backward()
    expectLess(difference(y.sum().backward()[x], plain[x]), 1e-12)
  }

  @Test func aBlockThatReadsNothingTrackedIsAConstant() {
    #expect(!checkpointed { Tensor<Double>(1) + 1 }.isTracked)
    #expect(withoutRecording { !checkpointed { self.block(x) }.isTracked })
    #expect(checkpointed { x }.sum().backward()[x] == .ones([4, 3]))
  }

  @Test func whatIsDrawnIsDrawnOnce() {
    func loss(_ wrap: (@escaping () -> Tensor<Double>) -> Tensor<Double>) -> (Gradients, UInt64, Tensor<Double>) {
      let generator = Box(RandomGenerator(seed: 3))
      let value = wrap {
        var source = replayed { generator.value.split() }
        return self.x * .uniform([4, 3], using: &source)
      }
      return (value.sum().backward(), generator.value.next(), value)
    }
    let plain = loss { $0() }
    let saved = loss { checkpointed($0) }
    let nested = loss { block in checkpointed { checkpointed(block) } }
    for result in [saved, nested] {
      #expect(result.0[x] == plain.0[x])
      expectEqual(result.1, plain.1)
      #expect(result.2 == plain.2)
    }
  }

  private final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
  }

  private final class Witness {
    weak var storage: Storage<Float>?
    init(_ storage: Storage<Float>) { self.storage = storage }
  }

  /// The bytes of the intermediate results that are alive after the forward pass.
  private func held(checkpointing: Bool) -> Int {
    var seen: [Witness] = []
    let x = Tensor<Float>.ones([64, 64]).tracked()
    func deep(_ x: Tensor<Float>) -> Tensor<Float> {
      var y = x
      for _ in 0..<10 {
        y = tanh(y) * y
        seen.append(Witness(y.array.storage))
      }
      return y
    }
    var y = x
    for _ in 0..<5 {
      let input = y
      y = checkpointing ? checkpointed { deep(input) } : deep(input)
    }
    let alive = seen.count { $0.storage != nil }
    expectEqual(y.sum().backward()[x].shape, [64, 64])
    return alive * 64 * 64 * 4
  }

  @Test func intermediateResultsAreNotHeld() {
    expectEqual(held(checkpointing: false), 50 * 64 * 64 * 4)
    #expect(held(checkpointing: true) <= 5 * 64 * 64 * 4)
  }

  @Test func aBlockIsRunAgainByManyThreads() {
    let generator = Box(RandomGenerator(seed: 1))
    let y = checkpointed { [x, w] in
      var source = replayed { generator.value.split() }
      return (tanh(x.matmul(w)) * .uniform([4, 3], using: &source)).sum()
    }
    let expected = y.backward()
    DispatchQueue.concurrentPerform(iterations: 16) { _ in
      #expect(y.backward()[w] == expected[w])
    }
  }
}

private func == (a: Tensor<Double>, b: Tensor<Double>) -> Bool { difference(a, b) == 0 }
