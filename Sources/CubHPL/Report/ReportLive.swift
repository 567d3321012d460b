/// What a report says of an experiment that has not finished.
extension ReportPage {
  /// Where it stands; nothing for one that has finished.
  var state: Markup {
    guard let state = content.state else { return .nothing }
    let sentence = state.description.prefix(1).uppercased() + state.description.dropFirst() + "."
    let reload =
      state.ended == nil
      ? "This page reloads itself while the run lasts." : "This page does not change any more until the run goes on."
    return .tag(
      "div", ["class": "state", "id": "state", "data-updated": state.updated, "data-pause": fixed(state.pause, 1)],
      .tag("p", [:], .tag("strong", [:], .text(sentence))), state.reason.map { .tag("p", [:], .code($0)) } ?? .nothing,
      .tag("p", ["class": "quiet"], "Written \(state.updated). ", .tag("span", ["id": "reload"], .text(reload))))
  }

  /// The script that reloads the page; nothing where there is no more to come.
  var reloading: Markup {
    guard let state = content.state, state.ended == nil else { return .nothing }
    return .script(Self.reload)
  }

  /// Reloads twice between two epochs, but no sooner than after two seconds and no later than after a minute, and stops where
  /// nothing was written for long.
  private static let reload = """
    const state = document.getElementById("state");
    const pause = Number(state.dataset.pause);
    const silence = (Date.now() - Date.parse(state.dataset.updated)) / 1000;
    const patience = pause > 0 ? Math.max(900, 20 * pause) : 86400;
    if (silence > patience) {
      document.getElementById("reload").textContent =
        `Nothing was written for ${Math.round(silence / 60)} minutes, so the page reloads itself no more: the run may have been killed.`;
    } else {
      setTimeout(() => location.reload(), 1000 * Math.min(60, Math.max(2, pause > 0 ? pause / 2 : 10)));
    }
    """
}
