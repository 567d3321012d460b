import Foundation

/// The report as one HTML file that needs nothing else: no network, and no script once the experiment has finished.
struct ReportPage {
  /// What the folder of an experiment calls it.
  static let name = "report.html"

  let content: ReportContent
  let summary: Summary
  /// With the runs that have not been tested: for charts over the epochs.
  let trained: Summary
  var pictures = ReportPictures()

  init(_ content: ReportContent) {
    self.content = content
    summary = Summary(content.results)
    trained = Summary(content.results.runs + content.unfinished)
  }

  /// The file's bytes.
  static func html(_ content: ReportContent) -> Data {
    var page = ReportPage(content)
    return page.html()
  }

  private mutating func html() -> Data {
    let compared: [ReportPart?] = [
      table, taxonomy, published, metricCharts, lossCharts, convergence, coarseLevels, numbers,
    ]
    let experiment = (sweep.map { [$0, sweptCurves, numbers, costs] } ?? compared + [costs]).compactMap(\.self)
    let pictured = [planes(), hierarchies(), retrievals(), studies()].compactMap { $0 }
    let parts = experiment + pictured + [provenance]
    let styles = (content.projections.isEmpty ? [] : [ProjectionSection.style]) + [pictures.styles]
    return Page(title: content.title, styles: styles, body: [header(parts)] + parts.map(\.markup) + [reloading]).html
  }
}
