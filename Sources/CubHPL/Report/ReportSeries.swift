/// How a method looks in every chart: the colour says which loss, hollow or dashed says without a hierarchy.
struct ReportSeries {
  let color: String
  let isHierarchical: Bool

  private static let library = [
    "proxy-nca", "proxy-anchor", "proxy-nca++", "norm-softmax", "cosface", "arcface", "soft-triple", "contrastive",
    "triplet", "multi-similarity",
  ]

  /// The library's losses have colours of their own; the others share these, by their names.
  init(_ row: Summary.Row) {
    let sum = row.flatMethod.utf8.reduce(0) { $0 + Int($1) }
    self.init(
      Self.library.firstIndex(of: row.flatMethod) ?? 2 + sum % (Palette.series.count - 2),
      isHierarchical: row.isHierarchical)
  }

  private init(_ index: Int, isHierarchical: Bool) {
    (color, self.isHierarchical) = (Palette.series[index].name, isHierarchical)
  }

  /// Those of methods in one chart, where another colour is taken instead of one that is there already for another loss.
  static func distinct(_ rows: [Summary.Row]) -> [ReportSeries] {
    var taken: [String: String] = [:]
    return rows.map { row in
      var series = ReportSeries(row)
      let others = Set(taken.filter { $0.key != row.flatMethod }.values)
      if others.contains(series.color),
        let free = Palette.series.indices.first(where: { !others.contains(Palette.series[$0].name) })
      {
        series = ReportSeries(free, isHierarchical: row.isHierarchical)
      }
      taken[row.flatMethod] = series.color
      return series
    }
  }

  /// The classes of lines and dots.
  var classes: String { "\(color) \(isHierarchical ? "levels" : "flat")" }

  /// A small sign beside a method's name.
  var swatch: Markup {
    .tag(
      "svg", ["class": "swatch", "viewBox": "0 0 22 10", "width": "22", "height": "10", "aria-hidden": "true"],
      .line(classes, 0, 5, 22, 5), .circle(classes, 11, 5, radius: 4))
  }

  /// The style rules of all colours, for light and dark pages.
  static var style: String { Palette.classes(Palette.series + Palette.values) { "--ink: \($0);" } }
}
