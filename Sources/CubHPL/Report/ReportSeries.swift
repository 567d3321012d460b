/// How a method looks in every chart: the colour says which loss, hollow or dashed says without a hierarchy.
struct ReportSeries {
  let color: String
  let isHierarchical: Bool

  /// Colours by name, for light and dark pages; the first is Proxy-NCA's, the second Proxy-Anchor's.
  static let colors = [
    ("a", "#1a66ab", "#74b3ec"), ("b", "#b4530a", "#f0a35e"), ("c", "#6a4fb3", "#b7a3f0"), ("d", "#14746f", "#63c7bf"),
    ("e", "#a3314f", "#f08ba3"), ("f", "#566400", "#b9cc4a"), ("g", "#8a3fa0", "#e09af0"), ("h", "#4f5b66", "#b4bec8"),
    ("i", "#2f7d1e", "#8fd67a"), ("j", "#c2187f", "#ff86cd"),
  ]

  /// The values of a sweep from the least to the greatest, dark to light.
  static let values = [
    ("#2d1160", "#b63679"), ("#4a1079", "#cf4070"), ("#671b80", "#e55164"), ("#842681", "#f4695c"),
    ("#a1307e", "#fb8761"),
    ("#be3a77", "#fea772"), ("#d8456c", "#fec488"), ("#e8555f", "#fde2a3"), ("#ee6a52", "#fcfdbf"),
  ]

  private static let library = [
    "proxy-nca", "proxy-anchor", "proxy-nca++", "norm-softmax", "cosface", "arcface", "soft-triple", "contrastive",
    "triplet", "multi-similarity",
  ]

  /// The library's losses have colours of their own; the others share these, by their names.
  init(_ row: Summary.Row) {
    let sum = row.flatMethod.utf8.reduce(0) { $0 + Int($1) }
    self.init(
      Self.library.firstIndex(of: row.flatMethod) ?? 2 + sum % (Self.colors.count - 2),
      isHierarchical: row.isHierarchical)
  }

  private init(_ index: Int, isHierarchical: Bool) {
    (color, self.isHierarchical) = ("series-\(Self.colors[index].0)", isHierarchical)
  }

  /// Those of methods in one chart, where another colour is taken instead of one that is there already for another loss.
  static func distinct(_ rows: [Summary.Row]) -> [ReportSeries] {
    var taken: [String: String] = [:]
    return rows.map { row in
      var series = ReportSeries(row)
      let others = Set(taken.filter { $0.key != row.flatMethod }.values)
      if others.contains(series.color),
        let free = colors.indices.first(where: { !others.contains("series-\(colors[$0].0)") })
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
  var swatch: String {
    """
    <svg class="swatch" viewBox="0 0 22 10" width="22" height="10" aria-hidden="true">\
    <line class="\(classes)" x1="0" y1="5" x2="22" y2="5"/><circle class="\(classes)" cx="11" cy="5" r="4"/></svg>
    """
  }

  /// The style rules of all colours, for light and dark pages.
  static var style: String {
    func rules(_ isDark: Bool) -> String {
      (colors.map { ".series-\($0.0) { --ink: \(isDark ? $0.2 : $0.1); }" }
        + values.enumerated().map { ".value\($0) { --ink: \(isDark ? $1.1 : $1.0); }" }).joined(separator: " ")
    }
    return "\(rules(false))\n@media (prefers-color-scheme: dark) { \(rules(true)) }"
  }

  /// The same without variables, for a file of its own on a light page.
  static var plainStyle: String {
    (colors.map { (".series-\($0.0)", $0.1) } + values.enumerated().map { (".value\($0)", $1.0) })
      .map { "\($0) { stroke: \($1); fill: \($1); }" }.joined(separator: "\n")
  }
}
