import ClassTree
import Retrieval
import Tensor
import Testing

@Suite struct PartitionAgreementClusteringTests {
  @Test func clusteringFindsWhatLiesApart() throws {
    var generator = RandomGenerator(seed: 1)
    let labels = Labels((0..<60).map { $0 % 5 })
    let centers = Tensor<Float>.normal([5, 8], using: &generator)
    let embeddings = centers.take(labels) + .normal([60, 8], deviation: 0.01, using: &generator)
    // Only directions count.
    let lengths = Tensor<Float>((0..<60).map { Float($0 + 1) }, shape: [60, 1])
    let apart = try PartitionAgreement(clustering: embeddings * lengths, labels: labels, restarts: 5, using: &generator)
    #expect(abs(apart.normalizedMutualInformation - 1) < 1e-12 && apart.purity == 1)
    let noise = Tensor<Float>.normal([60, 8], using: &generator)
    let mixed = try PartitionAgreement(clustering: noise, labels: labels, using: &generator)
    #expect(mixed.adjustedMutualInformation < 0.3 && mixed.normalizedMutualInformation < 0.6)
    #expect(throws: RetrievalError.notFinite("embedding", row: 0)) {
      try PartitionAgreement(clustering: .full([2, 2], .nan), labels: Labels([0, 1]), using: &generator)
    }
  }
}
