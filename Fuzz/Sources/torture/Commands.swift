import Foundation

/// Command lines made of options and values at random: a run, or one line that says what is wrong.
func randomCommands(_ bench: inout Bench) throws {
  let (workload, program) = (bench.workload, bench.program)
  let commands = ["tsne", "embed", "search", "inspect", "compare", "sweep", "train", "export", "help", "trian"]
  let help = try commands.map { try program.run([$0, "--help"]).outputText }.joined()
  var options = Set(help.matches(of: /--[a-z][a-z-]*/).map { String($0.output) }).sorted()
  options.append("--unknown")
  let values = [
    "0", "1", "2", "3", "32", "64", "-1", "0.1", "1e-3", "1e30", "nan", "", "all", "hpl-pa", "proxy-nca,triplet",
    "hardest", "small",
    "resnet18", "1.0", "1.0,clusters:3:0.1", "1.0,taxonomy:0.1", "1.0,clusters:3:0.1:ward:centroid", "balanced",
    "shuffled", "cosine",
    "step:2:0.5", "mlrc", "proxy-anchor", "w1", "coarse", "0,0.5", "2,3", "test", "train", "cub", "folder",
    "99999999999999999999", "\u{1B}[1m",
    String(repeating: "9", count: 5000), "/dev/null", "/", "no/such/file", workload.pictures,
    "\(workload.finished.path)/model.safetensors", "\(workload.finished.path)/hierarchy.json",
    "\(workload.finished.path)/runs/hpl-pa-seed-0/last.safetensors",
  ]
  for number in 0..<bench.tries {
    try bench.attempt(number) { folder, dice, note in
      var arguments: [String] = dice.below(2) == 0 ? [dice.pick(commands)] : []
      arguments += dice.below(3) > 0 ? ["--data", workload.pictures] : []
      for _ in 0..<dice.below(5) {
        let option = dice.pick(options)
        arguments.append(option)
        if dice.below(8) > 0 { arguments.append(dice.pick(values)) }
      }
      // What would take long or write elsewhere is settled last, unless it was drawn.
      for (option, value) in [("--epochs", "1"), ("--image-size", "32"), ("--output", folder.sub("out").path)]
      where !arguments.contains(option) && dice.below(10) > 0 { arguments += [option, value] }
      let line = arguments.map { $0.count > 60 ? "\($0.prefix(20))… (\($0.count))" : $0 }.joined(separator: " ")
      let running = try program.start(arguments, shell: #"ulimit -v 12000000; exec "$@""#)
      // Some are real work; that they go on is no failure.
      let outcome = running.wait(limit: 20)
      note(outcome.endText)
      if outcome.end == .hanging { return nil }
      return outcome.objection(allowed: [0, 1, 2]).map { "\(line): \($0)" }
    }
  }
}

/// Standard output and standard error that are closed, full or a pipe that nobody reads.
func brokenStreams(_ bench: inout Bench) throws {
  let (workload, program) = (bench.workload, bench.program)
  // Each with the statuses that it may end with when the work itself succeeds.
  let shells: [(String, Set<Int32>)] = [
    (#""$@" >/dev/full"#, [1]), (#""$@" 2>/dev/full"#, [0]), (#""$@" 2>&-"#, [0]), (#""$@" >&-"#, [0, 1]),
    (#""$@" <&- >&- 2>&-"#, [0, 1]), (#""$@" >/dev/full 2>/dev/full"#, [1]),
    (#""$@" | true; exit ${PIPESTATUS[0]}"#, [0, 141]),
    (#"{ "$@" 2>&1 >/dev/null; } | true; exit ${PIPESTATUS[0]}"#, [0]),
  ]
  for number in 0..<bench.tries {
    try bench.attempt(number) { folder, dice, note in
      let (shell, statuses) = shells[number % shells.count]
      let works = dice.below(4) > 0
      let output = folder.sub("out")
      let outcome = try program.run(
        works
          ? Array(workload.arguments(output)).filter { $0 != "--quiet" }
          : dice.pick([["--nonsense"], ["--data", "/no/such/folder", "--output", output.path]]), shell: shell)
      note(outcome.endText)
      guard case .status(let status) = outcome.end else {
        return "\(shell): \(outcome.endText): \(outcome.errorText.suffix(200))"
      }
      let expected = works ? statuses : [1, 2]
      if !expected.contains(status) {
        return "\(shell): status \(status) instead of \(expected.sorted()): \(outcome.errorText.suffix(200))"
      }
      if outcome.errorText.contains("Fatal error") || outcome.errorText.contains("dump") {
        return "\(shell): \(outcome.errorText.suffix(200))"
      }
      return nil
    }
  }
}
