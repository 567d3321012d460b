import Collectives

/// How the program ends when something went wrong.
enum Failure {
  /// The line for the standard error: `cub-hpl: …`, always exactly one, and short whatever the error quotes.
  static func line(for error: any Error) -> String {
    let text = withoutMiddle("\(error)", limit: 20_000)
    let words = text.split(whereSeparator: \.isNewline).joined(separator: " ").split(
      separator: " ", omittingEmptySubsequences: false)
    let short = words.map { withoutMiddle(String($0), limit: 300) }.joined(separator: " ")
    return visible("\(Program.name): \(withoutMiddle(short, limit: 1000))")
  }

  /// What to say where the system gives no more memory.
  static func outOfMemory(_ bytes: Int) -> String {
    "out of memory: the system does not give \(bytes) bytes more; take a smaller --batch or --image-size, or fewer --threads"
  }

  /// The exit status: 2 for a wrong command line, that of the signal for an interruption, 1 for anything else.
  static func exitStatus(for error: any Error) -> Int32 {
    switch (error as? RankError)?.cause ?? error {
    case is UsageError: 2
    case let interruption as Interruption: interruption.exitStatus
    default: 1
    }
  }
}
