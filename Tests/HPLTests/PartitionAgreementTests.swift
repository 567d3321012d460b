import HPL
import Tensor
import Testing
import _TestSupport

@Suite struct PartitionAgreementTests {
  @Test(arguments: try Goldens("partitions").cases)
  func agreesWithScikitLearn(golden: GoldenCase) {
    let agreement = PartitionAgreement(of: golden.labels("found").scalars, with: golden.labels("known").scalars)
    #expect(abs(agreement.purity - golden.tensor("purity").item) < 1e-12)
    #expect(abs(agreement.normalizedMutualInformation - golden.tensor("nmi").item) < 1e-12)
    #expect(abs(agreement.adjustedMutualInformation - golden.tensor("ami").item) < 1e-10)
  }

  @Test func handComputed() {
    // Clusters {0, 0, 1} and {1, 1, 0}.
    let agreement = PartitionAgreement(of: [7, 7, 7, 9, 9, 9], with: [0, 0, 1, 1, 1, 0])
    #expect(abs(agreement.purity - 4.0 / 6) < 1e-15)
    let swapped = PartitionAgreement(of: [0, 0, 1, 1, 1, 0], with: [7, 7, 7, 9, 9, 9])
    #expect(abs(agreement.adjustedMutualInformation - swapped.adjustedMutualInformation) < 1e-12)
  }

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

  @Test func trapsForOtherSamples() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = PartitionAgreement(of: [0, 1], with: [0])
    }
    let resultMessage = text(result?.standardErrorContent)
    #expect(resultMessage.contains("2 and 1 groups are not those of the same samples"))
  }
}
