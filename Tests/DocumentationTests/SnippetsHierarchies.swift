import ClassTree
import Foundation
import HPL
import NN
import Retrieval
import Tensor
import Testing
import _TestSupport

@Suite struct HierarchiesSnippets {
  @Test func levelsFilesAndInspection() throws {
    var generator = RandomGenerator(seed: 0)
    let names = (0..<24).map { "class \($0)" }
    let families = (0..<24).map { $0 / 4 }
    let labels = Labels((0..<96).map { $0 % 24 })
    let embeddings = Tensor<Float>.normal([96, 16], using: &generator)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("hierarchy-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }

    // snippet: levels
    let loss = HierarchicalProxyLoss<Float>(
      dimensions: 16,
      levels: [
        .classes(24, weight: 1.0, loss: ProxyAnchor()),
        .clusters(8, by: .agglomerative(.ward), weight: 0.1, loss: ProxyAnchor()),
        .clusters(3, by: .agglomerative(.ward), weight: 0.05, loss: ProxyAnchor(), proxies: .centroid),
      ], using: &generator)
    // end snippet
    let optimizer = AdamW(loss.parameters, learningRate: 0.01)

    // snippet: schedules
    let reclustering = ReclusteringSchedule(start: 1, period: 2)
    let coarseWeight = Schedule.ramp(1..<4)
    for epoch in 0..<6 {
      _ = reclustering.begin(epoch: epoch, loss, using: &generator)
      loss.coarseWeightFactor = coarseWeight.factor(at: epoch)
      optimizer.step { loss(embeddings, labels: labels) }
    }
    loss.recluster(classMeans: classMeans(of: embeddings, labels: labels, classes: 24), using: &generator)
    // end snippet
    expectEqual(loss.coarseWeightFactor, 1)

    // snippet: hierarchy-file
    let before = loss.hierarchy(classes: names)
    try before.write(to: path)
    let hierarchy = try ClassHierarchy(contentsOf: path, classes: names)
    let fixed = HierarchicalProxyLoss<Float>(
      dimensions: 16, levels: hierarchy.proxyLevels(weights: [1, 0.1, 0.05], loss: ProxyAnchor()), using: &generator)
    // end snippet
    expectEqual(fixed.levels.map(\.parents), loss.levels.map(\.parents))

    // snippet: inspection
    loss.recluster(using: &generator)
    let moved = loss.hierarchy(classes: names).movedShares(since: before)
    let agreement = PartitionAgreement(of: loss.ancestors(on: 1), with: families)
    print(moved, agreement.purity, agreement.adjustedMutualInformation)
    print(loss.accuracies(embeddings, labels: labels))  // for each level
    // end snippet
    expectEqual(moved.count, 2)

    // snippet: hierarchical-retrieval
    let metrics = try HierarchicalRetrievalMetrics(embeddings: embeddings, labels: labels, groups: [families])
    print(metrics.mapAtR, metrics.hierarchicalAP, metrics.ndcg, metrics.averageSetIntersection)
    let clusters = try PartitionAgreement(clustering: embeddings, labels: labels, using: &generator)
    print(clusters.normalizedMutualInformation)
    // end snippet
    expectEqual(metrics.mapAtR.count, 2)
  }
}
