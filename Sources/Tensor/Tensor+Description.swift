extension Tensor: CustomStringConvertible {
  /// The elements in aligned columns, as NumPy prints them: at most 8 digits after the point, lines of 75 characters.
  ///
  /// Beyond 1,000 elements an axis shows its first and last three, and shape and scalar type follow, as they do for an
  /// empty tensor. Floating-point numbers share one form: with an exponent where the largest is 1000 times the smallest
  /// or more, or has more than 6 (`Float`) or 8 (`Double`) digits, or the smallest is below 0.0001.
  public var description: String {
    if rank == 0 { return "\(item)" }
    if count == 0 { return "[] shape \(shape) \(Scalar.self)" }
    let text = PrintedTensor(self).text
    return count > PrintedTensor<Scalar>.mostElements ? "\(text) shape \(shape) \(Scalar.self)" : text
  }
}

extension Tensor: CustomDebugStringConvertible {
  /// The elements, the shape and the type.
  public var debugDescription: String {
    count == 0
      ? "Tensor<\(Scalar.self)>([], shape: \(shape))"
      : "Tensor<\(Scalar.self)>(\(rank == 0 ? "\(item)" : PrintedTensor(self).text), shape: \(shape))"
  }
}

extension Tensor: CustomReflectable {
  /// Shape and type only: a debugger need not print a million elements.
  public var customMirror: Mirror {
    Mirror(self, children: ["shape": shape, "scalar": "\(Scalar.self)", "isTracked": isTracked])
  }
}

/// A tensor of at least one axis and one element, laid out in lines as NumPy does it.
private struct PrintedTensor<Scalar: TensorElement> {
  static var mostElements: Int { 1000 }
  private static var edge: Int { 3 }
  private static var lineWidth: Int { 75 }

  private let tensor: Tensor<Scalar>
  private let isCut: Bool
  private let format: (Scalar) -> String

  init(_ tensor: Tensor<Scalar>) {
    let tensor = Tensor(tensor.array.widened())
    self.tensor = tensor
    isCut = tensor.count > Self.mostElements
    var shown: [Scalar] = []
    Self.visit(tensor, isCut, axis: 0, at: 0) { shown.append($0) }
    format = columnFormat(of: shown)
  }

  var text: String { block(axis: 0, at: 0, indent: " ", width: Self.lineWidth) }

  /// The positions along an axis that are printed; nil stands for those left out.
  private static func positions(_ size: Int, _ isCut: Bool) -> [Int?] {
    guard isCut && size > 2 * edge else { return Array(0..<size) }
    return Array(0..<edge) + [nil] + Array(size - edge..<size)
  }

  private static func visit(
    _ tensor: Tensor<Scalar>, _ isCut: Bool, axis: Int, at offset: Int, _ body: (Scalar) -> Void
  ) {
    if axis == tensor.rank { return body(tensor.array.pointer[offset]) }
    for case let position? in positions(tensor.shape[axis], isCut) {
      visit(tensor, isCut, axis: axis + 1, at: offset + position * tensor.layout.strides[axis], body)
    }
  }

  /// One axis in brackets; lines after the first begin with `indent`.
  private func block(axis: Int, at offset: Int, indent: String, width: Int) -> String {
    let stride = tensor.layout.strides[axis]
    let parts = Self.positions(tensor.shape[axis], isCut)
    if axis == tensor.rank - 1 {
      return "["
        + row(parts.map { $0.map { format(tensor.array.pointer[offset + $0 * stride]) } ?? "..." }, indent, width)
        + "]"
    }
    let blocks = parts.map { position -> String in
      guard let position else { return "..." }
      return block(axis: axis + 1, at: offset + position * stride, indent: indent + " ", width: width - 1)
    }
    return "[" + blocks.joined(separator: String(repeating: "\n", count: tensor.rank - 1 - axis) + indent) + "]"
  }

  /// Words in lines that leave room for the bracket.
  private func row(_ words: [String], _ indent: String, _ width: Int) -> String {
    var lines = [indent]
    for (index, word) in words.enumerated() {
      let line = lines[lines.count - 1]
      if line.count + word.count > width - 1 && line.count > indent.count {
        while lines[lines.count - 1].last == " " { lines[lines.count - 1].removeLast() }
        lines.append(indent)
      }
      lines[lines.count - 1] += word + (index < words.count - 1 ? " " : "")
    }
    return String(lines.joined(separator: "\n").dropFirst(indent.count))
  }
}
