import Foundation

/// Lets each call that changes a file fail once, with no space or an input/output error.
func failCalls(_ bench: inout Bench) throws {
  let workload = bench.workload
  let calls = try countedCalls(workload, in: bench.folder.sub("count"), calls: "write")
  for (number, at) in spread(bench.tries, over: calls).enumerated() {
    try bench.attempt(number) { folder, _, note in
      let output = folder.sub("out")
      return try fails(
        workload, output,
        .init(folder: output.path, calls: "write", at: at, action: number % 2 == 0 ? "ENOSPC" : "EIO"),
        note)
    }
  }
}

/// Lets calls that read a file of the job's folder fail, when the job goes on and when it is finished.
func failReading(_ bench: inout Bench) throws {
  let workload = bench.workload
  var number = 0
  for start in [workload.begun, workload.finished] {
    let calls = try countedCalls(workload, in: bench.folder.sub("count"), calls: "read", from: start)
    for at in spread(bench.tries / 2, over: calls) {
      try bench.attempt(number) { folder, _, note in
        let output = folder.sub("out")
        try start.copy(to: output)
        return try fails(
          workload, output, .init(folder: output.path, calls: "read", at: at, action: "EIO"), note)
      }
      number += 1
    }
  }
}

/// Runs the job with a call that fails, then to its end without; gives why it did not stand that.
private func fails(
  _ workload: Workload, _ output: Folder, _ fault: Program.Fault, _ note: (String) -> Void
) throws -> String? {
  let outcome = try workload.program.run(workload.arguments(output), fault: fault)
  note(outcome.endText)
  let reason =
    try outcome.objection(allowed: [0, 1])
    // A failed removal of a temporary file, say, may be passed over, but then the results must be whole.
    ?? (outcome.end == .status(0) ? workload.results(of: output) : nil)
    ?? goesOn(workload, output)
  return reason.map { "failed call \(fault.at), \(outcome.broken ?? "none"): \($0)" }
}

extension Workload {
  /// Why a folder's results are not the undisturbed ones; nil where they are.
  func results(of folder: Folder) -> String? {
    guard let text = Self.results(folder) else { return "no results.json that can be read, and status 0" }
    return text == reference ? nil : "other results than undisturbed, and status 0"
  }
}

/// Two processes with different settings on one folder, a random moment apart.
func twoOnOneFolder(_ bench: inout Bench) throws {
  let (workload, program) = (bench.workload, bench.program)
  let rates = ["0.001", "0.003"]
  let other = bench.folder.sub("other")
  let arguments = { (rate: String, folder: Folder) in
    Workload.arguments(workload.pictures, output: folder.path, learningRate: rate)
  }
  let outcome = try program.run(arguments(rates[1], other))
  guard outcome.end == .status(0), let second = Workload.results(other) else {
    throw Workload.Failure(description: "the second job does not run: \(outcome.errorText)")
  }
  let expected = [workload.reference, second]
  for number in 0..<bench.tries {
    try bench.attempt(number) { folder, dice, note in
      let output = folder.sub("out")
      let first = try program.start(arguments(rates[0], output))
      usleep(UInt32(dice.below(Int(workload.seconds * 1.2e6))))
      let second = try program.start(arguments(rates[1], output))
      let outcomes = [first.wait(), second.wait()]
      for outcome in outcomes { note(outcome.endText) }
      for outcome in outcomes { if let objection = outcome.objection(allowed: [0, 1]) { return objection } }
      let winners = outcomes.indices.filter { outcomes[$0].end == .status(0) }
      guard winners.count == 1 else { return "\(winners.count) of two processes with different settings succeeded" }
      guard Workload.results(output) == expected[winners[0]] else { return "the results are not the winner's" }
      return workload.leftover(output)
    }
  }
}
