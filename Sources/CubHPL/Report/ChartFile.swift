/// A chart of the report as a file of its own: with a style that programs for papers understand, without a script.
enum ChartFile {
  private static let style = """
    <style>
    text { font: 12.5px sans-serif; fill: #1c2024; } .tick { fill: #5b6670; font-size: 11.5px; } .best { font-weight: 700; }
    line, path, circle { stroke-width: 2; } .grid { stroke: #dde1e6; stroke-width: 1; }
    \(ReportSeries.plainStyle)
    circle.flat:not(.seed) { fill: #ffffff; } path.flat { stroke-dasharray: 5 3.5; }
    path.curve { fill: none; } path.seed { stroke-width: 1; stroke-dasharray: none; opacity: 0.35; }
    .deviation { opacity: 0.55; } circle.seed { stroke: none; opacity: 0.55; }
    .cell { fill: #2a6fb0; }
    </style>
    """

  /// The text of the file from a chart that needs the report's style sheet.
  static func text(_ svg: String) -> String {
    guard let end = svg.firstIndex(of: ">") else { return svg }
    let head = svg[...end].replacing("<svg ", with: "<svg xmlns=\"http://www.w3.org/2000/svg\" ", maxReplacements: 1)
    return head + "\n" + style + svg[svg.index(after: end)...] + "\n"
  }
}
