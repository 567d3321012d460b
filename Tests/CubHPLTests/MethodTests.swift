import ClassTree
import HPL
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

@testable import CubHPL

@Suite struct MethodTests {
  @Test func everyProxyLossHasItsLevels() {
    let list = MethodList.standard
    for method in list.all where !method.comparesSamples && !method.isHierarchical {
      let levels = list[method.hierarchical!.name]
      expectEqual(levels?.isHierarchical, true)
      expectEqual(levels?.flatName, method.name)
    }
    expectEqual(list["hpl-nca"]?.flatName, "proxy-nca")
    expectEqual(list["hpl-pa"]?.title, "HPL-PA")
    expectEqual(list["hpl-cosface"]?.title, "HPL-CosFace")
    #expect(list["triplet"]?.hierarchical == nil)
    expectEqual(list.all.count, 33)
    #expect(list.compared.count == 12 && !list.compared.contains("csl"), "the paper's comparison stays what it is")
  }

  @Test func ownLossesAreComparedFlatAndAsLevels() throws {
    let list = MethodList(adding: [
      .proxies("own", title: "Own") { _ in CosFace() }, .pairs("near", title: "Near") { TripletLoss(miner: $0) },
    ])
    expectEqual(list.compared, MethodList.standard.compared + ["own", "hpl-own", "near"])
    try expectEqual(list.names(in: "hpl-own,near"), ["hpl-own", "near"])
    #expect(throws: InvalidValue.self) { try MethodList.standard.names(in: "own") }
  }

  @Test func wrongNamesTrap() async {
    await #expect(processExitsWith: .failure) { _ = Method.proxies("Own loss", title: "Own") { _ in CosFace() } }
    await #expect(processExitsWith: .failure) {
      _ = MethodList(adding: [.proxies("cosface", title: "Mine") { _ in CosFace() }])
    }
  }

  /// Also where a level has one proxy, against which there is nothing to compare.
  @Test(arguments: MethodList.standard.all.map(\.name), ["1.0,clusters:2:0.1", "1.0,clusters:1:0.1"])
  func lossAndGradientAreFinite(_ name: String, _ levels: String) throws {
    let settings = try Harness.settings("--dimensions", "8", "--levels", levels)
    var generator = RandomGenerator(seed: 1)
    let objective = try MethodList.standard[name]!.objective(settings, classes: 4, taxonomy: nil, using: &generator)
    let embeddings = Tensor<Float>.normal([8, 8], using: &generator).tracked()
    let value = objective.value(seed: 0, epoch: 0)(embeddings, Labels((0..<8).map { $0 % 4 }))
    #expect(value.total.item.isFinite && value.levels.count == objective.proxies?.levels.count ?? 1)
    #expect(value.total.backward()[embeddings].scalars.allSatisfy { $0.isFinite })
  }

  /// What a loss on samples learns and remembers is saved, and a loss that is read goes on with it and draws the same.
  @Test(arguments: MethodList.standard.all.filter(\.comparesSamples).map(\.name))
  func lossesOnSamplesGoOn(_ name: String) throws {
    let settings = try Harness.settings("--method", name, "--dimensions", "8")
    let taxonomy = try ClassHierarchy(
      classes: ["a", "b", "c", "d"], levels: [.init(name: "", groups: ["x", "y"], parents: [0, 0, 1, 1])])
    let (labels, method) = (Labels((0..<12).map { $0 % 4 }), MethodList.standard[name]!)
    func make() throws -> Objective {
      var generator = RandomGenerator(seed: 1)
      return try method.objective(settings, classes: 4, taxonomy: taxonomy, using: &generator)
    }
    var generator = RandomGenerator(seed: 2)
    let batches = (0..<3).map { _ in Tensor<Float>.normal([12, 8], using: &generator) }
    let (first, second) = (try make(), try make())
    for (epoch, batch) in batches.prefix(2).enumerated() {
      _ = first.value(seed: 7, epoch: epoch)(batch, labels)
      for parameter in first.parameters { parameter.parameter.update(parameter.parameter.value.detached * 1.1) }
    }
    var file = Safetensors()
    first.module.save(into: &file, prefix: "loss.")
    try second.module.load(file, prefix: "loss.")
    let values = [first, second].map { $0.value(seed: 7, epoch: 2)(batches[2].tracked(), labels).total }
    #expect(values[0].item == values[1].item && values[0].item > 0)
    let gradients = values[0].backward()
    #expect(first.parameters.allSatisfy { $0.parameter.gradient(in: gradients) != nil })
    expectEqual(first.learnsAsProxies, ["happier", "hier"].contains(name))
  }

  /// Also CSL is given the data's groups: with them its loss is another.
  @Test func groupsReachALoss() throws {
    let settings = try Harness.settings("--method", "csl", "--dimensions", "8")
    let taxonomy = try ClassHierarchy(
      classes: ["a", "b", "c", "d"], levels: [.init(name: "", groups: ["x", "y"], parents: [0, 0, 1, 1])])
    let values = try [nil, taxonomy].map { taxonomy in
      var generator = RandomGenerator(seed: 1)
      let objective = try MethodList.standard["csl"]!.objective(
        settings, classes: 4, taxonomy: taxonomy, using: &generator)
      return objective.value(seed: 0, epoch: 0)(.normal([4, 8], using: &generator), Labels([0, 1, 2, 3])).total.item
    }
    #expect(values[1] > values[0])
  }

  @Test(arguments: MinerKind.allCases) func everyMinerServesEveryPairLoss(_ miner: MinerKind) throws {
    let settings = try Harness.settings("--method", "triplet", "--miner", miner.rawValue, "--dimensions", "8")
    var generator = RandomGenerator(seed: 1)
    let embeddings = Tensor<Float>.normal([12, 8], using: &generator)
    let labels = Labels((0..<12).map { $0 % 3 })
    for name in MethodList.standard.all.filter(\.usesMiner).map(\.name) {
      let objective = try MethodList.standard[name]!.objective(settings, classes: 3, taxonomy: nil, using: &generator)
      let values = [0, 0, 1].map { objective.value(seed: 5, epoch: $0)(embeddings, labels).total.item }
      #expect(values[0].isFinite && values[0] == values[1], "the same epoch, the same choice")
      if miner == .distanceWeighted, name != "sup-con" { #expect(values[2] != values[0], "\(name)") }
    }
  }
}
