import Foundation

/// Maltreats the built program in every way that a machine, a file system or a user might, and counts what it did not stand.
///
///     Scripts/torture [--scale 1] [--seed 1] [--only NAME,…] [--keep DIR]
///
/// Try number N of a campaign and seed is always the same, except for where a kill at a random moment strikes. A failure's line
/// names the folder that holds what the program was given, if `--keep` says where.
@main struct Torture {
  static func main() throws {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    let work = Folder(options.keep ?? NSTemporaryDirectory() + "torture-\(getpid())")
    try work.make()
    defer { if options.keep == nil { work.remove() } }

    let program = Program(path: options.program, faults: options.faults, home: work.path)
    let workload = try Workload(program: program, pictures: options.pictures, folder: work)
    print(
      "one run of the job takes \(String(format: "%.2f", workload.seconds)) s; seed \(options.seed), scale \(options.scale)"
    )
    var failed = 0
    for campaign in Campaign.all where options.only?.contains(campaign.name) ?? true {
      let start = Date()
      var bench = Bench(
        campaign.name, workload: workload, folder: work.sub(campaign.name), seed: options.seed,
        tries: max(1, Int(Double(campaign.tries) * options.scale)), keeps: options.keep != nil)
      try campaign.run(&bench)
      failed += bench.failures.count
      let time = Int(Date().timeIntervalSince(start))
      print("\(campaign.name): \(bench.done) tries, \(bench.failures.count) failures (\(bench.tally), \(time) s)")
      for failure in bench.failures.prefix(20) { print("  \(failure)") }
      fflush(nil)
    }
    if failed > 0 { exit(1) }
  }
}

/// A way of maltreating, and how many tries it has at scale 1.
struct Campaign {
  let name: String
  let tries: Int
  let run: @Sendable (inout Bench) throws -> Void

  static let all = [
    Campaign(name: "kills", tries: 60, run: killAtRandom),
    Campaign(name: "signals", tries: 60, run: interrupt),
    Campaign(name: "calls", tries: 80, run: killAtCalls),
    Campaign(name: "faults", tries: 160, run: failCalls),
    Campaign(name: "reading", tries: 120, run: failReading),
    Campaign(name: "pairs", tries: 40, run: twoOnOneFolder),
    Campaign(name: "states", tries: 300, run: mutateStates),
    Campaign(name: "signed", tries: 300, run: mutateSigned),
    Campaign(name: "lists", tries: 240, run: mutateLists),
    Campaign(name: "names", tries: 60, run: hostileNames),
    Campaign(name: "commands", tries: 240, run: randomCommands),
    Campaign(name: "streams", tries: 40, run: brokenStreams),
  ]
}

private struct Options {
  var program = ""
  var faults = ""
  var pictures = ""
  var seed: UInt64 = 1
  var scale = 1.0
  var only: [String]?
  var keep: String?

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Problem(description: "\(name) needs a value") }
      switch name {
      case "--program": program = value
      case "--faults": faults = value
      case "--pictures": pictures = value
      case "--seed":
        guard let number = UInt64(value) else { throw Problem(description: "--seed \(value) is no number") }
        seed = number
      case "--scale":
        guard let number = Double(value), number > 0, number <= 10_000 else {
          throw Problem(description: "--scale \(value) is not between 0 and 10,000")
        }
        scale = number
      case "--only":
        let names = value.split(separator: ",").map(String.init)
        if let unknown = names.first(where: { name in !Campaign.all.contains { $0.name == name } }) {
          throw Problem(
            description:
              "no campaign is called '\(unknown)'; there are \(Campaign.all.map(\.name).joined(separator: ", "))")
        }
        only = names
      case "--keep": keep = value
      default: throw Problem(description: "unknown option \(name)")
      }
    }
  }
}
