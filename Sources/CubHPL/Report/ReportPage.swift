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
    let experiment = sweep.isEmpty ? [table, published, metricCharts, lossCharts] : [sweep]
    let sections = [header] + experiment + [hierarchies(), retrievals(), studies(), provenance]
    let body = sections.filter { !$0.isEmpty }.joined(separator: "\n")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(escaped(content.title)) – \(Program.name)</title>
      <style>
      \(Self.style)
      \(pictures.styles)
      </style>
      </head>
      <body>
      <main>
      \(body)
      </main>
      </body>
      </html>

      """
  }
}
