/// Shows how training advances: a line redrawn in place on a terminal, a line an epoch elsewhere.
///
/// Call `begin` for each run, `step` after each step and `end` when the run is over; call `finish` in a `defer`, so
/// that an error message starts on a line of its own.
final class Progress {
  /// How progress is shown.
  enum Style: Sendable { case bar, lines, quiet }

  /// The size of the whole job, from which the time left is estimated.
  struct Plan: Sendable {
    /// Of every run.
    var epochs: Int
    /// For each run, how many steps an epoch has.
    var steps: [Int]
  }

  /// Seconds between two drawings of the bar.
  static let interval = 0.1

  private let plan: Plan
  private let style: Style
  private let clock: () -> Double
  private let width: () -> Int
  private let write: (String) -> Void

  private var state = ProgressState(label: "", epoch: 1, epochs: 1, step: 0, steps: 1)
  private var started: Double?
  private var runStarted = 0.0
  private var runImages = 0
  private var lossSum = 0.0
  /// By this process; a run that goes on has had others.
  private var stepsTaken = 0
  private var runsBegun = 0
  private var lastDrawn = -Double.infinity
  private var isLineOpen = false
  private var work: LongWork

  /// - Parameters:
  ///   - clock: monotonic seconds.
  ///   - width: columns of the terminal.
  ///   - write: puts text on the terminal or into the log.
  init(
    plan: Plan, style: Style, clock: @escaping () -> Double = Progress.now,
    width: @escaping () -> Int = { Terminal.width }, write: @escaping (String) -> Void = Terminal.write
  ) {
    self.plan = plan
    self.style = style
    work = LongWork(style)
    self.clock = clock
    self.width = width
    self.write = write
  }

  deinit { closeLine() }

  /// Starts a run, such as `HPL-PA seed 2`.
  func begin(_ label: String) {
    let now = clock()
    started = started ?? now
    runStarted = now
    runImages = 0
    lossSum = 0
    // Where a result was deleted meanwhile, there are more runs than were planned.
    let steps = plan.steps.dropFirst(runsBegun).first ?? 1
    state = ProgressState(label: visible(label), epoch: 1, epochs: plan.epochs, step: 0, steps: steps)
    runsBegun += 1
    draw(now, force: true)
  }

  /// Counts a step of `epoch` (from 1) that took `images` pictures and had this loss.
  func step(epoch: Int, loss: Double, images: Int) {
    let now = clock()
    if epoch != state.epoch || state.step == 0 {
      state.epoch = epoch
      state.step = 0
      lossSum = 0
    }
    state.step += 1
    stepsTaken += 1
    runImages += images
    lossSum += loss
    state.loss = lossSum / Double(state.step)
    state.imagesPerSecond = now > runStarted ? Double(runImages) / (now - runStarted) : nil
    state.secondsLeft = secondsLeft(now)
    let isEndOfEpoch = state.step == state.steps
    if style == .lines, isEndOfEpoch { write(ProgressLine.plain(state) + "\n") }
    draw(now, force: isEndOfEpoch)
  }

  /// Ends a run; on a terminal its bar gives way to one line that stays.
  func end() {
    guard style == .bar else { return }
    clearLine()
    let seconds = ProgressLine.duration(clock() - runStarted)
    let loss = state.loss.map { ", loss \(fixed($0, 3))" } ?? ""
    let rate = state.imagesPerSecond.map { ", \(fixed($0, 0)) images/s" } ?? ""
    write("\(state.label): \(state.epoch) epochs\(loss)\(rate), \(seconds)\n")
  }

  /// Tells what share of the evaluation after a run is done.
  func evaluating(_ share: Double) { tell(share, "\(state.label)  evaluating") }

  /// Tells what share of some work without steps is done.
  func tell(_ share: Double, _ label: String) {
    let text = work.line(share, label, now: clock(), width: width())
    guard text != nil || share >= 1 else { return }
    clearLine()
    guard let text else { return }
    write(text)
    isLineOpen = style == .bar
  }

  /// Writes a line above the bar; warnings and phases without steps, such as evaluation.
  func note(_ text: String) {
    guard style != .quiet else { return }
    clearLine()
    write(visible(text) + "\n")
  }

  /// Leaves the cursor at the beginning of a line; calling it again does nothing.
  func finish() { closeLine() }

  /// Seconds of a clock that never goes back.
  static func now() -> Double {
    let elapsed = ContinuousClock.now - origin
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  }

  private static let origin = ContinuousClock.now

  private func secondsLeft(_ now: Double) -> Double? {
    guard let started, stepsTaken > 0, now > started else { return nil }
    let later = plan.epochs * plan.steps.dropFirst(runsBegun).reduce(0, +)
    let left = later + max(0, state.epochs * state.steps - (state.epoch - 1) * state.steps - state.step)
    return (now - started) / Double(stepsTaken) * Double(left)
  }

  private func draw(_ now: Double, force: Bool) {
    guard style == .bar, force || now - lastDrawn >= Self.interval else { return }
    lastDrawn = now
    write("\r" + ProgressLine.bar(state, width: width() - 1) + "\u{1B}[K")
    isLineOpen = true
  }

  private func clearLine() {
    guard isLineOpen else { return }
    write("\r\u{1B}[K")
    isLineOpen = false
  }

  private func closeLine() {
    guard isLineOpen else { return }
    write("\n")
    isLineOpen = false
  }
}

extension Progress.Style {
  /// What suits the standard error.
  static func suitable(quiet: Bool) -> Self { quiet ? .quiet : Terminal.isInteractive ? .bar : .lines }
}
