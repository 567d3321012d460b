import Foundation

@testable import Tensor

/// The names under which operations are recorded, found in the sources, so that one without a test is noticed.
func primitivesInSources() throws -> Set<String> {
  let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Sources/Tensor").standardized
  let files = try ["Operations", "Autograd"].flatMap {
    try FileManager.default.contentsOfDirectory(
      at: sources.appendingPathComponent($0), includingPropertiesForKeys: nil)
  }
  var names: Set<String> = []
  for file in files where file.pathExtension == "swift" {
    let code = try String(contentsOf: file, encoding: .utf8)
    for match in code.matches(of: /(?:recorded|viewed)\(\s*"(\w+)"/) { names.insert(String(match.1)) }
    for match in code.matches(of: /extreme\(\.\w+, "(\w+)"/) { names.insert(String(match.1)) }
    for match in code.matches(of: /Operation(?:<Scalar>)?\("(\w+)"/) { names.insert(String(match.1)) }
  }
  return names.subtracting(["leaf"])
}

/// The names of the operations on a tape.
struct TapeNames {
  private(set) var names: Set<String> = []

  init(_ tensor: Tensor<Double>) {
    var seen: Set<ObjectIdentifier> = []
    var nodes: [Node] = tensor.node.map { [$0] } ?? []
    while let node = nodes.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted, !(node is Leaf) else { continue }
      names.insert("\(node.name)")
      var sources: ContiguousArray<Unmanaged<Node>> = []
      node.appendSources(to: &sources)
      nodes += sources.map { $0.takeUnretainedValue() }
    }
  }
}
