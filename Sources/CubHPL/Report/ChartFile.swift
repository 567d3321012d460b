/// A chart of the report as a file of its own: with a style that programs for papers understand, without a script.
enum ChartFile {
  private static let style = """
    text { font: 12.5px sans-serif; fill: \(Palette.text.light); } .tick { fill: \(Palette.quiet.light); font-size: 11.5px; }
    .best { font-weight: 700; }
    line, path, circle { stroke-width: 2; } .grid { stroke: \(Palette.line.light); stroke-width: 1; }
    \(Palette.lightClasses(Palette.series + Palette.values) { "stroke: \($0); fill: \($0);" })
    circle.flat:not(.seed) { fill: \(Palette.panel.light); } path.flat { stroke-dasharray: 5 3.5; }
    path.curve { fill: none; } path.seed { stroke-width: 1; stroke-dasharray: none; opacity: 0.35; }
    .deviation { opacity: 0.55; } circle.seed { stroke: none; opacity: 0.55; }
    .cell { fill: \(Palette.accent.light); }
    """

  /// The text of the file.
  static func text(_ drawing: Drawing) -> String { drawing.file(style: style) }
}
