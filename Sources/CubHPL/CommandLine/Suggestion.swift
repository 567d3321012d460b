/// The candidate that a typing mistake most likely meant, or nil when nothing is close.
///
/// Close is: at most a third of the letters differ (insertions, deletions, substitutions and swaps of neighbours),
/// or the word is the beginning of exactly one candidate.
func nearest(to word: String, among candidates: [String]) -> String? {
  func limit(_ candidate: String) -> Int { max(1, candidate.count / 3) }
  // At least as many letters differ as one is longer; of very long words nobody need count them.
  let possible = candidates.filter { abs($0.count - word.count) <= limit($0) }
  let scored = possible.map { (distance: editDistance(word, $0), candidate: $0) }
  if let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= limit(best.candidate) {
    return best.candidate
  }
  let completions = candidates.filter { word.count >= 3 && $0.hasPrefix(word) }
  return completions.count == 1 ? completions[0] : nil
}

/// The number of insertions, deletions, substitutions and swaps of neighbours that turn one word into another.
func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a)
  let b = Array(b)
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      let substituted = last[j] + (a[i] == b[j] ? 0 : 1)
      var best = min(substituted, last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
      row.append(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
