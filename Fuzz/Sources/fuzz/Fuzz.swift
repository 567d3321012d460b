import Foundation
import Tensor

/// Reads mutated files of every format and ends with a crash, or with one line a format.
///
///     swift run -c release --package-path Fuzz fuzz --inputs 1000000 [--seed 1] [--format npy]
///
/// Input number N of a seed is always the same: after a crash, `--from N --inputs 1` repeats it alone.
@main struct Fuzz {
  static func main() throws {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let goldens = here.appendingPathComponent("../../../Tests/Goldens/files").standardized
    nameInputOnCrash()

    let formats = FuzzedFormat.allCases.filter { options.format == nil || $0 == options.format }
    let files = try formats.map { try $0.files(goldens: goldens) }
    var accepted = formats.map { _ in 0 }
    var total = formats.map { _ in 0 }
    for (format, seeds) in zip(formats, files) {
      for seed in seeds { _ = format.read(seed) }
    }
    let (start, memoryBefore) = (Date(), peakMemory())
    for input in options.from..<options.from + options.inputs {
      currentInput.pointee = input
      let index = input % formats.count
      var mutation = Mutation(generator: RandomGenerator(seed: options.seed &+ UInt64(input) &* 0x9E37_79B9_7F4A_7C15))
      let bytes = mutation.mutated(files[index], for: formats[index])
      total[index] += 1
      if formats[index].read(bytes) { accepted[index] += 1 }
    }
    let grown = peakMemory() - memoryBefore
    for (index, format) in formats.enumerated() {
      print(
        "\(format.rawValue): \(total[index]) inputs, \(accepted[index]) accepted, \(total[index] - accepted[index]) refused"
      )
    }
    print("seed \(options.seed), \(Int(Date().timeIntervalSince(start))) s, peak memory grew by \(grown >> 20) MiB")
    fflush(nil)
    if grown > 256 << 20 { fatalError("a small file made the reader take \(grown >> 20) MiB") }
  }

  private static func peakMemory() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }
}

private struct Options {
  var inputs = 100_000
  var seed: UInt64 = 1
  var from = 0
  var format: FuzzedFormat?

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Problem(description: "\(name) needs a value") }
      switch (name, Int(value)) {
      case ("--inputs", let number?) where number >= 0: inputs = number
      case ("--from", let number?) where number >= 0: from = number
      case ("--seed", let number?): seed = UInt64(bitPattern: Int64(number))
      case ("--format", _) where FuzzedFormat(rawValue: value) != nil: format = FuzzedFormat(rawValue: value)
      default:
        throw Problem(
          description: "\(name) \(value): use --inputs N, --seed N, --from N, --format F "
            + "(\(FuzzedFormat.allCases.map(\.rawValue).joined(separator: ", ")))")
      }
    }
  }
}

/// The number of the input being read.
private nonisolated(unsafe) let currentInput: UnsafeMutablePointer<Int> = {
  let pointer = UnsafeMutablePointer<Int>.allocate(capacity: 1)
  pointer.initialize(to: -1)
  return pointer
}()

/// Makes a crash say at which input it happened.
private func nameInputOnCrash() {
  for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE] {
    signal(number) { number in
      let text = Array("\nfuzz: crashed at input \(currentInput.pointee)\n".utf8)
      write(2, text, text.count)
      _exit(128 + number)
    }
  }
}
