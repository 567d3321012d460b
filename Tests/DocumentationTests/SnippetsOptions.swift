import Testing
import _TestSupport

@testable import CubHPL

/// An option as the page declares it, in a group of its own.
private struct ExampleOptions: OptionGroup {
  static let heading = "Training"

  // snippet: option
  let weightDecay = Option<Double>(
    "--weight-decay", "X", "share of the learning rate by which weights shrink in a step", default: .always(1e-4),
    read: positive)
  // end snippet
}

@Suite struct OptionSnippet {
  @Test func anOptionIsReadAndHasADefault() throws {
    let group = ExampleOptions()
    let option = try #require(group.options.first)
    expectEqual(group.options.count, 1)
    expectEqual(option.key, "weight_decay")
    expectEqual(option.standardWords, "0.0001")
    var given = Given()
    expectEqual(given[group.weightDecay], 1e-4)
    try option.read("0.5", into: &given.values)
    expectEqual(given[group.weightDecay], 0.5)
    #expect(throws: InvalidValue.self) { try option.read("-1", into: &given.values) }
  }
}
