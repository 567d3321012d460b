import NN
import Tensor
import Testing
import _TestSupport

/// Layers with a state of their own inside a block that is run twice.
@Suite struct CheckpointTests {
  private func model() -> (Sequential<Double>, BatchNorm<Double>) {
    var generator = RandomGenerator(seed: 4)
    let norm = BatchNorm<Double>(4)
    return (
      Sequential(
        Linear<Double>(3, 4, using: &generator), norm, ReLU(), Dropout(0.5, using: &generator),
        Linear<Double>(4, 2, using: &generator)), norm
    )
  }

  @Test func dropoutAndBatchNormGiveTheSameNumbers() {
    let (plain, plainNorm) = model()
    let (saved, savedNorm) = model()
    for step in 0..<3 {
      let x = signedSample([6, 3], seed: UInt64(step))
      let expected = plain(x)
      let actual = checkpointed { saved(x) }
      expectEqual(difference(actual, expected), 0)
      let gradients = (expected * expected).sum().backward()
      let others = (actual * actual).sum().backward()
      for (a, b) in zip(plain.parameters, saved.parameters) {
        expectEqual(a.name, b.name)
        guard let gradient = a.parameter.gradient(in: gradients) else { continue }
        expectEqual(b.parameter.gradient(in: others).map { difference($0, gradient) }, 0, "\(a.name)")
      }
      expectEqual(difference(savedNorm.runningMean.value, plainNorm.runningMean.value), 0)
      expectEqual(difference(savedNorm.runningVar.value, plainNorm.runningVar.value), 0)
    }
  }
}
