import Models
import NN
import Tensor
import Testing
import _TestSupport

@Suite struct ResidualBlockTests {
  static let cases = ((try? Goldens("layers").cases) ?? []).filter { $0.subject == "residual_block" }

  @Test(arguments: cases) func basicBlock(_ golden: GoldenCase) {
    var generator = RandomGenerator(seed: 1)
    let block = BasicBlock<Double>(
      golden.argument("inputs"), golden.argument("outputs"), stride: golden.argument("stride"), using: &generator)
    expectAgreement(of: block, with: golden) { $0.replacing("shortcut", with: "downsample") }
  }
}
