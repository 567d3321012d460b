import Foundation
import Tensor

/// A file of golden values from `Tests/Goldens`, whose README describes the naming.
///
/// Reads the file by itself: a mistake in the package's own reader must not hide one elsewhere.
package struct Goldens: Sendable {
  fileprivate struct Entry: Decodable, Sendable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }

  private let metadata: [String: String]
  fileprivate let entries: [String: Entry]
  /// The roles of each case, sorted.
  fileprivate let roles: [String: [String]]
  fileprivate let data: Data

  /// Reads `Tests/Goldens/<family>.safetensors`.
  package init(_ family: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = try Data(contentsOf: tests.appendingPathComponent("Goldens/\(family).safetensors"))
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: file[8..<8 + length]) as? [String: Any] ?? [:]
    metadata = header["__metadata__"] as? [String: String] ?? [:]
    let tensors = try JSONSerialization.data(withJSONObject: header.filter { $0.key != "__metadata__" })
    entries = try JSONDecoder().decode([String: Entry].self, from: tensors)
    data = Data(file[(8 + length)...])
    roles = Dictionary(grouping: entries.keys.sorted()) { String($0[..<$0.lastIndex(of: "/")!]) }
      .mapValues { names in names.map { String($0[$0.lastIndex(of: "/")!...].dropFirst()) } }
  }

  /// All cases, sorted by name; traps where there is none, for a test without cases would pass.
  package var cases: [GoldenCase] {
    let cases = metadata.filter { $0.value.hasPrefix("{") }.sorted { $0.key < $1.key }
      .map { GoldenCase(name: $0.key, arguments: Data($0.value.utf8), goldens: self) }
    if cases.isEmpty { fatalError("a golden file has no cases") }
    return cases
  }

  /// One case by its name, `<subject>/<case>` or `<case>`; traps where there is none.
  package subscript(_ name: String) -> GoldenCase {
    guard let golden = cases.first(where: { $0.name == name }) else { fatalError("no golden case \(name)") }
    return golden
  }
}

/// One golden case: its tensors by role, and its arguments.
package struct GoldenCase: Sendable, CustomStringConvertible {
  /// `<subject>/<case>`, or `<case>` in a file with one subject.
  package let name: String
  fileprivate let arguments: Data
  fileprivate let goldens: Goldens

  /// What the case is about: an operation, a layer, a loss.
  package var subject: String { String(name.prefix { $0 != "/" }) }
  package var description: String { name }

  /// The roles of the case's tensors: `input0`, `output`, …; sorted.
  package var roles: [String] { goldens.roles[name] ?? [] }

  /// Whether the tensor in a role holds indices, labels or a mask.
  package func isInteger(_ role: String) -> Bool { entry(role).dtype == "I64" }

  /// The numbers in a role; traps where there are none.
  package func tensor<Scalar: TensorScalar>(_ role: String, as type: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
    elements(role, "F64", Double.self).cast(to: Scalar.self)
  }

  /// The indices, labels or mask in a role; traps where there are none.
  package func labels(_ role: String) -> Labels { elements(role, "I64", Int.self) }

  /// An argument that is not a tensor: a number, a list, a flag; traps where the case has none of this type.
  package func argument<Value>(_ key: String, as type: Value.Type = Value.self) -> Value {
    let all = (try? JSONSerialization.jsonObject(with: arguments)) as? [String: Any]
    guard let value = all?[key] as? Value else { fatalError("golden \(name) has no argument \(key) of type \(type)") }
    return value
  }

  /// An argument that only some cases have, or what it defaults to.
  package func argument<Value>(_ key: String, default value: Value) -> Value {
    let all = (try? JSONSerialization.jsonObject(with: arguments)) as? [String: Any]
    return all?[key] as? Value ?? value
  }

  private func entry(_ role: String) -> Goldens.Entry {
    guard let entry = goldens.entries["\(name)/\(role)"] else { fatalError("golden \(name) has no \(role)") }
    return entry
  }

  private func elements<Element>(_ role: String, _ dtype: String, _: Element.Type) -> Tensor<Element> {
    let entry = entry(role)
    guard entry.dtype == dtype else { fatalError("golden \(name)/\(role) is \(entry.dtype), not \(dtype)") }
    return Tensor(shape: entry.shape) { elements in
      _ = goldens.data.copyBytes(
        to: UnsafeMutableRawBufferPointer(elements), from: entry.data_offsets[0]..<entry.data_offsets[1])
    }
  }
}

/// A file in `Tests/Goldens/files`.
package func goldenFile(_ name: String) -> URL {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Goldens/files/\(name)")
}
