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
      let own = operationsRecordedAs[name] ?? name
      var row = rows[name] ?? OperationRow(name: name, primitive: nil, orders: 0, records: 0)
      if forward.contains(own) { row.primitive = own }
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
      "| `\(row.name)` | \(row.primitive.map { $0 == row.name ? "primitive" : "primitive `\($0)`" } ?? "composed") "
        + "| \(row.orders == 1 ? "1st" : "1st, 2nd") | \(row.records) | \(pyTorchNames[row.name].map { "`\($0)`" } ?? "–") |"
    }
    let names = primitives.sorted().map { "`\($0)`" }.joined(separator: ", ")
    return """
      # Operations

      Every differentiable operation that has test records (`Tests/TensorTests/*Records.swift`), which check its gradients
      against finite differences, in all layouts, and `Float` against `Double`. This file is written by

          HPL_WRITE_DOCUMENTATION=1 swift test --filter OperationTableTests

      and the same test fails where it is out of date. A *primitive* has a pullback of its own; what is *composed* is
      recorded by the primitives that it calls and owns no gradient code.

      | Operation | Recorded | Gradients checked | Records | PyTorch |
      |---|---|---|---|---|
      \(body.joined(separator: "\n"))

      ## Primitives

      The \(primitives.count) names that the records put on the tape, in forward and backward passes: \(names).

      """
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

/// Operations whose place on the tape has another name.
private let operationsRecordedAs = [
  "flipped": "flip", "normalised": "normalized", "permuted": "permute", "transposed": "permute", "expanded": "expand",
  "reshaped": "reshape", "sliced": "slice", "squeezed": "squeeze", "unsqueezed": "unsqueeze", "subscript": "select",
  "concatenated": "concatenate", "scatteredRows": "scatterRows", "batchNormalized": "batchNorm", "raised": "power",
  "pow": "power", "averagePooled": "averagePool", "maxPooled": "maxPool", "padded": "pad", "where": "where",
]

/// The names on the tape behind a tensor.
private func recordedNames(in tensor: Tensor<Double>) -> Set<String> { TapeNames(tensor).names }

/// The names on the tape behind a record's gradients.
private func backwardNames(_ record: OperationRecord<Double>) -> Set<String> {
  let inputs = record.inputs.map { $0.tracked() }
  let gradients = valueWithGradient(at: inputs) { squared(record.body($0)).sum() }.gradient
  return gradients.reduce(into: []) { $0.formUnion(recordedNames(in: $1)) }
}
