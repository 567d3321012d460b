import Foundation
import Testing
import _TestSupport

/// The table of primitives names what the code records, no more and no less.
@Test func tableOfPrimitivesIsComplete() throws {
  let rows = readLines("Documentation/architecture.md").drop { $0 != "## Primitives" }.dropFirst()
    .prefix { !$0.hasPrefix("## ") }.filter { $0.hasPrefix("| `") }
  let documented = rows.flatMap { row in
    String(row.split(separator: "|")[0]).matches(of: /`(\w+)`/).map { String($0.1) }
  }
  expectEqual(Set(documented).count, documented.count)
  expectEqual(
    Set(documented).symmetricDifference(recordedNames()), [], "these are in the table or in the code, not in both")
}

private func recordedNames() -> Set<String> {
  let folder = packageFolder.appendingPathComponent("Sources/Tensor")
  let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
  var names: Set<String> = []
  for file in files where file.hasSuffix(".swift") {
    let code = readLines("Sources/Tensor/\(file)").joined(separator: "\n")
    let calls = [
      code.matches(of: /(?:recorded|viewed)\(\s*"(\w+)"/), code.matches(of: /extreme\(\.\w+, "(\w+)"/),
      code.matches(of: /Operation(?:<Scalar>)?\("(\w+)"/),
    ]
    names.formUnion(calls.joined().map { String($0.1) })
  }
  return names.subtracting(["leaf"])
}
