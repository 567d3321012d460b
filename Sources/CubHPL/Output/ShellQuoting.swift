/// The words as one command line that a POSIX shell reads back as the same words.
func shellCommand(_ words: [String]) -> String { words.map(shellQuoted).joined(separator: " ") }

private func shellQuoted(_ word: String) -> String {
  let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%"
  if !word.isEmpty, word.allSatisfy(plain.contains) { return word }
  return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
}
