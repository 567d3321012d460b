import HPL
import Tensor
import Testing

@testable import CubHPL

@Suite struct MethodTests {
  @Test func everyProxyLossHasItsLevels() {
    let list = MethodList.standard
    for method in list.all where !method.usesMiner && !method.isHierarchical {
      let levels = list[method.hierarchical!.name]
      #expect(levels?.isHierarchical == true && levels?.flatName == method.name)
    }
    #expect(list["hpl-nca"]?.flatName == "proxy-nca" && list["hpl-pa"]?.title == "HPL-PA")
    #expect(list["hpl-cosface"]?.title == "HPL-CosFace" && list["triplet"]?.hierarchical == nil)
    #expect(list.all.count == 17)
  }

  @Test func ownLossesAreComparedFlatAndAsLevels() throws {
    let list = MethodList(adding: [
      .proxies("own", title: "Own") { _ in CosFace() }, .pairs("near", title: "Near") { TripletLoss(miner: $0) },
    ])
    #expect(list.compared == MethodList.standard.compared + ["own", "hpl-own", "near"])
    #expect(try list.names(in: "hpl-own,near") == ["hpl-own", "near"])
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

  @Test(arguments: MinerKind.allCases) func everyMinerServesEveryPairLoss(_ miner: MinerKind) throws {
    let settings = try Harness.settings("--method", "triplet", "--miner", miner.rawValue, "--dimensions", "8")
    var generator = RandomGenerator(seed: 1)
    let embeddings = Tensor<Float>.normal([12, 8], using: &generator)
    let labels = Labels((0..<12).map { $0 % 3 })
    for name in ["contrastive", "triplet", "multi-similarity"] {
      let objective = try MethodList.standard[name]!.objective(settings, classes: 3, taxonomy: nil, using: &generator)
      let values = [0, 0, 1].map { objective.value(seed: 5, epoch: $0)(embeddings, labels).total.item }
      #expect(values[0].isFinite && values[0] == values[1], "the same epoch, the same choice")
      if miner == .distanceWeighted { #expect(values[2] != values[0], "\(name)") }
    }
  }
}
