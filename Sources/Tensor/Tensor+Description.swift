extension Tensor: CustomStringConvertible {
  /// The elements in nested brackets, at most six along an axis, followed by shape and type where it is cut.
  public var description: String {
    let values = scalars
    let isCut = count > 1000
    func render(_ axis: Int, _ start: Int) -> String {
      guard axis < rank else { return "\(values[start])" }
      let stride = shape[(axis + 1)...].reduce(1, *)
      let size = shape[axis]
      let shown = isCut && size > 6 ? Array(0..<3) + Array(size - 3..<size) : Array(0..<size)
      var parts = shown.map { render(axis + 1, start + $0 * stride) }
      if shown.count < size { parts.insert("…", at: 3) }
      let separator = axis == rank - 1 ? ", " : ",\n" + String(repeating: " ", count: axis + 1)
      return "[" + parts.joined(separator: separator) + "]"
    }
    return isCut ? render(0, 0) + " shape \(shape) \(Scalar.self)" : render(0, 0)
  }
}

extension Tensor: CustomDebugStringConvertible {
  /// The elements, the shape and the type.
  public var debugDescription: String { "Tensor<\(Scalar.self)>(\(description), shape: \(shape))" }
}

extension Tensor: CustomReflectable {
  /// Shape and type only: a debugger need not print a million elements.
  public var customMirror: Mirror {
    Mirror(self, children: ["shape": shape, "scalar": "\(Scalar.self)", "isTracked": isTracked])
  }
}
