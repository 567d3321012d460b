/// The parts of the report that know the levels: measures by the test classes' taxonomy, and what became of the coarse levels.
extension ReportPage {
  /// The measures by the levels of the taxonomy; nothing without one.
  var taxonomy: String {
    let metrics = summary.hierarchicalMetrics
    guard !metrics.isEmpty, let groups = summary.rows[0].runs[0].metrics.hierarchical?.groups else { return "" }
    let heads = metrics.map { "<th scope=\"col\">\($0.title)</th>" }.joined()
    let rows = summary.rows.map { row in
      let cells = metrics.map { cell(row, $0) }.joined()
      return "<tr><th scope=\"row\">\(ReportSeries(row).swatch) \(escaped(row.title))</th>\(cells)</tr>"
    }
    let levels = groups.enumerated().map { "level \($0 + 1): \(counted($1, "group", "groups"))" }
    return """
      <section aria-labelledby="taxonomy">
      <h2 id="taxonomy">By the taxonomy of the test classes</h2>
      <div class="scroll" role="region" aria-labelledby="taxonomy" tabindex="0">
      <table>
      <thead><tr><th scope="col">Method</th>\(heads)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      <p class="caption">Percent; \(levels.joined(separator: ", ")). MAP@R of a level takes its groups as classes. H-AP, NDCG and \
      ASI grade the whole ranking by how many levels two pictures share. Errors in parent: how many first wrong pictures are at \
      least of the right group on level 1.</p>
      </section>
      """
  }

  /// What became of the coarse levels in training; nothing for flat methods alone.
  var coarseLevels: String {
    let table = Table(coarseLevels: summary)
    guard !table.rows.isEmpty else { return "" }
    let heads = table.header.map { "<th scope=\"col\">\($0)</th>" }.joined()
    let rows = table.rows.map { row in
      "<tr><th scope=\"row\">\(escaped(row[0]))</th>\(row.dropFirst().map { "<td>\($0)</td>" }.joined())</tr>"
    }
    return """
      <section aria-labelledby="levels">
      <h2 id="levels">The coarse levels in training</h2>
      <div class="scroll" role="region" aria-labelledby="levels" tabindex="0">
      <table>
      <thead><tr>\(heads)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      <p class="caption">Percent, on the training classes. Accuracy: pictures nearest to the proxy of their group in the last epoch. \
      Moved: classes that changed their cluster when it was last renewed. Purity and adjusted mutual information (AMI) compare the \
      clusters with the data’s taxonomy, where there is one.</p>
      </section>
      """
  }
}
