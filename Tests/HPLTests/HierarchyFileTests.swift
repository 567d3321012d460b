import HPL
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// Proxies and groups come back from a file as they were, or not at all.
@Suite struct HierarchyFileTests {
  private func loss(seed: UInt64, clusters: Int = 3) -> HierarchicalProxyLoss<Float> {
    var generator = RandomGenerator(seed: seed)
    return HierarchicalProxyLoss(
      dimensions: 4,
      levels: [
        .classes(6, loss: ProxyAnchor()), .clusters(clusters, weight: 0.1, loss: ProxyAnchor()),
        .clusters(2, weight: 0.1, loss: ProxyAnchor(), proxies: .centroid),
      ], using: &generator)
  }

  @Test func aRoundTripKeepsProxiesAndGroups() throws {
    let (saved, other) = (loss(seed: 1), loss(seed: 2))
    let file = saved.tensors(prefix: "loss.")
    expectEqual(
      file.names,
      [
        "loss.levels.0.proxies", "loss.levels.1.proxies", "loss.levels.1.parents", "loss.levels.2.parents",
      ])
    try other.load(file, prefix: "loss.")
    expectEqual(other.levels.map(\.parents), saved.levels.map(\.parents))
    for level in 0..<3 { expectEqual(other.proxies(on: level).scalars, saved.proxies(on: level).scalars) }
  }

  @Test func loadedProxiesCountAsTrained() throws {
    let (saved, other) = (loss(seed: 1), loss(seed: 2))
    var generator = RandomGenerator(seed: 3)
    saved.levels[0].proxies!.update(
      [[1, 0, 0, 0], [1, 0.1, 0, 0], [0, 1, 0, 0], [0, 1, 0.1, 0], [0, 0, 0, 1], [0, 0, 0.1, 1]])
    saved.recluster(using: &generator)
    saved.levels[1].proxies!.update(.normal([3, 4], using: &generator))
    try other.load(saved.tensors())
    let before = other.levels[1].proxies!.value.scalars
    expectEqual(other.recluster(using: &generator), 0)
    expectEqual(other.levels[1].proxies!.value.scalars, before)
  }

  @Test func whatDoesNotFitIsNamedAndChangesNothing() throws {
    let target = loss(seed: 1)
    let before = target.tensors()
    var withoutGroups = Safetensors()
    for named in target.state { withoutGroups.set(named.parameter.value, for: named.name) }
    var wrongGroups = target.tensors()
    wrongGroups.set(Labels([0, 1, 2, 3, 0, 1]), for: "levels.1.parents")
    for (file, message) in [
      (withoutGroups, "levels.1.parents"), (wrongGroups, "does not put 6 proxies into 3 groups"),
      (loss(seed: 1, clusters: 4).tensors(), "levels.1"),
    ] {
      do {
        try target.load(file)
        Issue.record("\(message): no error")
      } catch {
        #expect("\(error)".contains(message), "\(error)")
      }
      for name in before.names where name.hasSuffix("proxies") {
        let (old, new): (Tensor<Float>, Tensor<Float>) = (
          try before.tensor(name), try target.tensors().tensor(name)
        )
        expectEqual(old.scalars, new.scalars)
      }
    }
  }
}
