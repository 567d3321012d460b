/// How soon each method comes near to the best MAP@R on the validation classes.
struct Convergence: Equatable {
  /// One method.
  struct Row: Equatable {
    let title: String
    /// Over the seeds that get there; nil where none does.
    let epochs: Statistic?
    /// Training time until then, by the mean time of an epoch.
    let seconds: Statistic?
    /// How many seeds get there, and of how many.
    let reached: Int
    let seeds: Int
  }

  /// Of the best mean MAP@R over the seeds that a method has after some epoch, the share that must be reached.
  static let share = 0.9

  /// What must be reached.
  let threshold: Double
  /// In the order of the methods.
  let rows: [Row]

  /// nil where no method was validated.
  init?(_ summary: Summary) {
    let methods = summary.rows.filter { $0.runs.contains { $0.epochs.contains { $0.validationMapAtR != nil } } }
    let best = methods.compactMap { row -> Double? in
      let curves = row.runs.map { $0.epochs.compactMap(\.validationMapAtR) }
      return (0..<(curves.map(\.count).min() ?? 0)).map { epoch in Statistic(curves.map { $0[epoch] }).mean }.max()
    }.max()
    guard let best else { return nil }
    let threshold = Self.share * best
    self.threshold = threshold
    rows = methods.map { row in
      let reached = row.runs.compactMap { run in
        run.epochs.first { ($0.validationMapAtR ?? -1) >= threshold }.map { point in
          (epoch: Double(point.epoch), seconds: run.seconds * Double(point.epoch) / Double(run.epochs.count))
        }
      }
      return Row(
        title: row.title, epochs: reached.isEmpty ? nil : Statistic(reached.map(\.epoch)),
        seconds: reached.isEmpty ? nil : Statistic(reached.map(\.seconds)), reached: reached.count,
        seeds: row.runs.count)
    }
  }

  /// Columns of a table.
  static let header = ["Method", "epochs", "seconds", "seeds that get there"]

  /// Its rows.
  var cells: [[String]] {
    rows.map { row in
      [
        row.title, row.epochs?.text(decimals: 1) ?? "–", row.seconds?.text(decimals: 1) ?? "–",
        "\(row.reached) of \(row.seeds)",
      ]
    }
  }

  /// How to read them.
  var note: String {
    "epochs and seconds of training, evaluation left out, until MAP@R on the validation classes is first at least "
      + "\(fixed(threshold * 100, 2)) percent: \(fixed(Self.share * 100, 0)) percent of the best mean over the seeds that any method has "
      + "after an epoch; over the seeds that get there"
  }
}

extension Table {
  /// How soon each method comes near to the best, or nil without validation classes.
  static func convergence(_ summary: Summary, width: Int = Help.width) -> String? {
    Convergence(summary).map { Table(header: Convergence.header, rows: $0.cells).text(note: $0.note, width: width) }
  }
}
