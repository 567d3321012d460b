import Foundation
import Synchronization
import TensorFiles

/// The report of an experiment while it goes on: written anew after every epoch, so that a browser shows how it stands.
///
/// Where a page takes longer than a twentieth of the time between two epochs, it is written less often.
final class LiveReport: Sendable {
  private struct Latest {
    var live: LiveResults?
    /// When the last page was written, and how long that took.
    var written = -Double.infinity
    var took = 0.0
    var isClosed = false
  }

  private let folder: OutputFolder
  private let latest = Mutex(Latest())

  init(_ folder: OutputFolder) { self.folder = folder }

  var page: String { folder.file(ReportPage.name) }

  /// Tells where the experiment stands: `results` of finished runs, and those that are not.
  ///
  /// - Parameter isNews: false for what may be left out to save time.
  func update(_ live: LiveResults, isNews: Bool) throws {
    let isDue = latest.withLock { latest -> Bool in
      guard !latest.isClosed else { return false }
      latest.live = live
      return isNews || Progress.now() - latest.written > 20 * latest.took
    }
    guard isDue else { return }
    let start = Progress.now()
    try Self.write(live, to: folder)
    latest.withLock { ($0.written, $0.took) = (Progress.now(), Progress.now() - start) }
  }

  /// Says that the experiment has ended before its time, in a word and perhaps with a reason; the page then reloads no more.
  func end(_ word: String, reason: String? = nil) {
    let live = latest.withLock { latest -> LiveResults? in
      defer { latest.isClosed = true }
      return latest.isClosed ? nil : latest.live
    }
    guard var live else { return }
    (live.state.ended, live.state.reason) = (word, reason)
    live.state.updated = Date().ISO8601Format()
    // Whoever ends the experiment has something to say that matters more.
    try? Self.write(live, to: folder)
  }

  /// The experiment is finished, and its report takes the place of the page.
  func close() {
    latest.withLock { $0.isClosed = true }
    if World.speaks { unlink(folder.file(LiveResults.name)) }
  }

  /// Writes the state and its page.
  static func write(_ live: LiveResults, to folder: OutputFolder) throws {
    let (text, page) = (try JSONText.encoded(live), ReportPage.html(.init(live)))
    try folder.write([(LiveResults.name, { try $0.write(text) })])
    try folder.write([(ReportPage.name, { try $0.write(page) })])
  }
}

extension ReportContent {
  /// What is known of an experiment that has not finished.
  init(_ live: LiveResults) {
    self.init(title: live.results.subject, results: live.results)
    (unfinished, state) = (live.unfinished.map(\.run), live.state)
  }
}
