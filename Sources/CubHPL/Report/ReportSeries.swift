/// How a method looks in every chart: the colour says which proxy loss, hollow or dashed says without a hierarchy.
struct ReportSeries {
  let color: String
  let isHierarchical: Bool

  /// - Parameter index: the place among the report's methods, by which losses other than the first two take their colour.
  init(_ row: Summary.Row, index: Int) {
    switch row.flatMethod {
    case "proxy-nca": color = "series-a"
    case "proxy-anchor": color = "series-b"
    default: color = index.isMultiple(of: 2) ? "series-c" : "series-d"
    }
    isHierarchical = row.isHierarchical
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
}
