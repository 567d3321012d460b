import Foundation
import NN
import Tensor
import Testing
import _TestSupport

/// Learning rates that fall when a measure stops to get better, against PyTorch's.
@Suite struct ReduceOnPlateauTests {
  static let cases = ((try? Goldens("optimizers").cases) ?? []).filter { $0.subject == "plateau" }

  @Test func thereAreCases() { expectEqual(Self.cases.count, 4) }

  @Test(arguments: cases) func agreesWithPyTorch(_ golden: GoldenCase) {
    var plateau = make(golden)
    expectEqual(plateau.factor, 1)
    expectEqual(plateau.best, nil)
    let measures = golden.tensor("measures", as: Double.self).scalars
    for (measure, expected) in zip(measures, golden.tensor("factors", as: Double.self).scalars) {
      expectLess(abs(plateau.factor(after: measure) - expected), 1e-12)
    }
    #expect(
      plateau.best == (plateau.goal == .minimum ? measures.min()! : measures.max()!)
        || plateau.threshold != .relative(1e-4))
  }

  /// What is decoded goes on as if nothing had happened.
  @Test(arguments: cases) func continues(_ golden: GoldenCase) throws {
    var whole = make(golden)
    let measures = golden.tensor("measures", as: Double.self).scalars
    for measure in measures.prefix(11) { _ = whole.factor(after: measure) }
    var other = try JSONDecoder().decode(ReduceOnPlateau.self, from: JSONEncoder().encode(whole))
    for measure in measures.dropFirst(11) { expectEqual(other.factor(after: measure), whole.factor(after: measure)) }
  }

  @Test func aMeasureThatIsNoNumberIsNoBetter() {
    var plateau = ReduceOnPlateau(factor: 0.5, patience: 1)
    let factors = [1, .nan, .nan, .nan].map { plateau.factor(after: $0) }
    expectEqual(factors, [1, 1, 0.5, 0.5])
    expectEqual(plateau.best, 1)
  }

  private func make(_ golden: GoldenCase) -> ReduceOnPlateau {
    let threshold: Double = golden.argument("threshold", default: 1e-4)
    let base: Double = golden.argument("base")
    return ReduceOnPlateau(
      golden.argument("mode", default: "min") == "max" ? .maximum : .minimum, factor: golden.argument("factor"),
      patience: golden.argument("patience"),
      threshold: golden.argument("threshold_mode", default: "rel") == "abs"
        ? .absolute(threshold) : .relative(threshold),
      cooldown: golden.argument("cooldown", default: 0), floor: golden.argument("min_lr", default: 0.0) / base,
      epsilon: golden.argument("eps", default: 1e-8) / base)
  }
}
