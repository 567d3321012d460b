import Foundation

/// The report as one HTML file that needs nothing else: no network, no script.
struct ReportPage {
  let content: ReportContent
  let summary: Summary
  var pictures = ReportPictures()

  init(_ content: ReportContent) {
    self.content = content
    summary = Summary(content.results)
  }

  /// The file's bytes.
  static func html(_ content: ReportContent) -> Data {
    var page = ReportPage(content)
    return page.html()
  }

  private mutating func html() -> Data {
    let compared: [ReportPart?] = [
      table, taxonomy, published, metricCharts, lossCharts, convergence, coarseLevels,
    ]
    let experiment = (sweep.map { [$0, sweptCurves] } ?? compared).compactMap(\.self)
    let pictured = [planes(), hierarchies(), retrievals(), studies()].compactMap { $0 }
    let parts = experiment + pictured + [provenance]
    let styles = (content.projections.isEmpty ? [] : [ProjectionSection.style]) + [pictures.styles]
    return Page(title: content.title, styles: styles, body: [header(parts)] + parts.map(\.markup)).html
  }
}
