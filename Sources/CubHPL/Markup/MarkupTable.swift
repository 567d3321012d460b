/// A table that scrolls sideways where it is wider than the page.
struct MarkupTable {
  /// A cell; the first one of a row says what the row is of.
  struct Cell {
    let content: [Markup]
    let isBest: Bool

    init(_ content: Markup..., isBest: Bool = false) { (self.content, self.isBest) = (content, isBest) }
  }

  /// The id of the heading that names it.
  let heading: String
  let columns: [String]
  let rows: [[Cell]]
  /// What the rows must be compared with, below a line.
  var baselines: [[Cell]] = []

  var markup: Markup {
    let heads = columns.map { Markup.tag("th", ["scope": "col"], .text($0)) }
    let table: [Markup] = [
      .tag("thead", [:], .tag("tr", [:], heads)), .tag("tbody", [:], rows.map(Self.row)),
      baselines.isEmpty ? .nothing : .tag("tbody", ["class": "baselines"], baselines.map(Self.row)),
    ]
    return .tag(
      "div", ["class": "scroll", "role": "region", "aria-labelledby": heading, "tabindex": "0"],
      .tag("table", [:], table))
  }

  private static func row(_ cells: [Cell]) -> Markup {
    .tag(
      "tr", [:],
      cells.enumerated().map { index, cell in
        index == 0
          ? .tag("th", ["scope": "row"], cell.content)
          : .tag("td", ["class": cell.isBest ? "best" : nil], cell.content)
      })
  }
}

extension MarkupTable.Cell: ExpressibleByStringInterpolation {
  init(stringLiteral text: String) { self.init(.text(text)) }
}
