import Foundation
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// Saving and loading a module's parameters by name, strictly.
@Suite struct StateFileTests {
  @Test func everythingComesBackThroughAFile() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (model, other) = (makeModel(seed: 1), makeModel(seed: 2))
    _ = model(.ones([4, 2]))  // moves the running statistics
    try model.tensors().write(to: path)
    try other.load(Safetensors(contentsOf: path))
    for (a, b) in zip(model.state, other.state) { expectEqual(a.parameter.value.scalars, b.parameter.value.scalars) }
    let names = try Safetensors(contentsOf: path).names
    expectEqual(names, ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var"])
  }

  @Test func aPrefixKeepsModulesApart() throws {
    let (one, two) = (makeModel(seed: 1), makeModel(seed: 2))
    var file = Safetensors()
    one.save(into: &file, prefix: "one.")
    two.save(into: &file, prefix: "two.")
    let loaded = makeModel(seed: 3)
    try loaded.load(file, prefix: "two.")
    expectEqual(loaded.parameter("0.weight").value.scalars, two.parameter("0.weight").value.scalars)
  }

  @Test func everyMisfitIsListedAndNothingChanges() throws {
    let model = makeModel(seed: 1)
    let before = model.state.map(\.parameter.value.scalars)
    var file = Safetensors()
    for named in makeModel(seed: 2).state where !["0.bias", "1.running_var"].contains(named.name) {
      file.set(named.parameter.value, for: named.name)
    }
    file.set(Tensor<Float>.zeros([2, 3]), for: "0.weight")
    file.set(Tensor<Double>.zeros([3]), for: "1.bias")
    file.set(Tensor<Float>(1), for: "fc.weight")
    file.set(Tensor<Float>(1), for: "fc.bias")

    let error = #expect(throws: StateError.self) { try model.load(file) }
    expectEqual(error?.missing, ["0.bias", "1.running_var"])
    expectEqual(error?.unexpected, ["fc.weight", "fc.bias"])
    expectEqual(error?.misshapen.count, 2)
    expectEqual(
      error?.description,
      "tensors in memory does not fit: missing 0.bias, 1.running_var; "
        + "unexpected fc.weight, fc.bias; misshapen 0.weight (expected [3, 2] float32, found [2, 3] float32), "
        + "1.bias (expected [3] float32, found [3] float64)")
    let after = model.state.map(\.parameter.value.scalars)
    expectEqual(after, before)
  }

  @Test func whatTheScalarsHoldIsConverted() throws {
    var generator = RandomGenerator(seed: 1)
    let model = Linear<Double>(2, 1, using: &generator)
    var file = Safetensors()
    file.set(Tensor<Float>([[0.1, -2]]), for: "weight")
    try file.set(Tensor<Float>([0.5]), for: "bias", convertingTo: .bfloat16)
    try model.load(file)
    expectEqual(model.parameter("weight").value.scalars, [Double(Float(0.1)), -2])
    expectEqual(model.parameter("bias").value.scalars, [0.5])
    let single = Linear<Float>(2, 1, using: &generator)
    try file.set(Tensor<Float>([[0.25, -2]]), for: "weight", convertingTo: .float16)
    try single.load(file)
    expectEqual(single.parameter("weight").value.scalars, [0.25, -2])
    file.set(Labels([1]), for: "bias")
    let error = #expect(throws: StateError.self) { try single.load(file) }
    expectEqual(error?.misshapen, ["bias (expected [1] float32, found [1] int64)"])
  }

  @Test func ofManyNamesTheFirstAreShown() {
    var file = Safetensors()
    for number in 1...10 { file.set(Tensor<Float>(1), for: "b\(number)") }
    let error = #expect(throws: StateError.self) { try makeModel(seed: 1).load(file) }
    expectEqual(error?.missing.count, 6)
    expectEqual(error?.unexpected.count, 10)
    expectEqual(
      error?.description.hasSuffix("1.running_var; unexpected b1, b2, b3, b4, b5, b6, b7, b8 and 2 more"), true)
  }

  @Test(arguments: ["missing", "unexpected", "misshapen"]) func eachMisfitAloneThrows(_ kind: String) {
    let model = makeModel(seed: 1)
    var file = Safetensors()
    for named in model.state where kind != "missing" || named.name != "1.running_mean" {
      file.set(named.parameter.value, for: named.name)
    }
    if kind == "unexpected" { file.set(Tensor<Float>(1), for: "x") }
    if kind == "misshapen" { file.set(Tensor<Float>.zeros([4]), for: "1.running_mean") }
    let error = #expect(throws: StateError.self) { try model.load(file) }
    expectEqual(error?.missing, (kind == "missing" ? ["1.running_mean"] : []))
    expectEqual(error?.unexpected, (kind == "unexpected" ? ["x"] : []))
    expectEqual(error?.misshapen.isEmpty, (kind != "misshapen"))
  }

  /// In weights, statistics and what belongs to them: a network with one of these makes nothing but NaN.
  @Test(arguments: [Float.nan, .infinity, -.infinity]) func numbersThatAreNoneAreNamed(_ number: Float) throws {
    let model = makeModel(seed: 1)
    let before = model.state.map(\.parameter.value.scalars)
    var file = makeModel(seed: 2).tensors()
    file.set(Tensor<Float>([0, number, 1]), for: "1.running_mean")
    let error = #expect(throws: StateError.self) { try model.load(file) }
    expectEqual(error?.notFinite, ["1.running_mean"])
    expectEqual(error?.description, "tensors in memory does not fit: NaN or infinity in 1.running_mean")
    expectEqual(model.state.map(\.parameter.value.scalars), before)

    let average = ExponentialMovingAverage(of: model, decay: 0.5)
    var averages = Safetensors()
    average.save(into: &averages)
    averages.set(Tensor<Float>([number, 0, 1]), for: "ema.1.bias")
    #expect(throws: StateError.self) { try average.load(averages) }
    averages.set(Labels([-1]), for: "ema.updates")
    #expect(throws: TensorFileError.self) { try average.load(averages) }

    let optimizer = AdamW([ParameterGroup(model.parameters, name: "all")], learningRate: 0.1)
    optimizer.step { model(.ones([4, 2])).sum() }
    var slots = Safetensors()
    optimizer.save(into: &slots)
    for count in [-1, .max, .min] {
      slots.set(Labels([count]), for: "optimizer.step")
      let error = #expect(throws: TensorFileError.self) { try optimizer.load(slots) }
      expectEqual(error?.description.contains("'optimizer.step' holds \(count), which is no number of steps"), true)
    }
  }

  @Test func theErrorNamesTheFile() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Safetensors().write(to: path)
    let error = #expect(throws: StateError.self) { try makeModel(seed: 1).load(Safetensors(contentsOf: path)) }
    expectEqual(error?.source, path)
    #expect("\(try #require(error))".hasPrefix("\(path) does not fit: missing 0.weight, 0.bias"))
  }

  @Test func loadingKeepsWhatTheOptimizerHolds() throws {
    let model = makeModel(seed: 1)
    let optimizer = SGD(model.parameters, learningRate: 0.1)
    try model.load(makeModel(seed: 2).tensors())
    let before = model.parameter("0.weight").value.scalars
    optimizer.step { model(.ones([4, 2])).sum() }
    let after = model.parameter("1.bias").value.scalars
    expectEqual(after, [-0.4, -0.4, -0.4])
    expectEqual(model.parameter("0.weight").value.shape, [3, 2])
    expectEqual(before.count, 6)
  }

  private func makeModel(seed: UInt64) -> Sequential<Float> {
    var generator = RandomGenerator(seed: seed)
    return Sequential(Linear(2, 3, using: &generator), BatchNorm(3))
  }
}
