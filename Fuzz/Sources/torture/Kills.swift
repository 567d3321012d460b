import Foundation

/// Kills the job at random moments, up to three times, and lets it go on to its end.
func killAtRandom(_ bench: inout Bench) throws {
  let (workload, program) = (bench.workload, bench.program)
  for number in 0..<bench.tries {
    try bench.attempt(number) { folder, dice, note in
      let output = folder.sub("out")
      for _ in 0...dice.below(3) {
        let running = try program.start(workload.arguments(output))
        usleep(UInt32(dice.below(Int(workload.seconds * 1e6))))
        running.send(SIGKILL)
        note(running.wait().endText)
      }
      return try goesOn(workload, output)
    }
  }
}

/// Sends SIGINT, SIGTERM or SIGHUP at a random moment, sometimes twice, and lets the job go on to its end.
func interrupt(_ bench: inout Bench) throws {
  let (workload, program) = (bench.workload, bench.program)
  let statuses = [SIGINT: Int32(130), SIGTERM: 143, SIGHUP: 129]
  for number in 0..<bench.tries {
    try bench.attempt(number) { folder, dice, note in
      let output = folder.sub("out")
      let signal = dice.pick([SIGINT, SIGTERM, SIGHUP])
      let running = try program.start(workload.arguments(output))
      // Before the program has begun, a signal ends it in the system's way.
      usleep(UInt32(100_000 + dice.below(Int(workload.seconds * 1e6))))
      running.send(signal)
      let isDouble = dice.below(3) == 0
      if isDouble { running.send(signal) }
      let outcome = running.wait()
      note(outcome.endText)
      // The second one may end it the system's way.
      if !(isDouble && outcome.end == .signal(signal)),
        let objection = outcome.objection(allowed: [0, statuses[signal]!])
      {
        return objection
      }
      return try goesOn(workload, output)
    }
  }
}

/// Kills the job in place of each call that changes a file, and lets it go on to its end.
func killAtCalls(_ bench: inout Bench) throws {
  let (workload, program) = (bench.workload, bench.program)
  let calls = try countedCalls(workload, in: bench.folder.sub("count"), calls: "write")
  for (number, at) in spread(bench.tries, over: calls).enumerated() {
    try bench.attempt(number) { folder, _, note in
      let output = folder.sub("out")
      let outcome = try program.run(
        workload.arguments(output), fault: .init(folder: output.path, calls: "write", at: at, action: "kill"))
      note(outcome.endText)
      guard outcome.broken != nil else { return outcome.objection(allowed: [0]) }
      return try goesOn(workload, output).map { "killed at call \(at), \(outcome.broken!): \($0)" }
    }
  }
}

/// Runs the job to its end and compares what it leaves with the undisturbed run.
func goesOn(_ workload: Workload, _ output: Folder) throws -> String? {
  let outcome = try workload.program.run(workload.arguments(output))
  return outcome.objection(allowed: [0]) ?? workload.difference(output)
}

/// The calls of an undisturbed job on its own folder.
func countedCalls(_ workload: Workload, in folder: Folder, calls: String, from begun: Folder? = nil) throws -> Int {
  defer { folder.remove() }
  var (low, high) = (0, 64)
  func isReached(_ at: Int) throws -> Bool {
    folder.remove()
    if let begun { try begun.copy(to: folder) }
    return try workload.program.run(
      workload.arguments(folder), fault: .init(folder: folder.path, calls: calls, at: at, action: "kill")
    ).broken != nil
  }
  while try isReached(high) { (low, high) = (high, high * 2) }
  while high - low > 1 {
    let middle = (low + high) / 2
    if try isReached(middle) { low = middle } else { high = middle }
  }
  return low
}

/// Numbers from 1 to `count`, all of them or `tries` spread evenly.
func spread(_ tries: Int, over count: Int) -> [Int] {
  guard tries < count else { return count > 0 ? Array(1...count) : [] }
  return (0..<tries).map { 1 + $0 * count / tries }
}
