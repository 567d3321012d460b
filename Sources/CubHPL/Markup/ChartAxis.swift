/// A scale laid along a side of a drawing.
struct ChartAxis {
  let scale: AxisScale
  /// Where its lower end lies.
  let start: Double
  /// Where its upper end lies.
  let end: Double

  func place(_ value: Double) -> Double { start + scale.position(value) * (end - start) }

  /// Of an axis from the bottom to the top: a line across at each tick, and its number on the left.
  func rows(from left: Double, to right: Double) -> [Markup] {
    scale.ticks.flatMap { tick in
      let y = place(tick)
      return [
        Markup.line("grid", left, y, right, y), .label("tick", left - 8, y + 4, anchor: "end", scale.label(tick)),
      ]
    }
  }

  /// Of an axis from left to right: a number below each tick, and where `top` is given a line from there.
  func columns(from top: Double? = nil, to bottom: Double) -> [Markup] {
    scale.ticks.flatMap { tick in
      let x = place(tick)
      return [
        top.map { Markup.line("grid", x, $0, x, bottom) } ?? .nothing,
        .label("tick", x, bottom + 18, anchor: "middle", scale.label(tick)),
      ]
    }
  }
}
