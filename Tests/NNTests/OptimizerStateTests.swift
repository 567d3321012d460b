import Foundation
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// Saved optimizer state continues training as if it had never stopped.
@Suite struct OptimizerStateTests {
  enum Kind: CaseIterable { case sgd, momentum, adam, adamW }

  @Test(arguments: Kind.allCases) func aRunContinuesBitForBit(_ kind: Kind) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = Run(kind, seed: 1)
    first.train(steps: 4)
    var file = Safetensors()
    first.model.save(into: &file, prefix: "model.")
    first.optimizer.save(into: &file)
    try file.write(to: path)
    first.train(steps: 3)

    let second = Run(kind, seed: 2)
    let read = try Safetensors(contentsOf: path)
    try second.model.load(read, prefix: "model.")
    try second.optimizer.load(read)
    expectEqual(second.optimizer.stepCount, 4)
    second.train(steps: 3)
    expectEqual(second.optimizer.stepCount, 7)
    expectEqual(second.values, first.values)
  }

  @Test func slotsAreNamedByGroupParameterAndSlot() {
    let run = Run(.adam, seed: 1)
    run.train(steps: 1)
    var file = Safetensors()
    run.optimizer.save(into: &file)
    #expect(file.contains("optimizer.0.0.weight.mean"))
    #expect(file.contains("optimizer.output.weight.variance"))
  }

  @Test func misfitsAreListedAndNothingChanges() throws {
    let run = Run(.adam, seed: 1)
    run.train(steps: 2)
    var file = Safetensors()
    run.optimizer.save(into: &file)
    file.set(Tensor<Float>(1), for: "optimizer.output.weight.stranger")
    file.set(Tensor<Float>.zeros([7]), for: "optimizer.output.weight.mean")
    let other = Run(.adam, seed: 1)
    let error = #expect(throws: StateError.self) { try other.optimizer.load(file) }
    expectEqual(error?.unexpected, ["optimizer.output.weight.stranger"])
    expectEqual(error?.misshapen, ["optimizer.output.weight.mean (expected [1, 4] float32, found [7] float32)"])
    other.train(steps: 2)
    expectEqual(other.optimizer.stepCount, 2)
    expectEqual(other.values, run.values)
  }

  @Test func aStepThatIsNoNumberThrows() {
    let run = Run(.adam, seed: 1)
    var file = Safetensors()
    #expect(throws: (any Error).self) { try run.optimizer.load(file) }
    file.set(Labels([1, 2]), for: "optimizer.step")
    #expect(throws: StateError.self) { try run.optimizer.load(file) }
  }

  /// A parameter that joins late starts its own count, as in PyTorch: its first Adam step is the learning rate long.
  @Test func adamCountsStepsPerParameter() throws {
    let parameters = ["early", "late"].map { NamedParameter(name: $0, parameter: Parameter<Double>(Tensor(0))) }
    let adam = Adam(parameters, learningRate: 0.5)
    for _ in 1...10 { adam.step { parameters[0].parameter.value * 3 } }
    var file = Safetensors()
    adam.step { parameters[1].parameter.value * 3 }
    expectLess(abs(parameters[1].parameter.value.item + 0.5), 1e-6)

    adam.save(into: &file)
    try adam.load(file)
    adam.step { parameters[1].parameter.value * 3 }
    expectLess(abs(parameters[1].parameter.value.item + 1), 1e-6)
  }

  @Test func namesThatWouldOverwriteEachOtherTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weights = (0..<2).map { _ in NamedParameter(name: "weight", parameter: Parameter<Float>(Tensor(0))) }
      _ = SGD(weights, learningRate: 0.1)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("two parameters are called '0.weight'"))
  }
}

/// A small model with its optimizer; the data are the same for every run.
private final class Run {
  let model: Sequential<Float>
  let optimizer: Optimizer<Float>

  init(_ kind: OptimizerStateTests.Kind, seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    model = Sequential(Linear(3, 4, using: &generator), BatchNorm(4), ReLU(), Linear(4, 1, using: &generator))
    let last = model.layers[3] as! Linear<Float>
    let body = model.parameters.filter { !$0.name.hasPrefix("3.") }
    let groups = [
      ParameterGroup(body, learningRate: 0.01),
      ParameterGroup(last.parameters, learningRate: 0.05, weightDecay: 0.1, name: "output"),
    ]
    switch kind {
    case .sgd: optimizer = SGD(groups)
    case .momentum: optimizer = SGD(groups, momentum: 0.9)
    case .adam: optimizer = Adam(groups)
    case .adamW: optimizer = AdamW(groups)
    }
  }

  var values: [[Float]] { model.state.map(\.parameter.value.scalars) }

  func train(steps: Int) {
    for _ in 0..<steps {
      var generator = RandomGenerator(seed: UInt64(optimizer.stepCount))
      let input = Tensor<Float>.normal([8, 3], using: &generator)
      let error = model(input) - input.sum(along: 1, keepsAxes: true)
      optimizer.step { (error * error).mean() }
    }
  }
}
