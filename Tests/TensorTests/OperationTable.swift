import Tensor
import _TestSupport

/// What `Documentation/operations.md` says of one operation, found by running its records.
struct OperationRow {
  let name: String
  /// The name of its own place on the tape; nil where other operations do the recording.
  var primitive: String?
  /// The orders of gradient that the records check.
  var orders: Int
  var records: Int
}

/// The table of operations, from the records.
struct OperationTable {
  let rows: [OperationRow]
  /// Every name that the records put on the tape, forward or backward.
  let primitives: Set<String>

  init(_ records: [OperationRecord<Double>]) {
    var rows: [String: OperationRow] = [:]
    var all: Set<String> = []
    for record in records {
      let forward = recordedNames(in: record.body(record.inputs.map { $0.tracked() }))
      all.formUnion(forward)
      if record.orders > 1 { all.formUnion(backwardNames(record)) }
      guard let name = operationName(record.name) else { continue }
      var row = rows[name] ?? OperationRow(name: name, primitive: nil, orders: 0, records: 0)
      row.primitive = row.primitive ?? possibleNames(name).first(where: forward.contains)
      row.orders = max(row.orders, record.orders)
      row.records += 1
      rows[name] = row
    }
    self.rows = rows.values.sorted { ($0.name.lowercased(), $0.name) < ($1.name.lowercased(), $1.name) }
    primitives = all
  }

  /// The document.
  var text: String {
    let body = rows.map { row in
      let orders = row.orders == 1 ? "1st" : "1st, 2nd"
      let other = pyTorchNames[row.name].map { "`\($0)`" } ?? "–"
      return "| `\(row.name)` | \(kind(row)) | \(orders) | \(row.records) | \(other) |"
    }
    return """
      # Operations

      Every differentiable operation that has test records (`Tests/TensorTests/*Records.swift`), which check its gradients
      against finite differences, in all layouts, and `Float` against `Double`. A *primitive* has a pullback of its own
      and, where it differs, another name on the tape; [architecture.md](architecture.md#primitives) says what each is. What
      is *composed* is recorded by the primitives that it calls and owns no gradient code. `F` is `torch.nn.functional`.

      This file is written from the records by the following command, and a test fails where it is out of date.

      ```sh
      HPL_WRITE_DOCUMENTATION=1 swift test --filter OperationTableTests
      ```

      | Operation | Recorded | Gradients checked | Records | PyTorch |
      |---|---|---|---|---|
      \(body.joined(separator: "\n"))

      """
  }

  private func kind(_ row: OperationRow) -> String {
    if let name = row.primitive { return name == row.name ? "primitive" : "primitive `\(name)`" }
    return constantOperations.contains(row.name) ? "constant" : "composed"
  }
}

/// The operation that a record is about: the first word of its name.
private func operationName(_ record: String) -> String? {
  let word = String(record.prefix { $0.isLetter || $0.isNumber })
  return recordsOfOthers.contains(word) ? nil : renamedRecords[word] ?? word
}

/// Records whose first word is no operation.
private let recordsOfOthers: Set<String> = ["number"]
private let renamedRecords = ["range": "subscript"]

/// Operations whose place on the tape has a name that is not the operation's own, nor its verb's (`flip` of `flipped`).
private let operationsRecordedAs = [
  "scatteredRows": "scatterRows", "batchNormalized": "batchNorm", "raised": "power", "concatenated": "concatenate",
]

/// Operations that are constant with regard to gradients.
private let constantOperations: Set<String> = ["sign"]

/// What an operation may be called on the tape.
private func possibleNames(_ operation: String) -> [String] {
  let verbs = operation.hasSuffix("d") ? (0...3).map { String(operation.dropLast($0)) } : [operation]
  return verbs + [operationsRecordedAs[operation]].compactMap(\.self)
}

/// The names on the tape behind a tensor.
private func recordedNames(in tensor: Tensor<Double>) -> Set<String> { TapeNames(tensor).names }

/// The names on the tape behind a record's gradients.
private func backwardNames(_ record: OperationRecord<Double>) -> Set<String> {
  let inputs = record.inputs.map { $0.tracked() }
  let gradients = valueWithGradient(at: inputs) { squared(record.body($0)).sum() }.gradient
  return gradients.reduce(into: []) { $0.formUnion(recordedNames(in: $1)) }
}
