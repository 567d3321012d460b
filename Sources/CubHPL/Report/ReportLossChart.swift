/// The loss curves of the methods that share a proxy loss: the mean over the seeds, and each seed as a thin line.
struct ReportLossChart {
  let rows: [Summary.Row]
  /// What the curves are of.
  var subject = "Training loss"

  private static let width = 420.0
  private static let height = 250.0
  private static let left = 44.0
  /// Room for the longest title.
  private var right: Double { max(92, 20 + 7 * Double(rows.map(\.title.count).max() ?? 0)) }
  private static let top = 12.0
  private static let bottom = 214.0

  /// Charts for all the rows with a curve; losses of different kinds have no common scale, so each gets its own.
  static func charts(_ summary: Summary) -> [ReportLossChart] {
    var kinds: [String] = []
    var groups: [String: [Summary.Row]] = [:]
    for row in summary.rows where row.runs.contains(where: { !$0.epochs.isEmpty }) {
      let kind = row.flatMethod
      if groups[kind] == nil { kinds.append(kind) }
      groups[kind, default: []].append(row)
    }
    return kinds.map { ReportLossChart(rows: groups[$0] ?? []) }
  }

  /// A chart for each hierarchical method, with a curve for each level: the classes dashed.
  static func levels(_ summary: Summary) -> [ReportLossChart] {
    summary.rows.filter(\.isHierarchical).compactMap { row in
      let depth = row.runs.flatMap(\.epochs).map(\.levels.count).max() ?? 0
      guard depth > 1 else { return nil }
      let curves = (0..<depth).map { level in
        row.showing(level == 0 ? "classes" : "level \(level)", isFlat: level == 0) { point in
          level < point.levels.count ? point.levels[level] : nil
        }
      }
      return ReportLossChart(rows: curves, subject: "\(row.title), loss of each level")
    }
  }

  /// MAP@R on the validation classes, in percent; nil where there are none.
  static func validation(_ summary: Summary) -> ReportLossChart? {
    let rows = summary.rows.map { row in
      row.showing(row.title, isFlat: !row.isHierarchical) { $0.validationMapAtR.map { $0 * 100 } }
    }.filter { $0.runs.contains { !$0.epochs.isEmpty } }
    return rows.isEmpty ? nil : ReportLossChart(rows: rows, subject: "MAP@R on validation classes, percent,")
  }

  var title: String { rows.map(\.title).joined(separator: " and ") }

  var svg: String {
    var parts = [
      """
      <svg viewBox="0 0 \(fixed(Self.width, 0)) \(fixed(Self.height, 0))" role="img" \
      aria-label="\(escaped(description))">
      """
    ]
    parts += grid
    for row in rows { parts += curves(row) }
    parts += labels
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  private var points: [Results.Epoch] { rows.flatMap(\.runs).flatMap(\.epochs) }

  private var lossAxis: ReportAxis {
    let losses = points.map(\.loss)
    let (lower, upper) = (losses.min() ?? 0, losses.max() ?? 1)
    return lower > 0 && upper / lower > 20 ? .logarithmic(losses) : .linear(losses, count: 4)
  }

  private var epochAxis: ReportAxis {
    let last = max(2, points.map(\.epoch).max() ?? 2)
    let rough = ReportAxis.linear([1, Double(last)], count: 5).ticks
    let inside = rough.filter { $0 >= 1 && $0 <= Double(last) && $0 == $0.rounded() }
    let ticks = [1] + inside.filter { $0 > 1 && $0 < Double(last) * 0.92 } + [Double(last)]
    return ReportAxis(lower: 1, upper: Double(last), ticks: ticks, isLogarithmic: false)
  }

  private var description: String {
    let ends = rows.map { row -> String in
      let mean = Self.mean(row)
      guard let first = mean.first, let last = mean.last else { return row.title }
      return "\(row.title) from \(fixed(first.loss, 2)) to \(fixed(last.loss, 2))"
    }
    return "\(subject) by epoch: \(ends.joined(separator: ", "))"
  }

  private var grid: [String] {
    let edge = fixed(Self.width - right, 1)
    var parts: [String] = []
    for tick in lossAxis.ticks {
      let y = fixed(vertical(tick), 1)
      parts.append("<line class=\"grid\" x1=\"\(Self.left)\" y1=\"\(y)\" x2=\"\(edge)\" y2=\"\(y)\"/>")
      parts.append(
        "<text class=\"tick\" x=\"\(fixed(Self.left - 8, 1))\" y=\"\(fixed(vertical(tick) + 4, 1))\" text-anchor=\"end\">"
          + "\(lossAxis.label(tick))</text>")
    }
    for tick in epochAxis.ticks {
      parts.append(
        "<text class=\"tick\" x=\"\(fixed(horizontal(tick), 1))\" y=\"\(fixed(Self.bottom + 18, 1))\" "
          + "text-anchor=\"middle\">\(epochAxis.label(tick))</text>")
    }
    let scale = lossAxis.isLogarithmic ? "epoch (logarithmic scale)" : "epoch"
    let middle = (Self.left + Self.width - right) / 2
    parts.append(
      "<text class=\"tick\" x=\"\(fixed(middle, 1))\" y=\"\(fixed(Self.height - 4, 1))\" text-anchor=\"middle\">"
        + "\(scale)</text>")
    return parts
  }

  private func curves(_ row: Summary.Row) -> [String] {
    let classes = ReportSeries(row).classes
    var parts: [String] = []
    if row.runs.count > 1 {
      for run in row.runs { parts.append("<path class=\"curve seed \(classes)\" d=\"\(path(run.epochs))\"/>") }
    }
    let mean = Self.mean(row)
    parts.append(
      "<path class=\"curve \(classes)\" d=\"\(path(mean))\"><title>\(escaped(row.title))</title></path>")
    if let last = mean.last {
      let (x, y) = (fixed(horizontal(Double(last.epoch)), 1), fixed(vertical(last.loss), 1))
      parts.append("<circle class=\"\(classes)\" cx=\"\(x)\" cy=\"\(y)\" r=\"3.5\"/>")
    }
    return parts
  }

  /// The names at the ends of the curves, pushed apart where they would touch.
  private var labels: [String] {
    let ends = rows.compactMap { row in Self.mean(row).last.map { (row: row, y: vertical($0.loss)) } }
    var lowest = -Double.infinity
    var places: [(row: Summary.Row, y: Double)] = []
    for end in ends.sorted(by: { $0.y < $1.y }) {
      lowest = max(end.y, lowest + 17)
      places.append((end.row, lowest))
    }
    let overflow = max(0, lowest - (Self.bottom + 2))
    return places.map { place in
      "<text class=\"name\" x=\"\(fixed(Self.width - right + 10, 1))\" y=\"\(fixed(place.y - overflow + 4, 1))\">"
        + "\(escaped(place.row.title))</text>"
    }
  }

  private func horizontal(_ epoch: Double) -> Double {
    Self.left + epochAxis.position(epoch) * (Self.width - Self.left - right)
  }

  private func vertical(_ loss: Double) -> Double {
    Self.bottom - lossAxis.position(loss) * (Self.bottom - Self.top)
  }

  private func path(_ epochs: [Results.Epoch]) -> String {
    let places = epochs.map { "\(fixed(horizontal(Double($0.epoch)), 1)) \(fixed(vertical($0.loss), 1))" }
    return places.isEmpty ? "" : "M" + places.joined(separator: "L")
  }

  /// The mean over the seeds, for the epochs that all of them have.
  private static func mean(_ row: Summary.Row) -> [Results.Epoch] {
    let runs = row.runs.map(\.epochs).filter { !$0.isEmpty }
    let count = runs.map(\.count).min() ?? 0
    return (0..<count).map { index in
      let losses = runs.map { $0[index].loss }
      let sample = runs[0][index]
      return Results.Epoch(epoch: sample.epoch, loss: Statistic(losses).mean, learningRate: sample.learningRate)
    }
  }
}

extension Summary.Row {
  /// The same runs with another number in the place of the loss, for the epochs that have it.
  fileprivate func showing(
    _ title: String, isFlat: Bool, _ value: (Results.Epoch) -> Double?
  ) -> Summary.Row {
    let runs = runs.map { run in
      var run = run
      run.epochs = run.epochs.compactMap { point in
        value(point).map { Results.Epoch(epoch: point.epoch, loss: $0, learningRate: point.learningRate) }
      }
      return run
    }
    return Summary.Row(
      method: isFlat ? flatMethod : "\(flatMethod) levels", title: title, flatMethod: flatMethod, runs: runs)
  }
}
