import Collectives
import HPL
import Models
import NN
import Tensor
import Testing
import Vision
import _TestSupport

/// The loop of several ranks, run by one and by threads.
@Suite struct DistributedSnippets {
  private static let dataset = ImageDataset(
    name: "squares", classNames: ["a", "b", "c"],
    samples: (0..<24).map { index in
      var generator = RandomGenerator(seed: UInt64(index))
      let picture = Tensor<Float>.uniform([16, 16, 3], using: &generator)
      return .init(source: .memory(Image(unitPixels: picture), name: "\(index)"), label: index % 3)
    })

  // snippet: ranks
  static func train(_ dataset: ImageDataset, over group: Group) throws -> [Float] {
    var generator = RandomGenerator(seed: 0)
    let model = SmallResNet<Float>(embedding: 16, using: &generator)
    let loss = HierarchicalProxyLoss<Float>(
      dimensions: 16, levels: [.classes(dataset.classCount, loss: ProxyAnchor(), shardedOver: group)], using: &generator
    )
    let optimizer = AdamW(model.parameters + loss.parameters, learningRate: 1e-3)
    let loader = Loader(dataset, transform: .evaluation(size: 16), seed: 0)
    let sampler = try BalancedSampler(labels: Labels(dataset.labels), batch: 12, samplesPerClass: 4, seed: 0)

    model.broadcast(over: group)
    model.synchronizeStatistics(over: group)
    var losses: [Float] = []
    for epoch in 0..<2 {
      let batches = loader.batches(of: sampler.batches(epoch: epoch), epoch: epoch, part: group.rank, of: group.size)
      while let batch = try group.agree({ try batches.next() }) {
        var (value, gradients) = valueWithGradients {
          loss(group.gathered(model(batch.images)), labels: group.gathered(batch.labels))
        }
        gradients.sum(of: model.parameters, over: group)
        optimizer.step(gradients)
        losses.append(value.item)
      }
    }
    return losses
  }
  // end snippet

  @Test func theLoopOfRanks() throws {
    let alone = try Self.train(Self.dataset, over: .alone)
    for losses in try Group.threads(2, { try Self.train(Self.dataset, over: $0) }) {
      for (loss, expected) in zip(losses, alone) { expectLess(abs(loss - expected), 1e-3 * abs(expected)) }
    }
  }
}
