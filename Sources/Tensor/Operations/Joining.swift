extension Tensor where Scalar: Numeric {
  /// More room along an axis, filled with zeros.
  ///
  /// Traps for negative amounts, and for an axis that does not exist.
  public func padded(
    along axis: Int, before: Int, after: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    padded(along: axis, before: before, after: after, value: 0, file: file, line: line)
  }
}

extension Tensor {
  /// More room along an axis, filled with `value`.
  ///
  /// Traps for negative amounts, and for an axis that does not exist.
  public func padded(
    along axis: Int, before: Int, after: Int, value: Scalar, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = checkedAxes([axis], "padded", file, line)[0]
    let amounts = 0...Int.max / 4
    require(
      amounts.contains(before) && amounts.contains(after), "padded: \(before) and \(after) are no amounts of padding",
      file: file, line: line)
    func filler(_ size: Int) -> Tensor {
      var part = shape
      part[axis] = size
      return .full(part, value)
    }
    return Tensor.concatenated([filler(before), self, filler(after)], along: axis)
  }

  /// The elements moved `shift` places up an axis; those that leave at one end come in at the other.
  ///
  /// Traps for an axis that does not exist.
  public func rolled(by shift: Int, along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = checkedAxes([axis], "rolled", file, line)[0]
    let size = shape[axis]
    guard size > 1 else { return self }
    let cut = (size - shift % size) % size
    return .concatenated([sliced(along: axis, cut..<size), sliced(along: axis, 0..<cut)], along: axis)
  }

  /// Tensors one after another along an axis that exists.
  ///
  /// Traps where their other axes differ in size, for an axis that does not exist, and for an empty list.
  public static func concatenated(
    _ parts: [Tensor], along axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(!parts.isEmpty, "concatenated: no tensors", file: file, line: line)
    let axis = parts[0].checkedAxes([axis], "concatenated", file, line)[0]
    var shape = parts[0].shape
    shape[axis] = parts.reduce(0) { $0 + ($1.rank > axis ? $1.shape[axis] : 0) }
    for part in parts {
      var expected = shape
      if part.rank == shape.count { expected[axis] = part.shape[axis] }
      require(
        part.shape == expected, "concatenated: \(part.shape) does not fit \(parts[0].shape) along axis \(axis)",
        file: file, line: line)
    }
    let sizes = parts.map { $0.shape[axis] }
    return Tensor(Engine.concatenate(parts.map(\.array), along: axis, shape: shape))
      .recorded("concatenate", parts) { g, shares in
        var start = 0
        for (index, size) in sizes.enumerated() {
          shares.add(g.sliced(along: axis, start..<start + size), to: index)
          start += size
        }
      }
  }

  /// Tensors of one shape side by side along a new axis.
  ///
  /// Traps for different shapes, for a position the new axis cannot have, and for an empty list.
  public static func stacked(
    _ parts: [Tensor], along axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      parts.allSatisfy { $0.shape == parts[0].shape }, "stacked: tensors of different shapes \(parts.map(\.shape))",
      file: file, line: line)
    return concatenated(parts.map { $0.unsqueezed(axis, file: file, line: line) }, along: axis, file: file, line: line)
  }
}
