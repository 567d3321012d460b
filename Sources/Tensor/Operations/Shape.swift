extension Tensor {
  /// The same elements in another shape; one size may be −1 and is then worked out.
  ///
  /// Copies only where the layout is not row-major. Traps where the number of elements differs.
  public func reshaped(_ target: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    var target = target
    if let free = target.firstIndex(of: -1) {
      target[free] = 1
      let known = target.allSatisfy { $0 >= 0 } ? Layout.count(of: target) : 1
      target[free] = known == 0 ? 0 : count / known
    }
    require(
      target.allSatisfy { $0 >= 0 } && Layout.count(of: target) == count,
      "reshaped: \(shape) (\(count) elements) does not fit \(target)", file: file, line: line)
    if target == shape { return self }
    let (source, shape) = (array.rowMajor(), shape)
    return Tensor(source.seen(as: source.layout.reshaped(to: target)!))
      .recorded("reshape", (self, { g in g.reshaped(shape) }))
  }

  /// The axes in another order; copies nothing.
  ///
  /// Traps unless `axes` names each axis once.
  public func permuted(_ axes: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axes = checkedAxes(axes, "permuted", file, line)
    require(axes.count == rank, "permuted: \(axes) do not name each axis of \(shape) once", file: file, line: line)
    var inverse = axes
    for (position, axis) in axes.enumerated() { inverse[axis] = position }
    return seen(as: layout.permuted(axes)).recorded("permute", (self, { [inverse] g in g.permuted(inverse) }))
  }

  /// The last two axes exchanged; copies nothing; traps for fewer than two axes.
  public func transposed(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(rank >= 2, "transposed: shape \(shape) has fewer than two axes", file: file, line: line)
    return permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }

  /// Two axes exchanged; copies nothing.
  ///
  /// Traps for an axis that does not exist.
  public func transposed(_ first: Int, _ second: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let (a, b) = (
      checkedAxes([first], "transposed", file, line)[0], checkedAxes([second], "transposed", file, line)[0]
    )
    var axes = Array(0..<rank)
    axes.swapAt(a, b)
    return permuted(axes)
  }

  /// One axis put at another position, the others in the order they have; copies nothing.
  ///
  /// Traps for an axis or a position that does not exist.
  public func movingAxis(_ axis: Int, to position: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let (from, to) = (
      checkedAxes([axis], "movingAxis", file, line)[0], checkedAxes([position], "movingAxis", file, line)[0]
    )
    var axes = Array(0..<rank)
    axes.insert(axes.remove(at: from), at: to)
    return permuted(axes)
  }

  /// The axes `first` through `last` merged into one; without arguments a vector.
  ///
  /// A single number becomes a vector of one element. Traps for axes that do not exist or are in the wrong order.
  public func flattened(
    from first: Int = 0, through last: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if rank == 0 { return reshaped([1]) }
    let (a, b) = (
      checkedAxes([first], "flattened", file, line)[0], checkedAxes([last], "flattened", file, line)[0]
    )
    require(a <= b, "flattened: axis \(first) comes after \(last) in \(shape)", file: file, line: line)
    return reshaped(shape[..<a] + [shape[a...b].reduce(1, *)] + shape[(b + 1)...])
  }

  /// Repeats axes of size one to fill a shape, as broadcasting does; copies nothing.
  ///
  /// Traps where the shape does not fit.
  public func expanded(to target: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if target == shape { return self }
    require(
      broadcastShape(shape, target) == target, "expanded: \(shape) does not broadcast to \(target)", file: file,
      line: line)
    return seen(as: layout.expanded(to: target)).recorded("expand", (self, { g in g }))
  }

  /// A new axis of size one before `axis`; −1 appends it at the end; traps for a position that it cannot have.
  public func unsqueezed(_ axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let position = axis < 0 ? axis + rank + 1 : axis
    require((0...rank).contains(position), "unsqueezed: no axis \(axis) in \(shape)", file: file, line: line)
    var target = shape
    target.insert(1, at: position)
    return seen(as: layout.inserting(axis: position)).recorded("unsqueeze", (self, { [shape] g in g.reshaped(shape) }))
  }

  /// The shape without an axis of size one; traps for an axis of another size, or none.
  public func squeezed(_ axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = checkedAxes([axis], "squeezed", file, line)[0]
    require(shape[axis] == 1, "squeezed: axis \(axis) of \(shape) is not of size one", file: file, line: line)
    return seen(as: layout.removing(axis: axis)).recorded("squeeze", (self, { [shape] g in g.reshaped(shape) }))
  }

  /// The elements of `range` along an axis, every `step`-th of them; copies nothing.
  ///
  /// Traps for a range outside the axis, a step below 1, and an axis that does not exist.
  public func sliced(
    along axis: Int, _ range: Range<Int>, by step: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = checkedAxes([axis], "sliced", file, line)[0]
    require(
      step >= 1 && range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "sliced: \(range) by \(step) does not fit axis \(axis) of \(shape)", file: file, line: line)
    let count = range.isEmpty ? 0 : (range.count - 1) / step + 1
    return viewed("slice") { $0.sliced(axis: axis, start: range.lowerBound, count: count, step: step) }
  }

  /// The elements of a range along an axis that may be open at either end, like `2...`; copies nothing.
  ///
  /// Traps for a range outside the axis, a step below 1, and an axis that does not exist.
  public func sliced(
    along axis: Int, _ range: some RangeExpression<Int>, by step: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let axis = checkedAxes([axis], "sliced", file, line)[0]
    let bounds: Range<Int>
    func after(_ position: Int) -> Int {
      require(position < Int.max, "sliced: \(range) does not fit axis \(axis) of \(shape)", file: file, line: line)
      return position + 1
    }
    switch range {
    case let range as ClosedRange<Int>: bounds = range.lowerBound..<after(range.upperBound)
    case let range as PartialRangeFrom<Int>: bounds = range.lowerBound..<Swift.max(range.lowerBound, shape[axis])
    case let range as PartialRangeUpTo<Int>: bounds = Swift.min(0, range.upperBound)..<range.upperBound
    case let range as PartialRangeThrough<Int>: bounds = Swift.min(0, range.upperBound)..<after(range.upperBound)
    default: bounds = range.relative(to: 0..<shape[axis])
    }
    return sliced(along: axis, bounds, by: step, file: file, line: line)
  }

  /// One position along an axis, which the result lacks; copies nothing.
  ///
  /// Traps for a position or an axis that does not exist.
  public func select(along axis: Int, _ index: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = checkedAxes([axis], "select", file, line)[0]
    require(
      (0..<shape[axis]).contains(index), "select: no position \(index) along axis \(axis) of \(shape)", file: file,
      line: line)
    return viewed("select") { $0.sliced(axis: axis, start: index, count: 1, step: 1).removing(axis: axis) }
  }

  /// An axis in reverse order; copies nothing; traps for an axis that does not exist.
  public func flipped(along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = checkedAxes([axis], "flipped", file, line)[0]
    let size = shape[axis]
    return viewed("flip") { $0.sliced(axis: axis, start: size - 1, count: size, step: -1) }
  }

  /// The tensor repeated as a whole, `counts[axis]` times along each axis, like tiles.
  ///
  /// Traps unless there is one count, not negative, an axis.
  public func tiled(_ counts: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      counts.count == rank && counts.allSatisfy { $0 >= 0 }, "tiled: counts \(counts) do not fit shape \(shape)",
      file: file, line: line)
    let single = shape.flatMap { [1, $0] }
    let repeated = zip(counts, shape).flatMap { [$0, $1] }
    return reshaped(single).expanded(to: repeated).reshaped(zip(counts, shape).map { $0 * $1 })
  }

  /// Every element repeated `count` times in a row along an axis.
  ///
  /// Traps for a negative count, and for an axis that does not exist.
  public func repeated(_ count: Int, along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = checkedAxes([axis], "repeated", file, line)[0]
    require(count >= 0, "repeated: \(count) is not a number of repetitions", file: file, line: line)
    var (target, merged) = (shape, shape)
    target.insert(count, at: axis + 1)
    let repeated = unsqueezed(axis + 1).expanded(to: target)
    merged[axis] *= count
    return repeated.reshaped(merged)
  }

  /// The pieces of an axis, one for each size; copies nothing.
  ///
  /// Traps unless the sizes add up to that of the axis.
  public func split(along axis: Int, sizes: [Int], file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
    let axis = checkedAxes([axis], "split", file, line)[0]
    require(
      sizes.allSatisfy { (0...shape[axis]).contains($0) } && sizes.reduce(0, +) == shape[axis],
      "split: sizes \(sizes) do not add up to axis \(axis) of \(shape)", file: file, line: line)
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return sliced(along: axis, start..<start + size)
    }
  }

  /// An axis cut into `sections` pieces of one size; copies nothing.
  ///
  /// Traps where the axis does not divide.
  public func split(along axis: Int, into sections: Int, file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
    let axis = checkedAxes([axis], "split", file, line)[0]
    require(
      sections >= 1 && shape[axis] % sections == 0,
      "split: axis \(axis) of \(shape) does not divide into \(sections) sections", file: file, line: line)
    return split(along: axis, sizes: Array(repeating: shape[axis] / sections, count: sections))
  }

  /// A view whose layout is a function of the layout seen; its pullback adds through the same function, in place where a gradient
  /// has arrived already, so that many views of one tensor cost no more than what they show.
  func viewed(_ name: StaticString, _ transform: @escaping @Sendable (Layout) -> Layout) -> Tensor {
    seen(as: transform(layout)).recorded(name, [self]) { [shape] g, shares in
      if !shares.addInPlace(g, through: transform, to: 0) {
        shares.addWhole(g.accumulated(into: shape, transform), to: 0)
      }
    }
  }

  /// Zeros of a shape, with these elements added through a view of it: the adjoint of `viewed`.
  func accumulated(into target: [Int], _ transform: @escaping @Sendable (Layout) -> Layout) -> Tensor {
    Tensor(Engine.addThrough(transform(Layout(contiguous: target)), array, into: target))
      .recorded("accumulate", (self, { g in g.viewed("view", transform) }))
  }

  /// The same memory seen in another way; not recorded.
  private func seen(as layout: Layout) -> Tensor { Tensor(array.seen(as: layout)) }
}
