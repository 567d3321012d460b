/// A run's curves as a table for other programs.
enum Curves {
  /// A line an epoch; empty cells where a level or a validation was not there.
  static func csv(_ curve: [Results.Epoch]) -> String {
    let levels = curve.map(\.levels.count).max() ?? 0
    let header =
      ["epoch", "learning_rate", "loss"] + (0..<levels).map { "loss_level_\($0)" }
      + ["validation_map_at_r", "validation_recall_at_1"]
    let lines = curve.map { point in
      let cells: [Double?] =
        [point.learningRate, point.loss] + (0..<levels).map { $0 < point.levels.count ? point.levels[$0] : nil }
        + [point.validationMapAtR, point.validationRecallAt1]
      return ["\(point.epoch)"] + cells.map { cell in cell.map { "\($0)" } ?? "" }
    }
    return ([header] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
