import ClassTree

/// The parts of the report that know the levels: measures by the test classes' taxonomy, and what became of the coarse levels.
extension ReportPage {
  /// The measures by the levels of the taxonomy; nil without one.
  var taxonomy: ReportPart? {
    let metrics = summary.hierarchicalMetrics
    guard !metrics.isEmpty, let groups = summary.rows[0].runs[0].metrics.hierarchical?.groups else { return nil }
    let table = MarkupTable(
      heading: "taxonomy", columns: ["Method"] + metrics.map(\.title),
      rows: summary.rows.map { row in [name(row)] + metrics.map { cell(row, $0) } },
      baselines: baselines { row in metrics.map { cell(row, $0) } })
    let levels = groups.enumerated().map { "level \($0 + 1): \(counted($1, "group", "groups"))" }
    let caption =
      "Percent; \(levels.joined(separator: ", ")). MAP@R of a level takes its groups as classes. H-AP, NDCG and ASI grade the "
      + "whole ranking by how many levels two pictures share. Errors in parent: how many first wrong pictures are at least of the "
      + "right group on level 1.\(baselineCaption)"
    return ReportPart(
      id: "taxonomy", name: "Taxonomy", heading: "By the taxonomy of the test classes",
      body: [table.markup, .caption(.text(caption))])
  }

  /// What became of the coarse levels in training; nil for flat methods alone.
  var coarseLevels: ReportPart? {
    let levels = Table(coarseLevels: summary)
    guard !levels.rows.isEmpty else { return nil }
    let caption: Markup = """
      Percent, on the training classes. Accuracy: pictures nearest to the proxy of their group in the last epoch. Moved: classes that \
      changed their cluster when it was last renewed. Purity and adjusted mutual information (AMI) compare the clusters with the data’s \
      taxonomy, where there is one.
      """
    return ReportPart(
      id: "levels", name: "Levels", heading: "The coarse levels in training",
      body: [plainTable("levels", levels.header, levels.rows), .caption(caption)])
  }

  /// A table of texts.
  func plainTable(_ heading: String, _ columns: [String], _ rows: [[String]]) -> Markup {
    MarkupTable(heading: heading, columns: columns, rows: rows.map { $0.map { .init(.text($0)) } }).markup
  }
}
