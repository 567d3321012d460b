/// What some places name in tensors of one shape: a view, and of that the rows that index tensors and masks pick.
///
/// PyTorch's rules: positions and ranges make the view first; index tensors broadcast to one shape, whose axes stand in their place
/// where they are neighbours, and in front otherwise.
struct Selection {
  private enum Move {
    case slice(axis: Int, start: Int, count: Int, step: Int)
    case remove(axis: Int)
    case insert(axis: Int)
  }

  /// Positions along neighbouring axes of the view, counted in row-major order over them.
  private struct Pick {
    let axes: Range<Int>
    let index: Tensor<Int>
  }

  private let name: StaticString
  /// The shape selected from.
  private let source: [Int]
  private var moves: [Move] = []
  private var viewShape: [Int]
  private var picks: [Pick] = []
  /// The rows that are taken where the picked axes stand in front, merged to one; nil for a view.
  private var rows: Tensor<Int>?
  /// The order of axes that brings the picked ones to the front, and that of the result, whose picked axes lie in front at first.
  private var (pickedFirst, resultOrder): ([Int], [Int]) = ([], [])

  /// Resolves places, or traps, naming the operation and the caller's line.
  init(
    _ places: [AxisSelection], of shape: [Int], _ name: StaticString, _ file: StaticString, _ line: UInt
  ) {
    (self.name, source, viewShape) = (name, shape, shape)
    let named = places.reduce(0) { $0 + $1.axisCount }
    require(
      named <= shape.count, "\(name): places for \(named) axes in shape \(shape), which has \(shape.count)", file: file,
      line: line)
    // The axis of the source, and that of the view made so far.
    var (axis, out, hasEllipsis) = (0, 0, false)
    for place in places {
      switch place.kind {
      case .position(let position):
        let size = shape[axis]
        require(
          (-size..<size).contains(position), "\(name): no position \(position) along axis \(axis) of \(shape)",
          file: file, line: line)
        move(.slice(axis: out, start: counted(position, size), count: 1, step: 1))
        move(.remove(axis: out))
        axis += 1
      case .range, .stride:
        guard let (start, count, step) = place.steps(on: shape[axis]) else {
          trap("\(name): \(place) does not fit axis \(axis) of \(shape)", file: file, line: line)
        }
        if count != shape[axis] || step != 1 { move(.slice(axis: out, start: start, count: count, step: step)) }
        (axis, out) = (axis + 1, out + 1)
      case .newAxis:
        move(.insert(axis: out))
        out += 1
      case .ellipsis:
        require(!hasEllipsis, "\(name): more than one ellipsis", file: file, line: line)
        hasEllipsis = true
        (axis, out) = (axis + shape.count - named, out + shape.count - named)
      case .indices(let index):
        let size = shape[axis]
        picks.append(
          Pick(
            axes: out..<out + 1,
            index: index.countedFromTheFront(size) { position in
              trap("\(name): no position \(position) along axis \(axis) of \(shape)", file: file, line: line)
            }))
        (axis, out) = (axis + 1, out + 1)
      case .mask(let mask):
        require(
          mask.rank > 0 && mask.shape == Array(shape[axis..<axis + mask.rank]),
          "\(name): a mask of shape \(mask.shape) does not fit \(shape) from axis \(axis) on", file: file, line: line)
        picks.append(Pick(axes: out..<out + mask.rank, index: mask.truePositions))
        (axis, out) = (axis + mask.rank, out + mask.rank)
      }
    }
    combinePicks(file, line)
  }

  /// The shape of what is selected.
  var shape: [Int] {
    guard let rows else { return viewShape }
    let shape = rows.shape + restOfView
    return resultOrder.map { shape[$0] }
  }

  /// Whether it is a view, which names no element twice.
  var isView: Bool { rows == nil }

  /// What is selected of a tensor of the source's shape.
  func taken<Scalar>(from tensor: Tensor<Scalar>) -> Tensor<Scalar> {
    let moves = moves
    let view = moves.isEmpty ? tensor : tensor.viewed("slice") { Self.apply(moves, to: $0) }
    guard let rows else { return view }
    return view.ordered(pickedFirst).reshaped([pickedCount] + restOfView).take(rows).ordered(resultOrder)
  }

  /// Zeros of the source's shape with a tensor of the selection's added at the places: the adjoint of `taken`.
  func placed<Scalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
    var view = tensor
    if let rows {
      let picked = pickedFirst.prefix(pickedFirst.count - restOfView.count).map { viewShape[$0] }
      view = tensor.ordered(inverse(resultOrder)).scattered(rows, into: [pickedCount] + restOfView)
        .reshaped(picked + restOfView).ordered(inverse(pickedFirst))
    }
    let moves = moves
    return moves.isEmpty ? view : view.accumulated(into: source) { Self.apply(moves, to: $0) }
  }

  private mutating func move(_ move: Move) {
    moves.append(move)
    switch move {
    case .slice(let axis, _, let count, _): viewShape[axis] = count
    case .remove(let axis): viewShape.remove(at: axis)
    case .insert(let axis): viewShape.insert(1, at: axis)
    }
  }

  private static func apply(_ moves: [Move], to layout: Layout) -> Layout {
    moves.reduce(layout) { layout, move in
      switch move {
      case .slice(let axis, let start, let count, let step):
        layout.sliced(axis: axis, start: start, count: count, step: step)
      case .remove(let axis): layout.removing(axis: axis)
      case .insert(let axis): layout.inserting(axis: axis)
      }
    }
  }

  /// Sizes of the view's axes that no index tensor picks from.
  private var restOfView: [Int] {
    pickedFirst.dropFirst(picks.reduce(0) { $0 + $1.axes.count }).map { viewShape[$0] }
  }

  /// The number of places along the picked axes.
  private var pickedCount: Int { Layout.count(of: picks.flatMap { viewShape[$0.axes] }) }

  private mutating func combinePicks(_ file: StaticString, _ line: UInt) {
    guard let first = picks.first else { return }
    var combined = first.index
    for pick in picks.dropFirst() {
      require(
        broadcastShape(combined.shape, pick.index.shape) != nil,
        "\(name): index tensors of shapes \(picks.map(\.index.shape)) do not broadcast to one shape", file: file,
        line: line)
      combined = combined * Layout.count(of: Array(viewShape[pick.axes])) + pick.index
    }
    let picked = picks.flatMap { Array($0.axes) }
    let rest = viewShape.indices.filter { !picked.contains($0) }
    pickedFirst = picked + rest
    let areNeighbours = picked.last! - picked[0] + 1 == picked.count
    let (before, axes) = (areNeighbours ? picked[0] : 0, combined.rank)
    resultOrder = Array(axes..<axes + before) + Array(0..<axes) + Array(axes + before..<axes + rest.count)
    rows = combined
  }
}

/// The order of axes that undoes another.
private func inverse(_ order: [Int]) -> [Int] {
  var inverse = order
  for (position, axis) in order.enumerated() { inverse[axis] = position }
  return inverse
}

extension Tensor {
  /// The axes in another order, unless it is the one that they have.
  fileprivate func ordered(_ axes: [Int]) -> Tensor { axes == Array(0..<rank) ? self : permuted(axes) }
}

extension Tensor where Scalar == Int {
  /// Positions along an axis of a size, those below 0 counted from the end; what does not exist goes to `fail` as it was given.
  fileprivate func countedFromTheFront(_ size: Int, _ fail: (Int) -> Never) -> Tensor {
    if firstOutside(size) == nil { return self }
    let counted = Tensor.where(self .< 0, minimum(self, Tensor(0)) + size, self)
    if let position = counted.firstOutside(size) { fail(position < 0 ? position - size : position) }
    return counted
  }
}
