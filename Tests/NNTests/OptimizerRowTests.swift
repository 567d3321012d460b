import Collectives
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// Rules on some rows of a parameter, in files, and where ranks have rows of their own.
@Suite struct OptimizerRowTests {
  private typealias Make = @Sendable ([NamedParameter<Double>]) -> Optimizer<Double>

  private static let elementwise: [(String, Make)] = [
    ("SGD", { SGD($0, learningRate: 0.1, momentum: 0.9, isNesterov: true, weightDecay: 0.1) }),
    ("Adam", { Adam($0, learningRate: 0.1, weightDecay: 0.1) }),
    ("AdamW", { AdamW($0, learningRate: 0.1) }),
    ("RMSprop", { RMSprop($0, learningRate: 0.1, momentum: 0.9, isCentered: true, weightDecay: 0.1) }),
    ("Adagrad", { Adagrad($0, learningRate: 0.1, learningRateDecay: 0.1, initialSum: 0.5) }),
    ("Adadelta", { Adadelta($0, learningRate: 0.5, weightDecay: 0.1) }),
    ("Adamax", { Adamax($0, learningRate: 0.1) }),
    ("NAdam", { NAdam($0, learningRate: 0.1, weightDecay: 0.1) }),
    ("RAdam", { RAdam($0, learningRate: 0.1, beta2: 0.9) }),
    ("Lion", { Lion($0, learningRate: 0.1, weightDecay: 0.1) }),
  ]

  private static let whole: [(String, Make)] = [
    ("LAMB", { LAMB($0, learningRate: 0.1) }), ("LARS", { LARS($0, learningRate: 10) }),
    ("Muon", { Muon($0, learningRate: 0.1) }),
  ]

  private func train(_ make: Make, steps: Range<Int>, activates: Bool, from file: Safetensors? = nil) throws -> (
    Tensor<Double>, Safetensors
  ) {
    let parameter = Parameter<Double>(signedSample([6, 3]))
    let named = [NamedParameter(name: "weight", parameter: parameter)]
    let optimizer = make(named)
    if let file {
      parameter.update(try file.tensor("weight"))
      try optimizer.load(file)
    }
    for step in steps {
      if activates { parameter.activate(rows: .range(6)) }
      optimizer.step { (squared(parameter.activeValue) * signedSample([6, 3], seed: UInt64(step))).sum() }
    }
    var saved = Safetensors()
    saved.set(parameter.value.detached, for: "weight")
    optimizer.save(into: &saved)
    return (parameter.value.detached, saved)
  }

  @Test(arguments: (elementwise + whole).map(\.0)) func rowsThatAllTakePartAreTheParameter(_ name: String) throws {
    let make = (Self.elementwise + Self.whole).first { $0.0 == name }!.1
    let (value, _) = try train(make, steps: 0..<4, activates: false)
    try expectEqual(train(make, steps: 0..<4, activates: true).0.scalars, value.scalars)
    #expect(difference(value, signedSample([6, 3])) > 0.001)
  }

  @Test(arguments: (elementwise + whole).map(\.0)) func aSavedRunGoesOnBitForBit(_ name: String) throws {
    let make = (Self.elementwise + Self.whole).first { $0.0 == name }!.1
    let (value, _) = try train(make, steps: 0..<5, activates: false)
    let (_, file) = try train(make, steps: 0..<2, activates: false)
    try expectEqual(train(make, steps: 2..<5, activates: false, from: file).0.scalars, value.scalars)
  }

  /// Half of the rows are changed as if they were a parameter of their own, and the others not at all.
  @Test(arguments: elementwise.map(\.0)) func rowsThatTakeNoPartStay(_ name: String) {
    let make = Self.elementwise.first { $0.0 == name }!.1
    func run(_ parameter: Parameter<Double>, rows: Tensor<Int>?) {
      let optimizer = make([NamedParameter(name: "weight", parameter: parameter)])
      for _ in 0..<3 {
        parameter.activate(rows: rows)
        optimizer.step { (parameter.activeValue * parameter.activeValue).sum() }
      }
    }
    let start: Tensor<Double> = signedSample([6, 3])
    let (all, half) = (Parameter<Double>(start), Parameter<Double>(start.take(Tensor<Int>([1, 2, 5]))))
    run(all, rows: Tensor([1, 2, 5]))
    run(half, rows: nil)
    expectEqual(all.value.take(Tensor<Int>([1, 2, 5])).scalars, half.value.scalars)
    expectEqual(all.value.take(Tensor<Int>([0, 3, 4])).scalars, start.take(Tensor<Int>([0, 3, 4])).scalars)
  }

  @Test func aRuleThatSeesTheWholeRefusesShards() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let shard = ParameterShard(.alone, rows: 0..<2, of: 2)
      let parameter = Parameter<Float>(.zeros([2, 3]), shard: shard)
      _ = LAMB([NamedParameter(name: "proxies", parameter: parameter)])
    }
    let message = text(result?.standardErrorContent)
    #expect(
      message.contains("Optimizer: the rule looks at a parameter as a whole, and of 'proxies' each rank has rows"))
  }

  @Test func muonRefusesWhatIsNoMatrix() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Muon(Linear<Float>(3, 2, using: &generator).parameters)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("Muon: parameter 'bias' of shape [2] is no matrix; give it to AdamW"))
  }
}
