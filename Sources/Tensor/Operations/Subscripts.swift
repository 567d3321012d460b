extension Tensor {
  /// What the places select, one an axis from the first on; axes without a place are taken whole.
  ///
  /// Positions, ranges, `.range(from:to:by:)`, `.newAxis` and `...` make a view, which copies nothing; a position removes its
  /// axis. `Tensor<Int>`, `[Int]` and masks copy what they select, by PyTorch's rules: index tensors broadcast to one shape, whose
  /// axes stand in the place of theirs, or in front where they are no neighbours; a mask stands for as many axes as it has and
  /// selects as one vector of positions does. Negative positions count from the end. Traps for a position outside its axis, and
  /// for more places than axes.
  ///
  /// ```swift
  /// x[0, ..., 1..<3]        // the first of the first axis, 1 and 2 of the last one
  /// x[x .> 0]               // the positive elements
  /// ```
  public subscript(
    _ places: any TensorIndex..., file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor {
    get { selecting(places, file, line) }
    @available(*, unavailable, message: "a tensor is a value; x.replacing(at: …, with: …) makes a new one")
    set { fatalError("unavailable") }
  }

  /// What the places select of the last axes; all before them are taken whole.
  ///
  /// See `subscript(_:file:line:)` for what may be a place, and for what traps.
  public subscript(
    _ ellipsis: UnboundedRange, _ places: any TensorIndex..., file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor { selecting([AxisSelection.ellipsis] + places, file, line) }

  /// What the places select of the first axis and the last ones; all between them are taken whole.
  ///
  /// See `subscript(_:file:line:)` for what may be a place, and for what traps.
  public subscript(
    _ first: any TensorIndex, _ ellipsis: UnboundedRange, _ places: any TensorIndex...,
    file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor { selecting([first, AxisSelection.ellipsis] + places, file, line) }

  /// What the places select of the first two axes and the last ones; all between them are taken whole.
  ///
  /// See `subscript(_:file:line:)` for what may be a place, and for what traps. After three places and more write `.ellipsis`.
  public subscript(
    _ first: any TensorIndex, _ second: any TensorIndex, _ ellipsis: UnboundedRange, _ places: any TensorIndex...,
    file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor { selecting([first, second, AxisSelection.ellipsis] + places, file, line) }

  /// The same tensor with other values at the places, which are written as between brackets; `...` is `.ellipsis` here.
  ///
  /// The values broadcast to the shape that the places select. What was there gets no gradient. Traps as the subscript does,
  /// where the values do not fit, and for index tensors that name an element twice: which value should it have?
  public func replacing(
    at places: any TensorIndex..., with values: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { replacing(places, values, file, line) }

  /// The same tensor with one value at the places, which are written as between brackets; `...` is `.ellipsis` here.
  ///
  /// What was there gets no gradient. Traps as the subscript does.
  public func replacing(
    at places: any TensorIndex..., with value: Scalar, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let selection = Selection(places.map(\.selection), of: shape, "replacing", file, line)
    return .where(selection.mask.isNamed, Tensor(value), self)
  }

  private func selecting(_ places: [any TensorIndex], _ file: StaticString, _ line: UInt) -> Tensor {
    Selection(places.map(\.selection), of: shape, "subscript", file, line).taken(from: self)
  }

  private func replacing(
    _ places: [any TensorIndex], _ values: Tensor, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let selection = Selection(places.map(\.selection), of: shape, "replacing", file, line)
    let (isNamed, isNamedTwice) = selection.mask
    require(!isNamedTwice, "replacing: the places name an element of \(shape) twice", file: file, line: line)
    return .where(isNamed, selection.placed(values.fitted(to: selection, "replacing", file, line)), self)
  }

  /// Values broadcast to the shape of a selection.
  fileprivate func fitted(
    to selection: Selection, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let target = selection.shape
    require(
      broadcastShape(shape, target) == target,
      "\(name): values of shape \(shape) do not broadcast to the \(target) that the places select", file: file,
      line: line)
    return expanded(to: target)
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The same tensor with values added at the places, which are written as between brackets; `...` is `.ellipsis` here.
  ///
  /// The values broadcast to the shape that the places select; at an element that index tensors name several times they add up:
  /// PyTorch's `index_put(accumulate=True)`. Traps as the subscript does, and where the values do not fit.
  public func adding(
    _ values: Tensor, at places: any TensorIndex..., file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { adding(places, values, file, line) }

  /// The same tensor with a number added at the places, which are written as between brackets; `...` is `.ellipsis` here.
  ///
  /// As often as index tensors name an element. Traps as the subscript does.
  public func adding(
    _ value: Scalar, at places: any TensorIndex..., file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { adding(places, Tensor(value), file, line) }

  private func adding(
    _ places: [any TensorIndex], _ values: Tensor, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let selection = Selection(places.map(\.selection), of: shape, "adding", file, line)
    return self + selection.placed(values.fitted(to: selection, "adding", file, line))
  }
}

extension Selection {
  /// Where the source's elements are named, and whether one is named twice.
  fileprivate var mask: (isNamed: Tensor<Bool>, isNamedTwice: Bool) {
    if isView { return (placed(Tensor<Bool>.full(shape, true)), false) }
    let times = placed(Tensor<Int>.ones(shape))
    return (times .> 0, (times .> 1).anyTrue)
  }
}
