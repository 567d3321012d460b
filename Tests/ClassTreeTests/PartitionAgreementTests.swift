import ClassTree
import Tensor
import Testing
import _TestSupport

@Suite struct PartitionAgreementTests {
  @Test(arguments: try Goldens("partitions").cases)
  func agreesWithScikitLearn(golden: GoldenCase) {
    let agreement = PartitionAgreement(of: golden.labels("found").scalars, with: golden.labels("known").scalars)
    expectLess(abs(agreement.purity - golden.tensor("purity").item), 1e-12)
    expectLess(abs(agreement.normalizedMutualInformation - golden.tensor("nmi").item), 1e-12)
    expectLess(abs(agreement.adjustedMutualInformation - golden.tensor("ami").item), 1e-10)
  }

  @Test func handComputed() {
    // Clusters {0, 0, 1} and {1, 1, 0}.
    let agreement = PartitionAgreement(of: [7, 7, 7, 9, 9, 9], with: [0, 0, 1, 1, 1, 0])
    expectLess(abs(agreement.purity - 4.0 / 6), 1e-15)
    let swapped = PartitionAgreement(of: [0, 0, 1, 1, 1, 0], with: [7, 7, 7, 9, 9, 9])
    expectLess(abs(agreement.adjustedMutualInformation - swapped.adjustedMutualInformation), 1e-12)
  }

  @Test func trapsForOtherSamples() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = PartitionAgreement(of: [0, 1], with: [0])
    }
    let resultMessage = text(result?.standardErrorContent)
    #expect(resultMessage.contains("2 and 1 groups are not those of the same samples"))
  }
}
