extension Tensor {
  /// Whole rows (along the first axis), in the order of `rows`, which may repeat: shape `rows.shape + shape[1...]`.
  ///
  /// Traps for a row that does not exist, and for a single number, which has none.
  public func take(_ rows: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(rank >= 1, "take: a single number has no rows", file: file, line: line)
    if let row = rows.firstOutside(shape[0]) { trap("take: no row \(row) in shape \(shape)", file: file, line: line) }
    return Tensor(Engine.takeRows(array, rows.array))
      .recorded("take", (self, { [shape] g in g.scattered(rows, into: shape) }))
  }

  /// `scatteredRows`, for any element type: what the engine needs of it.
  @inline(__always)
  func scattered(_ rows: Tensor<Int>, into target: [Int]) -> Tensor {
    Tensor(Engine.scatterRows(array, rows.array, into: target)).recorded("scatterRows", (self, { g in g.take(rows) }))
  }
}

extension Tensor where Scalar: TensorScalar {
  /// Zeros of shape `target` with each row of this tensor added to the row that `rows` names: the adjoint of `take`.
  ///
  /// Shape: `rows.shape + target[1...]` becomes `target`. Traps for a row that does not exist.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func scatteredRows(
    _ rows: Tensor<Int>, into target: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      !target.isEmpty && shape == rows.shape + target.dropFirst(),
      "scatteredRows: \(shape) at rows \(rows.shape) does not fit into \(target)", file: file, line: line)
    if let row = rows.firstOutside(target[0]) {
      trap("scatteredRows: no row \(row) in \(target)", file: file, line: line)
    }
    return scattered(rows, into: target)
  }

  /// One element of each row, where the last axis is the rows': `result[…] = self[…, index[…]]`.
  ///
  /// `[…, columns]` with an index `[…]` gives `[…]`; of a matrix, an element of each row, whose gradient is added where they
  /// come from without a matrix of zeros. Traps where the index does not have the other axes' shape, and for a column that
  /// does not exist.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func pick(_ index: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let positions = positions(of: index, "pick", file, line)
    guard rank == 2 else { return reshaped([count]).take(positions) }
    let shape = shape
    return detached.reshaped([count]).take(positions).recorded("pick", [self]) { g, shares in
      if !shares.addInPlace(g, at: positions, to: 0) {
        shares.add(g.scatteredRows(positions, into: [Layout.count(of: shape)]).reshaped(shape), to: 0)
      }
    }
  }

  /// Puts whole rows (along the first axis), all different, in the places of others.
  ///
  /// Copies the tensor only where its memory is seen by somebody else. A constant afterwards.
  package mutating func replaceRows(_ rows: Tensor<Int>, with values: Tensor) {
    node = nil
    if Engine.putRows(values.array, rows.array, into: &array) { return }
    array = Engine.copy(array)
    require(Engine.putRows(values.array, rows.array, into: &array), "replaceRows: shape \(shape) has no rows")
  }

  /// Zeros of shape `target` with each element added where `index` says along an axis: the adjoint of `takeElements`.
  ///
  /// `result[…, index[…, k, …], …] += self[…, k, …]`. The index has the tensor's shape, and `target` differs from it in
  /// that axis only. Traps where shapes do not fit, and for a position that does not exist.
  public func scatteredElements(
    _ index: Tensor<Int>, along axis: Int, into target: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = checkedAxes([axis], "scatteredElements", file, line)[0]
    var expected = target
    if target.count == rank { expected[axis] = shape[axis] }
    require(
      index.shape == shape && expected == shape,
      "scatteredElements: \(shape) with index \(index.shape) does not fit into \(target) along axis \(axis)",
      file: file,
      line: line)
    let positions = index.positions(along: axis, of: target[axis], "scatteredElements", file, line)
    return reshaped([count]).scatteredRows(positions, into: [Layout.count(of: target)]).reshaped(target)
  }
}

extension Tensor {
  /// One element of each row, where the last axis is the rows': `result[…] = self[…, index[…]]`.
  ///
  /// `[…, columns]` with an index `[…]` gives `[…]`; of a matrix, an element of each row. PyTorch's `gather` is
  /// `takeElements(_:along:)`. Traps where the index does not have the other axes' shape, and for a column that does not
  /// exist.
  public func pick(_ index: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    reshaped([count]).take(positions(of: index, "pick", file, line))
  }

  /// The same tensor with one element of each row replaced, where the last axis is the rows': `self[…, index[…]]` becomes
  /// `value`.
  ///
  /// What was there gets no gradient. Traps where the index does not have the other axes' shape, and for a column that
  /// does not exist.
  public func masked(_ index: Tensor<Int>, by value: Scalar, file: StaticString = #fileID, line: UInt = #line) -> Tensor
  {
    let positions = positions(of: index, "masked", file, line)
    return replacing(with: value, where: Tensor<Bool>(Engine.mask(at: positions.array, shape: shape)))
  }

  /// The row-major positions of one element of each row, in the index's shape.
  private func positions(
    of index: Tensor<Int>, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Tensor<Int> {
    requireIndex(index, name, file, line)
    return index.positions(outer: index.count, picks: 1, inner: 1, of: shape[rank - 1]).reshaped(index.shape)
  }

  /// Traps unless `index` names a column for each row, or where it may, the number of columns for none.
  func requireIndex(
    _ index: Tensor<Int>, _ name: StaticString, allowsNone: Bool = false, _ file: StaticString, _ line: UInt
  ) {
    require(
      rank >= 1 && index.shape == shape.dropLast(),
      "\(name): shape \(shape) needs one index a row, not \(index.shape)", file: file, line: line)
    if let column = index.firstOutside(shape[rank - 1] + (allowsNone ? 1 : 0)) {
      trap("\(name): no column \(column) in \(shape)", file: file, line: line)
    }
  }
}

extension Tensor {
  /// The slices that `index` names along an axis, which may repeat: the axis gets the shape of the index.
  ///
  /// Traps for a position that does not exist, and for an axis that does not.
  public func take(_ index: Tensor<Int>, along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = checkedAxes([axis], "take", file, line)[0]
    if axis == 0 { return take(index, file: file, line: line) }
    let front = movingAxis(axis, to: 0).take(index.flattened(), file: file, line: line)
    return front.movingAxis(0, to: axis).reshaped(shape[..<axis] + index.shape + shape[(axis + 1)...])
  }

  /// For each element of `index`, the one it names along an axis: `result[…, k, …] = self[…, index[…, k, …], …]`.
  ///
  /// The shapes are the same except for that axis; the index's other axes of size one are broadcast. Undoes
  /// `argsorted(along:)`. Traps where the shapes do not fit, and for a position that does not exist.
  public func takeElements(_ index: Tensor<Int>, along axis: Int, file: StaticString = #fileID, line: UInt = #line)
    -> Tensor
  {
    let axis = checkedAxes([axis], "takeElements", file, line)[0]
    var target = shape
    if index.rank == rank { target[axis] = index.shape[axis] }
    require(
      index.rank == rank && broadcastShape(index.shape, target) == target,
      "takeElements: index \(index.shape) does not fit \(shape) along axis \(axis)", file: file, line: line)
    let index = index.expanded(to: target)
    let positions = index.positions(along: axis, of: shape[axis], "takeElements", file, line)
    return reshaped([count]).take(positions).reshaped(target)
  }

  /// The elements where the mask is true, in row-major order: a vector.
  ///
  /// The two broadcast to one shape; traps where they do not.
  public func elements(where mask: Tensor<Bool>, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    guard let target = broadcastShape(shape, mask.shape) else {
      trap("elements: \(shape) and mask \(mask.shape) do not broadcast to one shape", file: file, line: line)
    }
    return expanded(to: target).flattened().take(mask.expanded(to: target).truePositions)
  }
}

extension Tensor where Scalar == Bool {
  /// The row-major positions of the true elements, shape `[trueCount]`.
  var truePositions: Tensor<Int> { Tensor<Int>(Engine.truePositions(array)) }
}

extension Tensor where Scalar == Int {
  /// The first element that is no index for an axis of a size.
  func firstOutside(_ size: Int) -> Int? { Engine.firstOutside(array, size: size) }

  /// The row-major positions of the elements that this index names along an axis of a tensor which has this shape, but
  /// `size` elements along the axis.
  fileprivate func positions(
    along axis: Int, of size: Int, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Tensor<Int> {
    if let index = firstOutside(size) {
      trap("\(name): no position \(index) along axis \(axis) of size \(size)", file: file, line: line)
    }
    let (outer, picks, inner) = layout.around(axis)
    return positions(outer: outer, picks: picks, inner: inner, of: size)
  }

  fileprivate func positions(outer: Int, picks: Int, inner: Int, of size: Int) -> Tensor<Int> {
    Tensor(Engine.positions(array, outer: outer, picks: picks, inner: inner, size: size))
  }
}

extension Tensor where Scalar == Int {
  /// A row for each label with a 1 in the label's column and 0 elsewhere: `[…]` gives `[…, classes]`.
  ///
  /// Traps for a label outside `0..<classes`.
  public func oneHot<Target: TensorScalar>(
    _ classes: Int, as: Target.Type, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Target> {
    if let label = firstOutside(classes) { trap("oneHot: no class \(label) among \(classes)", file: file, line: line) }
    return Tensor<Target>(Engine.zeros(shape + [classes])).masked(self, by: 1)
  }
}
