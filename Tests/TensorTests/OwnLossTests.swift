import Tensor
import Testing
import _TestSupport

/// How to check a loss of your own against numeric gradients.
@Suite struct OwnLossTests {
  /// The contrastive loss of pairs of rows (Hadsell et al., 2006), as somebody might write it.
  private func contrastive<S: TensorScalar>(_ a: Tensor<S>, _ b: Tensor<S>, areSame: Tensor<Bool>) -> Tensor<S> {
    let distances = (a - b).norm(along: 1)
    let gaps = relu(1 - distances)
    return Tensor.where(areSame, distances * distances, gaps * gaps).mean()
  }

  // Five lines: two inputs away from kinks, and the check of first and second order for both.
  @Test func gradientsOfALossAgreeWithFiniteDifferences() throws {
    let (a, b) = (sample([4, 3]) * 0.3, sample([4, 3], seed: 2) * 0.5)
    let areSame = Tensor<Bool>([true, false, false, true])
    try gradientCheck(at: [a, b]) { self.contrastive($0[0], $0[1], areSame: areSame) }
  }

  /// And the check can fail: here the distances count as constants.
  @Test func aWrongGradientIsNamed() {
    let (a, b) = (sample([4, 3]) * 0.3, sample([4, 3], seed: 2) * 0.5)
    #expect(throws: GradientCheckError.self) {
      try gradientCheck(at: [a, b]) { x in
        let areSame = Tensor<Bool>([true, false, false, true])
        return self.contrastive(x[0].detached, x[1], areSame: areSame)
      }
    }
  }
}
