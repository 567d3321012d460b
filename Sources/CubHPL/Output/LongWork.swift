import Dispatch
import Synchronization

/// How far something is that may take long, as what a person is told of it.
///
/// What takes less than two seconds is not spoken of. On a terminal a line is drawn over until the work is done, and goes away then;
/// elsewhere there is a line every half minute.
struct LongWork {
  /// Seconds before the first word.
  static let patience = 2.0
  /// Seconds between two lines of a log.
  static let pause = 30.0

  private let style: Progress.Style
  private var label = ""
  private var started = 0.0
  private var told = 0.0

  init(_ style: Progress.Style) { self.style = style }

  /// What to write for a share of the work that `label` names, at a time in seconds; nil for nothing.
  ///
  /// Where no share is known, it says how long the work has taken. Another label is other work. A line of a terminal is at most
  /// `width` characters.
  mutating func line(_ share: Double?, _ label: String, now: Double, width: Int) -> String? {
    if label != self.label { (self.label, started, told) = (label, now, now) }
    if let share, share >= 1 {
      self.label = ""
      return nil
    }
    guard style != .quiet, now - started >= Self.patience,
      now - told >= (style == .bar ? Progress.interval : Self.pause)
    else { return nil }
    told = now
    let text = visible("\(label), \(Self.words(share, after: now - started))")
    return style == .bar ? String(text.prefix(max(0, width - 1))) : text + "\n"
  }

  private static func words(_ share: Double?, after seconds: Double) -> String {
    guard let share else { return "\(ProgressLine.duration(seconds)) so far" }
    let left = share > 0 ? ", \(ProgressLine.duration(seconds / share * (1 - share))) left" : ""
    return "\(fixed(100 * share, 0)) %\(left)"
  }
}

/// Tells how far the work of a command is that trains nothing; from any thread.
final class Meter: Sendable {
  private struct State {
    var work: LongWork
    var isLineOpen = false
  }

  private let state: Mutex<State>
  private let style: Progress.Style
  private let clock: @Sendable () -> Double
  private let write: @Sendable (String) -> Void

  /// Says nothing.
  static let silent = Meter(.quiet)

  init(
    _ style: Progress.Style, clock: @escaping @Sendable () -> Double = { Progress.now() },
    write: @escaping @Sendable (String) -> Void = { Terminal.write($0) }
  ) {
    state = Mutex(State(work: LongWork(style)))
    (self.style, self.clock, self.write) = (style, clock, write)
  }

  /// Tells what share of some work is done, or that it goes on.
  func tell(_ share: Double?, _ label: String) {
    state.withLock { state in
      let text = state.work.line(share, label, now: clock(), width: Terminal.width)
      guard text != nil || (share ?? 0) >= 1 else { return }
      if state.isLineOpen { write("\r\u{1B}[K") }
      state.isLineOpen = style == .bar && text != nil
      if let text { write(text) }
    }
  }

  /// Does some work that cannot say how far it is, and tells meanwhile that it goes on; nothing else may be written until it is done.
  func during<Result>(_ label: String, _ work: () throws -> Result) rethrows -> Result {
    guard style != .quiet else { return try work() }
    let isDone = Mutex(false)
    tell(nil, label)
    let timer = DispatchSource.makeTimerSource()
    timer.setEventHandler { [self] in isDone.withLock { if !$0 { tell(nil, label) } } }
    timer.schedule(deadline: .now() + Progress.interval, repeating: Progress.interval)
    timer.resume()
    defer {
      isDone.withLock { $0 = true }
      timer.cancel()
      tell(1, label)
    }
    return try work()
  }
}
