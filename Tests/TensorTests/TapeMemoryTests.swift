import Foundation
import Testing
import _TestSupport

@testable import Tensor

/// Who holds a graph's memory, and who may write to it.
@Suite struct TapeMemoryTests {
  @Test func gradientsAreValues() {
    let x = Tensor<Double>([2, 3]).tracked()
    let loss = (x * x).sum()
    let first = loss.backward()
    var changed = loss.backward()
    changed.set(Tensor([0, 0]), for: x)
    expectEqual(first[x].scalars, [4, 6])
    expectEqual(loss.backward()[x].scalars, [4, 6])
    expectEqual(changed[x].scalars, [0, 0])
  }

  /// Gradients are added up in place only where nobody else sees the memory.
  @Test func accumulationChangesNobodyElsesNumbers() {
    let x = Tensor<Double>([1, 2]).tracked()
    let weight = Tensor<Double>([10, 20])
    let loss = ((x * weight) + x + x * weight + x).sum()
    let gradients = loss.backward()
    expectEqual(gradients[x].scalars, [22, 42])
    expectEqual(weight.scalars, [10, 20])
    expectEqual(loss.backward()[x].scalars, [22, 42])
  }

  @Test func aGraphIsSharedBetweenThreads() {
    let x = Tensor<Double>(sample([4, 3]).scalars, shape: [4, 3]).tracked()
    let w = Tensor<Double>(sample([3, 2], seed: 2).scalars, shape: [3, 2]).tracked()
    let shared = tanh(x.matmul(w))
    let loss = (shared * shared).sum()
    let expected = loss.backward()
    let (dx, dw) = (expected[x], expected[w])
    DispatchQueue.concurrentPerform(iterations: 64) { index in
      let gradients = index % 2 == 0 ? loss.backward() : (shared * shared).sum().backward()
      expectLess(difference(gradients[x], dx), 1e-14)
      expectLess(difference(gradients[w], dw), 1e-14)
      let second = gradient(at: x) { x in gradient(at: x) { exp($0.matmul(w)).sum() }.sum() }
      expectEqual(second.shape, [4, 3])
    }
  }

  @Test func graphsAreFreedOnOtherThreadsThanTheyWereMadeOn() {
    let losses = (0..<8).map { index in
      var y = Tensor<Float>([Float(index), 1]).tracked()
      for _ in 0..<2_000 { y = y * 0.5 + 1 }
      return y.sum()
    }
    DispatchQueue.concurrentPerform(iterations: losses.count) { index in
      let loss = losses[index]
      expectEqual(loss.backward().count, 1)
    }
  }

  @Test func theTapeFreesWhatNobodyHolds() {
    weak var node: Node?
    do {
      let x = Tensor<Double>([1]).tracked()
      var y = exp(x)
      node = y.node
      #expect(node != nil)
      for _ in 0..<1_000 { y = sin(y) * x }
      _ = y.sum().backward()
    }
    #expect(node == nil)
  }

  /// What an operation stored is gone when the pullback of the operation before it runs, unless a variable holds the result.
  @Test(arguments: [false, true]) func theWalkBackFreesWhatItHasPassed(keepsResult: Bool) {
    let x = Tensor<Double>([1, 2]).tracked()
    weak var last: Node?
    var wasFreed: [Bool] = []
    func result(_ x: Tensor<Double>) -> Tensor<Double> {
      var y = withPullback(at: x) { x in
        (
          x * 2,
          { gradient in
            wasFreed.append(last == nil)
            return gradient * 2
          }
        )
      }
      y = exp(y)
      last = y.node
      return y.sum()
    }
    let expected = exp(x.detached * 2) * 2
    if keepsResult {
      let loss = result(x)
      for _ in 0..<2 { expectLess(difference(loss.backward()[x], expected), 1e-12) }
    } else {
      expectLess(difference(result(x).backward()[x], expected), 1e-12)
      expectLess(difference(gradient(at: x.detached, of: result), expected), 1e-12)
      let (value, gradients) = valueWithGradients { result(x) }
      #expect(difference(gradients[x], expected) < 1e-12 && difference(value, exp(x.detached * 2).sum()) < 1e-12)
      #expect(!value.isTracked && last == nil)
    }
    expectEqual(wasFreed, [Bool](repeating: !keepsResult, count: keepsResult ? 2 : 3))
  }

  /// Two results share a part of their graphs: walking back from one leaves the other whole.
  @Test func theWalkBackFreesNothingThatAnotherResultNeeds() {
    let x = Tensor<Double>([1, 2]).tracked()
    let shared = exp(x)
    let other = (shared * shared).sum()
    expectLess(difference((shared * 3).sum().backward()[x], exp(x) * 3), 1e-12)
    expectLess(difference(other.backward()[x], exp(x * 2) * 2), 1e-12)
  }

  /// A residual block keeps neither the branch that it adds, nor what comes out of a normalisation without ReLU.
  @Test func normalisationKeepsOnlyWhatItsGradientReads() {
    let x = Tensor<Double>(sample([6, 2]).scalars, shape: [6, 2]).tracked()
    let scale = Tensor<Double>.ones([2]).tracked()
    let offset = Tensor<Double>.zeros([2]).tracked()
    weak var branch: Storage<Double>?
    func block(_ adding: Bool) -> Tensor<Double> {
      let shortcut = x.batchNormalized(scale: scale, offset: offset).output
      branch = shortcut.array.storage
      return adding
        ? x.batchNormalized(scale: scale, offset: offset, adding: shortcut, isRectified: true).output
        : x.channelAffine(scale: scale, offset: offset, adding: shortcut)
    }
    for adding in [true, false] {
      let y = block(adding)
      #expect(branch == nil)
      expectEqual(y.sum().backward().count, 3)
    }
  }
}
