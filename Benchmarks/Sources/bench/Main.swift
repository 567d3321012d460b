import Collectives
import Foundation
import Tensor

/// Every benchmark, in the order in which `--list` and `compare` take them.
let benchmarks = [
  tape, elementwise, reduce, matmul, convolution,
  resNet50.training(), resNet50.inference(), resNet50.training(.bfloat16), resNet50.inference(.bfloat16),
  visionTransformer.training(), visionTransformer.inference(), visionTransformer.training(.bfloat16),
  visionTransformer.inference(.bfloat16), classifierStep, transformerStep, hplStep(), hplStep(.bfloat16),
  retrieval, hierarchicalRetrieval, search, kMeans, agglomerative, tsne, loading, chainMemory,
  distributed,
]

/// Runs benchmarks by name and prints one JSON line a size.
///
///     swift run -c release --package-path Benchmarks bench [NAME…] [--size S] [--threads N] [--list]
@main struct Main {
  static func main() {
    var names: [String] = []
    var size: String?
    var arguments = Array(CommandLine.arguments.dropFirst())
    while let argument = arguments.first {
      arguments.removeFirst()
      switch argument {
      case "--list":
        for benchmark in benchmarks where !benchmark.isDistributed { print(benchmark.listing) }
        return
      case "--size", "--threads":
        guard let value = arguments.first else { stop("\(argument) needs a value") }
        arguments.removeFirst()
        if argument == "--size" {
          size = value
        } else if let count = Int(value), count > 0 {
          Threads.count = count
        } else {
          stop("--threads \(value): not a number of threads")
        }
      case _ where argument.hasPrefix("-"):
        stop("\(argument) is no option; there are --size S, --threads N and --list")
      default:
        names.append(argument)
      }
    }
    let known = benchmarks.map(\.name)
    for name in names where !known.contains(name) {
      stop("no benchmark '\(name)'; there are \(known.joined(separator: ", "))")
    }
    let group: Group
    do { group = try Group.launched() } catch { stop("\(error)") }
    var count = 0
    for benchmark in benchmarks
    where names.isEmpty && !benchmark.isDistributed || names.contains(benchmark.name) {
      count += benchmark.run(size: size, group)
    }
    group.finish()
    if count == 0 { stop("no size '\(size ?? "")' in \(names.joined(separator: ", ")); --list shows the sizes") }
  }

  private static func stop(_ message: String) -> Never {
    FileHandle.standardError.write(Data("bench: \(message)\n".utf8))
    exit(2)
  }
}
