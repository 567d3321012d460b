import Foundation

/// The report as one HTML file that needs nothing else: no network, no script.
struct ReportPage {
  let content: ReportContent
  let summary: Summary
  var pictures = ReportPictures()

  init(_ content: ReportContent) {
    self.content = content
    summary = Summary(content.results.runs)
  }

  /// The file's bytes.
  static func html(_ content: ReportContent) -> Data {
    var page = ReportPage(content)
    return Data(page.text().utf8)
  }

  private mutating func text() -> String {
    let experiment = sweep.isEmpty ? [table, taxonomy, published, metricCharts, lossCharts, coarseLevels] : [sweep]
    let sections = [header] + experiment + [hierarchies(), retrievals(), studies(), provenance]
    let body = sections.filter { !$0.isEmpty }.joined(separator: "\n")
    return htmlPage(title: content.title, styles: [pictures.styles], body: body)
  }
}
