import ClassTree

/// The parts of the report that know the levels: measures by the test classes' taxonomy, and what became of the coarse levels.
extension ReportPage {
  /// The measures by the levels of the taxonomy; nil without one.
  var taxonomy: ReportPart? {
    let metrics = summary.hierarchicalMetrics
    guard !metrics.isEmpty, let groups = summary.rows[0].runs[0].metrics.hierarchical?.groups else { return nil }
    let rows = summary.rows.map { row in
      "<th scope=\"row\">\(ReportSeries(row).swatch) \(escaped(row.title))</th>"
        + metrics.map { cell(row, $0) }.joined()
    }
    let levels = groups.enumerated().map { "level \($0 + 1): \(counted($1, "group", "groups"))" }
    let body = """
      \(table("taxonomy", ["Method"] + metrics.map(\.title), rows, baselines { row in metrics.map { cell(row, $0) } }))
      <p class="caption">Percent; \(levels.joined(separator: ", ")). MAP@R of a level takes its groups as classes. H-AP, NDCG and \
      ASI grade the whole ranking by how many levels two pictures share. Errors in parent: how many first wrong pictures are at \
      least of the right group on level 1.\(baselineCaption)</p>
      """
    return ReportPart(id: "taxonomy", name: "Taxonomy", heading: "By the taxonomy of the test classes", body: body)
  }

  /// What became of the coarse levels in training; nil for flat methods alone.
  var coarseLevels: ReportPart? {
    let levels = Table(coarseLevels: summary)
    guard !levels.rows.isEmpty else { return nil }
    let rows = levels.rows.map { row in
      "<th scope=\"row\">\(escaped(row[0]))</th>" + row.dropFirst().map { "<td>\($0)</td>" }.joined()
    }
    let body = """
      \(table("levels", levels.header, rows))
      <p class="caption">Percent, on the training classes. Accuracy: pictures nearest to the proxy of their group in the last epoch. \
      Moved: classes that changed their cluster when it was last renewed. Purity and adjusted mutual information (AMI) compare the \
      clusters with the data’s taxonomy, where there is one.</p>
      """
    return ReportPart(id: "levels", name: "Levels", heading: "The coarse levels in training", body: body)
  }

  func table(_ id: String, _ heads: [String], _ rows: [String], _ footer: String = "") -> String {
    """
    <div class="scroll" role="region" aria-labelledby="\(id)" tabindex="0">
    <table>
    <thead><tr>\(heads.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined())</tr></thead>
    <tbody>
    \(rows.map { "<tr>\($0)</tr>" }.joined(separator: "\n"))
    </tbody>
    \(footer)
    </table>
    </div>
    """
  }
}
