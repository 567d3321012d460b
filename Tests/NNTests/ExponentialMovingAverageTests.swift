import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

@Suite struct ExponentialMovingAverageTests {
  private final class Pair: Module {
    typealias Scalar = Double
    let weight = Parameter<Double>([1, 2])
    let mean = Parameter<Double>([10], role: .statistic)
    let count = Parameter<Double>([0], role: .memory)
  }

  /// By hand: d = min(decay, (1 + n)/(10 + n)), which is 1/10, then 2/11, then the decay 0.2.
  @Test func theAverageFollowsItsFormula() {
    let module = Pair()
    let average = ExponentialMovingAverage(of: module, decay: 0.2)
    var expected = (1.0, 10.0)
    for (kept, value) in [(0.1, 5.0), (2.0 / 11, -3), (0.2, 7), (0.2, 1)] {
      module.weight.update(Tensor([value, 0]))
      module.mean.update(Tensor([2 * value]))
      module.count.update(module.count.value + 1)
      average.update()
      expected = (kept * expected.0 + (1 - kept) * value, kept * expected.1 + (1 - kept) * 2 * value)
    }
    average.applied {
      expectLess(abs(module.weight.value[0].item - expected.0), 1e-12)
      expectLess(abs(module.mean.value[0].item - expected.1), 1e-12)
      expectEqual(module.count.value.item, 4)
    }
    expectEqual(module.weight.value.scalars, [1, 0])
    expectEqual(module.mean.value.scalars, [2])
    average.apply()
    expectLess(abs(module.weight.value[0].item - expected.0), 1e-12)
  }

  @Test func ownValuesComeBackAfterAnError() {
    struct Stop: Error {}
    let module = Pair()
    let average = ExponentialMovingAverage(of: module, decay: 0.9)
    module.weight.update([3, 4])
    #expect(throws: Stop.self) { try average.applied { throw Stop() } }
    expectEqual(module.weight.value.scalars, [3, 4])
  }

  @Test func aSavedAverageGoesOnBitForBit() throws {
    let (first, second) = (Pair(), Pair())
    let average = ExponentialMovingAverage(of: first, decay: 0.7)
    func train(_ module: Pair, _ average: ExponentialMovingAverage<Double>, _ steps: Range<Int>) {
      for step in steps {
        module.weight.update(Tensor([1 / Double(step + 3), Double(step)]))
        average.update()
      }
    }
    train(first, average, 0..<3)
    var file = Safetensors()
    average.save(into: &file)
    let copy = ExponentialMovingAverage(of: second, decay: 0.7)
    try copy.load(file)
    expectEqual(copy.updates, 3)
    train(first, average, 3..<6)
    train(second, copy, 3..<6)
    average.apply()
    copy.apply()
    expectEqual(first.weight.value.scalars, second.weight.value.scalars)

    file.set(Tensor<Double>.zeros([3]), for: "ema.weight")
    #expect(throws: StateError.self) { try copy.load(file) }
    expectEqual(copy.updates, 6)
  }
}
