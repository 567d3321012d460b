import Collectives
import Foundation

/// One rank of a group, for the tests of the MPI transport: does every collective, compares each result with what it works out by
/// itself, and prints one line at rank 0.
///
///     rank-program [check | throw | die] [--most-bytes N]
///     rank-program threads N
///
/// `throw`: an error of one rank alone, outside `agree`. `die`: one rank is killed. `--most-bytes`: what one call of MPI may carry, so
/// that few bytes are many already. `threads`: the same collectives, by a group of threads.
@main struct RankProgram {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let mode = arguments.first ?? "check"
    do {
      if mode == "threads" {
        print(try Group.threads(Int(arguments[1])!) { try Checks.run($0) }[0])
      } else {
        let mostBytes = arguments.firstIndex(of: "--most-bytes").map { Int(arguments[$0 + 1])! }
        try run(mode, try mostBytes.map { try Group.launched(mostBytes: $0) } ?? Group.launched())
      }
    } catch {
      stop(error, status: 3)
    }
  }

  /// One rank's part.
  private static func run(_ mode: String, _ group: Group) throws {
    do {
      // The others are then where they wait for it.
      if group.rank == group.size - 1 {
        if mode == "throw" { throw Wrong(what: "this rank alone has failed") }
        if mode == "die" { kill(getpid(), SIGKILL) }
      }
      let line = try Checks.run(group)
      if group.isFirst { print(line) }
      group.finish()
    } catch {
      write("rank-program: rank \(group.rank): \(error)")
      group.abort(status: 4)
    }
  }

  private static func stop(_ error: any Error, status: Int32) -> Never {
    write("rank-program: \(error)")
    exit(status)
  }

  private static func write(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}

/// What is not as it should be.
struct Wrong: Error, CustomStringConvertible {
  let what: String
  var description: String { what }
}
