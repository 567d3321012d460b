/// Which curves over the epochs a report shows.
extension ReportCurveChart {
  /// The training loss: a chart for each proxy loss, because losses of different kinds have no common scale.
  static func losses(_ summary: Summary) -> [(flatMethod: String, chart: ReportCurveChart)] {
    var kinds: [String] = []
    var groups: [String: [Summary.Row]] = [:]
    for row in summary.rows where row.runs.contains(where: { !$0.epochs.isEmpty }) {
      if groups[row.flatMethod] == nil { kinds.append(row.flatMethod) }
      groups[row.flatMethod, default: []].append(row)
    }
    return kinds.map { kind in
      let curves = groups[kind]!.map { Curve($0.title, classes: ReportSeries($0).classes, $0.runs, \.loss) }
      return (kind, ReportCurveChart("Training loss", curves))
    }
  }

  /// A chart for each hierarchical method, with a curve for each level: the classes dashed.
  static func levels(_ summary: Summary) -> [ReportCurveChart] {
    summary.rows.filter(\.isHierarchical).compactMap { row in
      let depth = row.runs.flatMap(\.epochs).map(\.levels.count).max() ?? 0
      guard depth > 1 else { return nil }
      let color = ReportSeries(row).color
      let curves = (0..<depth).map { level in
        Curve(
          level == 0 ? "classes" : "level \(level)", classes: "\(color) \(level == 0 ? "flat" : "levels")", row.runs
        ) {
          level < $0.levels.count ? $0.levels[level] : nil
        }
      }
      return ReportCurveChart("\(row.title), loss of each level", curves)
    }
  }

  /// MAP@R on the validation classes, in percent; nil where there are none.
  static func validation(_ summary: Summary) -> ReportCurveChart? {
    chart("MAP@R on validation classes, percent", summary) { $0.validationMapAtR.map { $0 * 100 } }
  }

  /// MAP@R on some of the training classes, in percent; nil where validation classes take their place.
  static func probe(_ summary: Summary) -> ReportCurveChart? {
    chart("MAP@R on a part of the training classes, percent", summary) { $0.probeMapAtR.map { $0 * 100 } }
  }

  /// A chart of each number that losses have logged, and for each group of parameters one of its gradients' norm and one of its own;
  /// of a sweep, whose curves these are, each of them for each method.
  static func numbers(_ summary: Summary, sweep: [SweepCurve]) -> [ReportCurveChart] {
    let epochs = summary.rows.flatMap(\.runs).flatMap(\.epochs)
    func charts(_ subject: String, _ value: (Results.Epoch) -> Double?) -> [ReportCurveChart] {
      sweep.isEmpty
        ? [chart(subject, summary, value)].compactMap(\.self) : swept(subject, sweep, value).map(\.chart)
    }
    let logged = Set(epochs.flatMap { ($0.logged ?? [:]).keys }).sorted().flatMap { name in
      charts("Logged: \(name)") { $0.logged?[name] }
    }
    let norms = Set(epochs.flatMap { ($0.norms ?? [:]).keys }).sorted().flatMap { name in
      charts("Gradient norm, \(name)") { $0.norms?[name]?.gradients }
        + charts("Weight norm, \(name)") { $0.norms?[name]?.weights }
    }
    return logged + norms
  }

  /// A curve for each method; nil where no epoch has the number.
  private static func chart(
    _ subject: String, _ summary: Summary, _ value: (Results.Epoch) -> Double?
  ) -> ReportCurveChart? {
    let curves = zip(summary.rows, ReportSeries.distinct(summary.rows)).map { row, series in
      Curve(row.title, classes: series.classes, row.runs, value)
    }.filter { !$0.mean.isEmpty }
    return curves.isEmpty ? nil : ReportCurveChart(subject, curves)
  }

  /// Of each method of a sweep its training loss and its MAP@R on the validation classes, or else on some of the training classes.
  static func swept(_ curves: [SweepCurve]) -> [(method: String, chart: ReportCurveChart)] {
    swept("training loss", curves) { $0.loss }
      + swept("MAP@R on validation classes, percent", curves) { $0.validationMapAtR.map { $0 * 100 } }
      + swept("MAP@R on a part of the training classes, percent", curves) { $0.probeMapAtR.map { $0 * 100 } }
  }

  /// For each method of a sweep, as far as its epochs have a number, a curve for each value, from dark to light.
  private static func swept(
    _ subject: String, _ curves: [SweepCurve], _ value: (Results.Epoch) -> Double?
  ) -> [(method: String, chart: ReportCurveChart)] {
    curves.compactMap { curve in
      let steps = max(1, curve.points.count - 1)
      let values = curve.points.enumerated().map { place, point in
        Curve(
          "\(curve.parameter) \(point.swept.text)",
          classes: Palette.values[place * (Palette.values.count - 1) / steps].name,
          point.row.runs, value)
      }.filter { !$0.mean.isEmpty }
      return values.isEmpty ? nil : (curve.method, ReportCurveChart("\(curve.title), \(subject)", values))
    }
  }

  /// The names of the curves.
  var title: String { curves.map(\.title).joined(separator: " and ") }
}
