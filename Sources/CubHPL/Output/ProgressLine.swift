/// Where a training run stands.
struct ProgressState: Equatable, Sendable {
  /// Method and, when there are several, seed.
  var label: String
  /// From 1.
  var epoch: Int
  var epochs: Int
  /// Steps of this epoch that are done.
  var step: Int
  var steps: Int
  /// Mean over this epoch's steps; nil before the first.
  var loss: Double?
  var imagesPerSecond: Double?
  /// For all the runs that are still to come; nil while unknown.
  var secondsLeft: Double?
}

/// How progress is written: pure functions of the state.
enum ProgressLine {
  /// One line for a terminal, at most `width` characters: a narrow terminal loses the bar first, then the details.
  static func bar(_ state: ProgressState, width: Int) -> String {
    let epoch = "epoch \(state.epoch)/\(state.epochs)"
    let step = "step \(state.step)/\(state.steps)"
    let loss = state.loss.map { "loss \(fixed($0, 3))" }
    let rate = state.imagesPerSecond.map { "\(fixed($0, 0)) images/s" }
    let left = state.secondsLeft.map { "\(duration($0)) left" }
    let choices: [[String?]] = [
      [state.label, epoch, step, loss, rate, left],
      [state.label, epoch, loss, rate, left],
      [state.label, epoch, loss, left],
      [state.label, epoch, left],
      [state.label, epoch],
    ]
    for (index, choice) in choices.enumerated() {
      let fields = choice.compactMap { $0 }
      let text = fields.joined(separator: "  ")
      guard text.count <= width else { continue }
      let room = min(30, width - text.count - 2)
      guard index == 0, room >= 10 else { return text }
      let meter = meter(done: fraction(state), width: room)
      return ([fields[0], meter] + fields.dropFirst()).joined(separator: "  ")
    }
    return String(state.label.prefix(max(0, width)))
  }

  /// One line an epoch for a log.
  static func plain(_ state: ProgressState) -> String {
    let digits = String(state.epochs).count
    let number = String(state.epoch)
    let padded = String(repeating: " ", count: max(0, digits - number.count)) + number
    let fields = [
      "\(state.label)  epoch \(padded)/\(state.epochs)",
      state.loss.map { "loss \(fixed($0, 4))" },
      state.imagesPerSecond.map { "\(fixed($0, 0)) images/s" },
      state.secondsLeft.map { "\(duration($0)) left" },
    ]
    return fields.compactMap { $0 }.joined(separator: "  ")
  }

  /// `0:07`, `12:34` or `1:02:03`; a dash for what is not a time.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }

  private static func fraction(_ state: ProgressState) -> Double {
    let total = Double(max(1, state.epochs * state.steps))
    return Double((state.epoch - 1) * state.steps + state.step) / total
  }

  private static func meter(done: Double, width: Int) -> String {
    let inside = width - 2
    let filled = Int((min(1, max(0, done)) * Double(inside)).rounded(.down))
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: inside - filled) + "]"
  }
}
