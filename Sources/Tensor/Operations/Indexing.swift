import CKernels

extension Tensor {
  /// Whole rows (along the first axis), in the order of `rows`, which may repeat: shape `rows.shape + shape[1...]`.
  ///
  /// Traps for a row that does not exist, and for a single number, which has none.
  public func take(_ rows: Labels, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(rank >= 1, "take: a single number has no rows", file: file, line: line)
    return record(taking(rows.contiguous(), file, line), "take", .scatterRows(rows, shape))
  }

  private func taking(_ rows: Labels, _ file: StaticString, _ line: UInt) -> Tensor {
    if let row = rows.firstOutside(shape[0]) { trap("take: no row \(row) in shape \(shape)", file: file, line: line) }
    let source = contiguous()
    defer { withExtendedLifetime((source, rows)) {} }
    let result = Tensor(uninitialized: rows.shape + shape.dropFirst())
    let bytes = shape.dropFirst().reduce(1, *) * MemoryLayout<Scalar>.stride
    ck_take_rows(rows.count, bytes, rows.pointer, source.pointer, result.buffer.pointer)
    return result
  }
}

extension Tensor where Scalar: TensorScalar {
  /// Zeros of shape `target` with each row of this tensor added to the row that `rows` names: the adjoint of `take`.
  ///
  /// Shape: `rows.shape + target[1...]` becomes `target`. Traps for a row that does not exist.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func scatteredRows(
    _ rows: Labels, into target: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      !target.isEmpty && shape == rows.shape + target.dropFirst(),
      "scatteredRows: \(shape) at rows \(rows.shape) does not fit into \(target)", file: file, line: line)
    let indices = rows.contiguous()
    if let row = indices.firstOutside(target[0]) {
      trap("scatteredRows: no row \(row) in \(target)", file: file, line: line)
    }
    let source = contiguous()
    defer { withExtendedLifetime((source, indices)) {} }
    let result = Tensor(filled: 0, shape: target)
    let width = target.dropFirst().reduce(1, *)
    let (x, index, y) = (source.pointer, indices.pointer, result.buffer.pointer)
    // Every thread takes some columns of all rows, so that no two write to the same place.
    parallel(width, grain: elementGrain / Swift.max(rows.count, 1) + 16) { columns in
      let start = columns.lowerBound
      Scalar._kernels.scatterAddRows(rows.count, columns.count, width, index, x + start, y + start)
    }
    return result.recorded("scatterRows", (self, { g in g.take(rows) }))
  }

  /// One element of each row, where the last axis is the rows': `result[…] = self[…, index[…]]`.
  ///
  /// `[…, columns]` with an index `[…]` gives `[…]`; of a matrix, an element of each row, whose gradient is added where they
  /// come from without a matrix of zeros. Traps where the index does not have the other axes' shape, and for a column that
  /// does not exist.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func gather(_ index: Labels, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let positions = positions(of: index, "gather", file, line)
    guard rank == 2 else { return reshaped([count]).take(positions) }
    return detached.reshaped([count]).take(positions).recorded("gather", self, adding: positions)
  }

  /// Adds a vector's elements to those at some row-major positions, each of which occurs once; whether that was possible in place.
  mutating func addInPlace(_ elements: Tensor, at positions: Labels) -> Bool {
    guard node == nil, layout.isContiguous, isUnshared else { return false }
    let target = buffer.pointer + layout.offset
    for (position, element) in zip(positions.scalars, elements.scalars) { target[position] += element }
    return true
  }

  /// Zeros of shape `target` with each element added where `index` says along an axis: the adjoint of `takeElements`.
  ///
  /// `result[…, index[…, k, …], …] += self[…, k, …]`. The index has the tensor's shape, and `target` differs from it in
  /// that axis only. Traps where shapes do not fit, and for a position that does not exist.
  public func scatteredElements(
    _ index: Labels, along axis: Int, into target: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = normalized([axis], "scatteredElements", file, line)[0]
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
  public func gather(_ index: Labels, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    reshaped([count]).take(positions(of: index, "gather", file, line))
  }

  /// The same tensor with one element of each row replaced, where the last axis is the rows': `self[…, index[…]]` becomes
  /// `value`.
  ///
  /// What was there gets no gradient. Traps where the index does not have the other axes' shape, and for a column that
  /// does not exist.
  public func masked(_ index: Labels, by value: Scalar, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let positions = positions(of: index, "masked", file, line)
    let mask = Tensor<Bool>(shape: shape) { elements in
      elements.initialize(repeating: false)
      positions.withUnsafeScalars { for position in $0 { elements[position] = true } }
    }
    return replacing(with: value, where: mask)
  }

  /// The row-major positions of one element of each row, in the index's shape.
  private func positions(
    of index: Labels, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Labels {
    requireIndex(index, name, file, line)
    return index.positions(outer: index.count, picks: 1, inner: 1, of: shape[rank - 1]).reshaped(index.shape)
  }

  /// Traps unless `index` names a column for each row.
  func requireIndex(_ index: Labels, _ name: StaticString, _ file: StaticString, _ line: UInt) {
    require(
      rank >= 1 && index.shape == shape.dropLast(),
      "\(name): shape \(shape) needs one index a row, not \(index.shape)", file: file, line: line)
    if let column = index.firstOutside(shape[rank - 1]) {
      trap("\(name): no column \(column) in \(shape)", file: file, line: line)
    }
  }
}

extension Tensor {
  /// The slices that `index` names along an axis, which may repeat: the axis gets the shape of the index.
  ///
  /// Traps for a position that does not exist, and for an axis that does not.
  public func take(_ index: Labels, along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = normalized([axis], "take", file, line)[0]
    if axis == 0 { return take(index, file: file, line: line) }
    let front = movingAxis(axis, to: 0).take(index.flattened(), file: file, line: line)
    return front.movingAxis(0, to: axis).reshaped(shape[..<axis] + index.shape + shape[(axis + 1)...])
  }

  /// For each element of `index`, the one it names along an axis: `result[…, k, …] = self[…, index[…, k, …], …]`.
  ///
  /// The shapes are the same except for that axis; the index's other axes of size one are broadcast. Undoes
  /// `argsorted(along:)`. Traps where the shapes do not fit, and for a position that does not exist.
  public func takeElements(_ index: Labels, along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor
  {
    let axis = normalized([axis], "takeElements", file, line)[0]
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
  var truePositions: Labels {
    let dense = contiguous()
    let positions = Labels(uninitialized: [dense.trueCount])
    dense.withUnsafeScalars { elements in
      elements.withMemoryRebound(to: UInt8.self) {
        _ = ck_true_positions($0.count, $0.baseAddress, positions.buffer.pointer)
      }
    }
    return positions
  }
}

extension Tensor where Scalar == Int {
  /// The first element that is no index for an axis of a size.
  func firstOutside(_ size: Int) -> Int? {
    withUnsafeScalars { elements in
      let position = ck_first_outside(elements.count, elements.baseAddress, size)
      return position < 0 ? nil : elements[position]
    }
  }

  /// The row-major positions of the elements that this index names along an axis of a tensor which has this shape, but
  /// `size` elements along the axis.
  fileprivate func positions(
    along axis: Int, of size: Int, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Labels {
    if let index = firstOutside(size) {
      trap("\(name): no position \(index) along axis \(axis) of size \(size)", file: file, line: line)
    }
    let (outer, picks, inner) = layout.around(axis)
    return positions(outer: outer, picks: picks, inner: inner, of: size)
  }

  fileprivate func positions(outer: Int, picks: Int, inner: Int, of size: Int) -> Labels {
    let result = Labels(uninitialized: [count])
    withUnsafeScalars { ck_positions_along(outer, picks, inner, size, $0.baseAddress, result.buffer.pointer) }
    return result
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
    return Tensor<Target>(filled: 0, shape: shape + [classes]).masked(self, by: 1)
  }
}
