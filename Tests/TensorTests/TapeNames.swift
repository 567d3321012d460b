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
    for match in code.matches(of: /(?:recorded|recordedJointly|viewed)\(\s*"(\w+)"/) { names.insert(String(match.1)) }
    for match in code.matches(of: /\brecord\([^"\n]*"(\w+)"/) { names.insert(String(match.1)) }
    for match in code.matches(of: /extreme\(CK_\w+, "(\w+)"/) { names.insert(String(match.1)) }
    for match in code.matches(of: /super\.init\(name: "(\w+)"/) { names.insert(String(match.1)) }
    for match in code.matches(of: /Operation<Scalar>\(name: "(\w+)"/) { names.insert(String(match.1)) }
  }
  return names.subtracting(["leaf"])
}

/// The names of the operations on a tape, found by reflection, so that tests need nothing from its nodes but their names.
struct TapeNames {
  private(set) var names: Set<String> = []
  private var seen: Set<ObjectIdentifier> = []

  init(_ tensor: Tensor<Double>) {
    var nodes: [Node] = tensor.node.map { [$0] } ?? []
    while let node = nodes.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted, !(node is Leaf) else { continue }
      names.insert("\(node.name)")
      var mirror: Mirror? = Mirror(reflecting: node)
      while let part = mirror {
        for child in part.children { Self.find(child.value, &nodes) }
        mirror = part.superclassMirror
      }
    }
  }

  private static func find(_ value: Any, _ nodes: inout [Node]) {
    if let node = value as? Node { return nodes.append(node) }
    if let node = value as? Unmanaged<Node> { return nodes.append(node.takeUnretainedValue()) }
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle != .class else { return }
    for child in mirror.children { find(child.value, &nodes) }
  }
}
