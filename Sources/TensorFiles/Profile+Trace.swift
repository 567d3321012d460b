import Tensor

extension Profile {
  /// Writes the calls as a file for Chrome's `chrome://tracing` or Perfetto; replaces an older file only when complete.
  ///
  /// Forward and backward are two rows; each call has its output's shape. Throws `TensorFileError` where the file cannot be
  /// written.
  public func writeTrace(to path: String) throws {
    let origin = calls.first?.start ?? 0
    try AtomicFile.write(to: path) { file in
      try file.write(Array(#"{"displayTimeUnit":"ms","traceEvents":["#.utf8))
      for (index, name) in ["forward", "backward"].enumerated() {
        try file.write(
          Array(
            "\(index == 0 ? "" : ",")\n{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":\(index + 1),\"args\":{\"name\":\"\(name)\"}}"
              .utf8))
      }
      for call in calls {
        let (start, length) = (Double(call.start - origin) / 1e3, Double(call.end - call.start) / 1e3)
        try file.write(
          Array(
            ",\n{\"ph\":\"X\",\"name\":\(quoted(call.name)),\"pid\":1,\"tid\":\(call.isBackward ? 2 : 1),\"ts\":\(start),\"dur\":\(length),\"args\":{\"shape\":\"\(call.shape)\"}}"
              .utf8))
      }
      try file.write(Array("\n]}\n".utf8))
    }
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\0"..<" ": "?"
      default: "\(scalar)"
      }
    }
    return "\"\(escaped.joined())\""
  }
}
