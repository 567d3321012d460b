import NN
import Tensor
import Testing
import _TestSupport

/// Dropout: repeatable, with the right mean, and absent in evaluation.
@Suite struct DropoutTests {
  @Test func theSameSeedDropsTheSame() {
    func output(_ seed: UInt64) -> [Float] {
      var generator = RandomGenerator(seed: seed)
      let layer = Dropout<Float>(0.5, using: &generator)
      return layer(.ones([32])).scalars + layer(.ones([32])).scalars
    }
    expectEqual(output(1), output(1))
    #expect(output(1) != output(2))
    #expect(Array(output(1)[..<32]) != Array(output(1)[32...]))  // every call draws anew
  }

  @Test(arguments: [0.1, 0.5, 0.9]) func theMeanStays(_ probability: Double) {
    var generator = RandomGenerator(seed: 3)
    let output = Dropout<Double>(probability, using: &generator)(.ones([20_000]))
    let deviation = (probability / (1 - probability) / 20_000).squareRoot()
    expectLess(abs(output.mean().item - 1), 4 * deviation)
    expectEqual(Set(output.scalars), [0, 1 / (1 - probability)])
  }

  @Test func gradientsFlowOnlyThroughWhatIsKept() {
    var generator = RandomGenerator(seed: 4)
    let layer = Dropout<Double>(0.5, using: &generator)
    let x = Tensor<Double>.ones([64]).tracked()
    let output = layer(x)
    expectEqual(output.sum().backward()[x].scalars, output.scalars)
  }

  @Test func evaluationPassesEverything() {
    var generator = RandomGenerator(seed: 5)
    let layer = Dropout<Float>(0.9, using: &generator)
    layer.evaluate()
    expectEqual(layer(.ones([100])).scalars, Array(repeating: 1, count: 100))
    layer.train()
    #expect(layer(.ones([100])).scalars.contains(0))
  }

  @Test func probabilitiesAreInTheUnitInterval() async {
    var generator = RandomGenerator(seed: 1)
    expectEqual(Dropout<Float>(1, using: &generator)(.ones([3])).scalars, [0, 0, 0])
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = Dropout<Float>(1.5, using: &generator)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("1.5 is not in 0...1"))
  }
}
