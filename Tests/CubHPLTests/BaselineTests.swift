import Foundation
import Retrieval
import Tensor
import TensorFiles
import Testing
import _TestSupport

@testable import CubHPL

@Suite struct ChanceTests {
  /// All orders of a few items.
  private static func orders(_ count: Int) -> [[Int]] {
    if count == 0 { return [[]] }
    return orders(count - 1).flatMap { order in (0..<count).map { order.inserting(count - 1, at: $0) } }
  }

  /// Embeddings on a half circle whose first is the query and whose others follow in some order.
  private static func ranked(_ order: [Int]) -> Tensor<Float> {
    var angles = [Float](repeating: 0, count: order.count)
    for (rank, item) in order.enumerated() { angles[item] = Float(rank + 1) * 0.4 }
    return Tensor(angles.flatMap { [cos($0), sin($0)] }, shape: [order.count, 2])
  }

  /// For each query the mean over all orders of the gallery, measured by what measures models.
  @Test(arguments: [[0, 0, 1, 1, 2, 3], [0, 1, 1, 1, 2, 2], [1, 0, 0, 0, 0, 3]])
  func itIsTheMeanOverAllOrders(gallery: [Int]) throws {
    let groups = [[0, 0, 1, 1]]
    let labels = [0, 1, 1, 2]
    let chance = Metrics.chance(labels, gallery: gallery, groups: groups, recallAt: [1, 2, 4])
    let query: Tensor<Float> = [[1, 0]]
    let orders = Self.orders(gallery.count)
    var (flat, graded) = ([0.0, 0, 0, 0, 0], [0.0, 0, 0, 0])
    // What a query without its class gives to the measures by the taxonomy is in what follows alone.
    let found = labels.filter(gallery.contains)
    let queries = Tensor<Float>.concatenated(found.map { _ in query }, along: 0)
    for order in orders {
      let search = try Search(
        queries: queries, labels: Labels(found), gallery: Self.ranked(order), galleryLabels: Labels(gallery))
      let metrics = try RetrievalMetrics(search, recallAt: [1, 2, 4])
      let values = [metrics.recall[1]!, metrics.recall[2]!, metrics.recall[4]!, metrics.rPrecision, metrics.mapAtR]
      for index in flat.indices { flat[index] += values[index] }
      guard found == labels else { continue }
      let measures = try HierarchicalRetrievalMetrics(search, groups: groups)
      let levels = [
        measures.mapAtR[1], measures.hierarchicalAP, measures.ndcg, measures.firstErrorsWithinParent!,
      ]
      for index in graded.indices { graded[index] += levels[index] }
    }
    let expected = flat.map { $0 / Double(orders.count) }
    let all = [chance.recall[1]!, chance.recall[2]!, chance.recall[4]!, chance.rPrecision, chance.mapAtR]
    for (a, b) in zip(all, expected) { expectLess(abs(a - b), 1e-12, "\(all), expected \(expected)") }
    guard found == labels else { return }
    let measured = try #require(chance.hierarchical)
    let own = [measured.mapAtR[0], measured.hierarchicalAP, measured.ndcg, measured.firstErrorsWithinParent!]
    for (a, b) in zip(own, graded.map { $0 / Double(orders.count) }) {
      expectLess(abs(a - b), 1e-12, "\(own), \(graded)")
    }
    expectEqual(chance.nmi, nil)
    expectEqual(measured.averageSetIntersection, nil)
    expectEqual(measured.groups, [2])
  }

  /// Samples among themselves: each is one query and one item less; those alone in their class do not count.
  @Test func aQueryDoesNotFindItself() {
    let chance = Metrics.chance([0, 0, 0, 1, 2, 2], gallery: nil, groups: [], recallAt: [2])
    expectLess(abs(chance.rPrecision - (3 * 2.0 / 5 + 2 * 1.0 / 5) / 5), 1e-12)
    expectLess(abs(chance.recall[2]! - (3 * (1 - 3.0 / 5 * 2 / 4) + 2 * (1 - 4.0 / 5 * 3 / 4)) / 5), 1e-12)
    expectLess(abs(chance.mapAtR - (3 * (1.5 + 0.5 / 4) / 5 + 2 * 1.0 / 5) / 5), 1e-12)
    expectEqual(chance.precisionAt1, chance.recallAt1)
    expectEqual(chance.hierarchical, nil)
  }

  @Test func theEmbeddedBirdsHaveAChance() throws {
    let data = try TrainingData(DataRequest(Harness.settings())) { _ in }
    let chance = Metrics.chance(data.test.labels, gallery: nil, groups: data.testGroups, recallAt: data.recallLevels)
    expectLess(abs(chance.recallAt1 - 29.0 / 719), 1e-12)
    #expect((0.001..<0.01).contains(chance.mapAtR) && chance.hierarchical!.hierarchicalAP < 0.2)
  }
}

extension [Int] {
  fileprivate func inserting(_ item: Int, at index: Int) -> [Int] {
    var copy = self
    copy.insert(item, at: index)
    return copy
  }
}

/// The rows that every experiment gets, from the command line to the files.
@Suite(.serialized) struct BaselineTests {
  private let folder = NSTemporaryDirectory() + UUID().uuidString

  private func run(_ arguments: [String], output: String = "out") throws -> Results {
    let small = ["--data", ExperimentTests.smallCUB, "--image-size", "32", "--dimensions", "8"]
    return try Harness.results(arguments + small, in: "\(folder)/\(output)")
  }

  @Test func everySeedHasItsUntrainedNetwork() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try run(["--method", "proxy-nca,hpl-nca", "--epochs", "1", "--seeds", "2"])
    expectEqual(first.baselines.map(\.seed), [nil, 0, 1])
    expectLess(abs(first.baselines[0].metrics.recallAt1 - 3.0 / 23), 1e-12)
    #expect(first.baselines[1].metrics != first.baselines[2].metrics)
    // What trains next to nothing is the untrained network, but for the running statistics.
    let (batchNorm, weights) = ("--freeze-batch-norm", "\(folder)/start.safetensors")
    var generator = RandomGenerator(seed: 0)
    let network = BackboneKind.small.makeNetwork(embedding: 8, using: &generator)
    var file = Safetensors()
    network.save(into: &file)
    try file.write(to: weights)
    let still = try run(
      ["--method", "proxy-nca", "--epochs", "1", "--lr", "1e-30", batchNorm, "--weights", weights], output: "still")
    expectEqual(still.baselines.map(\.title), ["Chance", "Untrained network", "Weights as given"])
    expectEqual(still.runs[0].metrics, still.baselines[2].metrics)
    expectEqual(still.baselines[2].metrics, still.baselines[1].metrics, "seed 0 draws these weights")
    expectEqual(still.baselines[1].metrics, first.baselines[1].metrics)
  }

  @Test func itIsMeasuredOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let arguments = ["--method", "triplet", "--epochs", "1"]
    let first = try run(arguments)
    let file = "\(folder)/out/runs/untrained-seed-0/result.json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let marked = try Regex("\"map_at_r\" : [0-9.e-]+")
    try signed(text.replacing(marked, with: "\"map_at_r\" : 0.125")).write(to: URL(fileURLWithPath: file))
    try expectEqual(run(arguments).baselines[1].metrics.mapAtR, 0.125, "what is kept is taken")
    try "no more than this".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(failure { try run(arguments) }.contains("delete the file to have the run measured again"))
    try FileManager.default.removeItem(atPath: file)
    try expectEqual(run(arguments).baselines, first.baselines)
  }
}
