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
  /// How many cases from PyTorch there are, and how many misuses are known to trap.
  var goldens = 0
  var errors = 0
}

/// The table of operations, from the records.
struct OperationTable {
  let rows: [OperationRow]
  /// Every name that the records put on the tape, forward or backward.
  let primitives: Set<String>

  init(_ records: [OperationRecord<Double>], goldens: [String], errors: [ErrorRecord]) {
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
    for subject in goldens { rows[operationName(ofGolden: subject)]?.goldens += 1 }
    for error in errors { rows[error.name]?.errors += 1 }
    self.rows = rows.values.sorted { ($0.name.lowercased(), $0.name) < ($1.name.lowercased(), $1.name) }
    primitives = all
  }

  /// The document.
  var text: String {
    let body = rows.map { row in
      let orders = row.orders == 1 ? "1st" : "1st, 2nd"
      let other = pyTorchNames[row.name].map { "`\($0)`" } ?? "–"
      let counts = "\(row.records) | \(row.goldens) | \(row.errors)"
      return "| `\(row.name)` | \(kind(row)) | \(orders) | \(counts) | \(other) |"
    }
    return """
      # Operations

      Every differentiable operation that has test records (`Tests/TensorTests/*Records.swift`), which check its gradients
      against finite differences, in all layouts, and `Float` against `Double`. A *primitive* has a pullback of its own
      and, where it differs, another name on the tape; [architecture.md](architecture.md#primitives) says what each is. What
      is *composed* is recorded by the primitives that it calls and owns no gradient code. *Goldens* counts the cases from
      PyTorch (`Tests/Goldens`), values and gradients, and *misuses* those that must trap with operation and shapes. `F` is
      `torch.nn.functional`.

      This file is written from the records by the following command, and a test fails where it is out of date.

      ```sh
      HPL_WRITE_DOCUMENTATION=1 swift test --filter OperationTableTests
      ```

      | Operation | Recorded | Gradients checked | Records | Goldens | Misuses | PyTorch |
      |---|---|---|---|---|---|---|
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
private let recordsOfOthers: Set<String> = ["all", "number"]
private let renamedRecords = ["range": "subscript"]

/// Operations whose place on the tape has a name that is not the operation's own, nor its verb's (`flip` of `flipped`).
private let operationsRecordedAs = [
  "scatteredRows": "scatterRows", "batchNormalized": "batchNorm", "raised": "power", "concatenated": "concatenate",
]

/// The operation that a golden subject is about: the same name in snake case, or one of those below.
private func operationName(ofGolden subject: String) -> String {
  let words = subject.split(separator: "_")
  let name = String(words[0]) + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  return subjectsOfOperations[subject] ?? name
}

private let subjectsOfOperations = [
  "add_scalar": "add", "subtract_scalar": "subtract", "scalar_subtract": "subtract", "multiply_scalar": "multiply",
  "divide_scalar": "divide", "scalar_divide": "divide", "clamp": "clamped", "clamp_from": "clamped",
  "clamp_through": "clamped", "clamp_between": "clamped", "quantiles": "quantile", "logaddexp": "logAddExp",
  "logsumexp": "logSumExp", "gelu_tanh": "gelu",
  "cumulative_logsumexp": "cumulativeLogSumExp", "transpose": "transposed", "transpose_axes": "transposed",
  "move_axis": "movingAxis", "flatten": "flattened", "roll": "rolled", "tile": "tiled", "repeat": "repeated",
  "reshape": "reshaped", "permute": "permuted", "expand": "expanded", "squeeze": "squeezed",
  "unsqueeze": "unsqueezed", "flip": "flipped", "concatenate": "concatenated", "stack": "stacked", "pad": "padded",
  "slice": "sliced", "replacing_at": "replacing", "replacing_row": "replacing", "adding_row": "adding",
  "take_along": "take", "embedding": "take", "scatter_elements": "scatteredElements",
  "scatter_rows": "scatteredRows", "sort": "sorted", "topk": "topK", "linear": "matmul",
  "batch_norm": "batchNormalized",
  "max_pool2d": "maxPooled", "avg_pool2d": "averagePooled", "max_pool1d": "maxPooled1d",
  "avg_pool1d": "averagePooled1d", "global_average": "mean", "global_maximum": "max", "triu": "upperTriangle",
  "tril": "lowerTriangle", "diag_embed": "diagonalMatrix", "cosine": "cosineSimilarities",
  "attention": "scaledDotProductAttention", "attention_scaled": "scaledDotProductAttention",
  "attention_hiding": "scaledDotProductAttention",
  "cosine_matrix": "cosineSimilarities", "logsumexp_excluding": "logSumExp",
  "segmented_logsumexp": "segmentedLogSumExp",
  "solve_triangular": "triangularSolve", "log_determinant": "logDeterminant", "determinant_sign": "logDeterminant",
  "qr_q": "qr", "qr_r": "qr", "svd_values": "svd", "svd_vectors": "svd", "eigenvalues": "symmetricEigen",
  "eigenvectors": "symmetricEigen", "conv2d_groups": "conv2d", "conv_transpose2d": "convTransposed2d",
  "conv_transpose3d": "convTransposed3d",
  "conv_transpose1d": "convTransposed1d", "adaptive_max_pool2d": "adaptiveMaxPooled",
  "adaptive_avg_pool2d": "adaptiveAveragePooled", "upsample_nearest": "upsampled", "upsample_bilinear": "upsampled",
  "layer_norm": "layerNormalized", "group_norm": "groupNormalized", "instance_norm": "instanceNormalized",
]

/// Operations that are constant with regard to gradients.
private let constantOperations: Set<String> = ["ceil", "floor", "floorDivide", "oneHot", "rounded", "sign", "trunc"]

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
  let gradients = valueWithGradient(at: inputs, allowsUnused: true) { squared(record.body($0)).sum() }.gradient
  return gradients.reduce(into: []) { $0.formUnion(recordedNames(in: $1)) }
}
