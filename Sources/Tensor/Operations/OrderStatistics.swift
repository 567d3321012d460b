extension Tensor where Scalar: Comparable {
  /// The greatest of each element and all before it along an axis, and where it stands; gradients go back there.
  ///
  /// Of equal elements the last counts; from a NaN on, all are NaN. PyTorch's `cummax`. Traps for an axis that does not exist.
  public func cumulativeMax(
    along axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    cumulativeExtreme(.max, along: checkedAxes([axis], "cumulativeMax", file, line)[0])
  }

  /// The smallest of each element and all before it along an axis, and where it stands; gradients go back there.
  ///
  /// Of equal elements the last counts; from a NaN on, all are NaN. PyTorch's `cummin`. Traps for an axis that does not exist.
  public func cumulativeMin(
    along axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    cumulativeExtreme(.min, along: checkedAxes([axis], "cumulativeMin", file, line)[0])
  }

  private func cumulativeExtreme(_ reduction: Reduction, along axis: Int) -> (values: Tensor, indices: Tensor<Int>) {
    let indices = Tensor<Int>(Engine.cumulativeExtreme(reduction, array, along: axis))
    return (takeElements(indices, along: axis), indices)
  }

  /// The middle element along an axis, or of all elements, of an even number the lower one; the gradient goes back to it.
  ///
  /// NaN where there is one. As PyTorch's; NumPy takes the mean of two in the middle, which is `quantile(0.5)`. `keepsAxes` leaves
  /// the axis, or all, in the shape with size one. Traps over no elements, and for an axis that does not exist.
  public func median(
    along axis: Int? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("median", axis.map { [$0] }, keepsAxes, file, line) { axes in
      requireElements(along: axes, "median", file, line)
      let (x, axis) = inOneRow(axes)
      let (order, size) = (x.argsorted(along: axis), x.shape[axis])
      let last = order.sliced(along: axis, (size - 1)...)
      let middle = order.sliced(along: axis, (size - 1) / 2...(size - 1) / 2)
      let greatest = x.detached.takeElements(last, along: axis)
      return x.takeElements(.where(greatest .!= greatest, last, middle), along: axis).reshaped(layout.keeping(axes))
    }
  }

  /// The most frequent element along an axis, of equally frequent ones the smallest, and where it stands last.
  ///
  /// NaNs differ from each other. The gradient goes back to that place. `keepsAxes` leaves the axis in the shape with size one. Traps
  /// over no elements, and for an axis that does not exist.
  public func mode(
    along axis: Int = -1, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    let axis = checkedAxes([axis], "mode", file, line)[0]
    requireElements(along: [axis], "mode", file, line)
    let (order, size) = (argsorted(along: axis), shape[axis])
    let sorted = detached.takeElements(order, along: axis)
    let isSame = sorted.sliced(along: axis, 1...) .== sorted.sliced(along: axis, ..<(size - 1))
    // How many equal elements stand before each one: its place less that of the first of them.
    let places = Tensor<Int>.range(size).reshaped([size] + [Int](repeating: 1, count: rank - 1 - axis))
    let starts = Tensor<Int>.where(
      isSame.padded(along: axis, before: 1, after: 0, value: false), Tensor<Int>(0), places)
    let counts = places - starts.cumulativeMax(along: axis).values
    let indices = order.takeElements(counts.argmax(along: axis, keepsAxes: true), along: axis)
    let values = takeElements(indices, along: axis)
    return keepsAxes ? (values, indices) : (values.squeezed(axis), indices.squeezed(axis))
  }

  /// Where each value would have to be put into this ascending row for it to stay so: before equal elements, or after them.
  ///
  /// `[n]` and values of any shape, or `[…, n]` and `[…, m]` with the same axes before, give positions 0 through n in the values'
  /// shape. NaN counts as the greatest. PyTorch's `searchsorted` and, with boundaries, its `bucketize`. Traps where the shapes do not
  /// fit; that the row ascends is not checked.
  public func searchSorted(
    _ values: Tensor, afterEqual: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    require(
      rank == 1 || (rank > 1 && values.rank == rank && values.shape.dropLast() == shape.dropLast()),
      "searchSorted: rows \(shape) and values \(values.shape) do not fit", file: file, line: line)
    return Tensor<Int>(Engine.searchSorted(array, values.array, isAfter: afterEqual))
  }

  /// The tensor itself and its one axis, or all elements in a vector.
  private func inOneRow(_ axes: [Int]) -> (Tensor, axis: Int) {
    axes.count == 1 ? (self, axes[0]) : (flattened(), 0)
  }
}

extension Tensor where Scalar: TensorScalar {
  /// What a share of the elements along an axis, or of all elements, lies below: 0.5 is the median, 1 the maximum.
  ///
  /// Linear between the two elements that are nearest, to which the gradient goes; NaN where there is one. `keepsAxes` leaves the axis, or
  /// all, in the shape with size one. Traps for a share outside 0...1, over no elements, and for an axis that does not exist.
  public func quantile(
    _ share: Scalar, along axis: Int? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    quantiles([share], "quantile", axis, keepsAxes, file, line)[0]
  }

  /// The quantiles of several shares, one after another along a new first axis; otherwise, with its traps, as of one.
  public func quantile(
    _ shares: [Scalar], along axis: Int? = nil, keepsAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(!shares.isEmpty, "quantile: no shares", file: file, line: line)
    return .stacked(quantiles(shares, "quantile", axis, keepsAxes, file, line))
  }

  private func quantiles(
    _ shares: [Scalar], _ name: StaticString, _ axis: Int?, _ keepsAxes: Bool, _ file: StaticString, _ line: UInt
  ) -> [Tensor] {
    require(
      shares.allSatisfy { (0...1).contains($0) }, "\(name): shares \(shares) outside 0...1", file: file, line: line)
    let axes = axis.map { checkedAxes([$0], name, file, line) } ?? Array(0..<rank)
    requireElements(along: axes, name, file, line)
    let (x, row) = inOneRow(axes)
    let (sorted, last) = (x.sorted(along: row), x.shape[row] - 1)
    let hasNaN = sorted.detached.sliced(along: row, last...).isNaN
    return shares.map { share in
      reducing(name, axis.map { [$0] }, keepsAxes, file, line) { axes in
        let place = share * Scalar(last)
        let low = Swift.min(Int(place), last)
        let high = Swift.min(low + 1, last)
        let (below, above) = (sorted.sliced(along: row, low...low), sorted.sliced(along: row, high...high))
        let value = lerp(below, above, weight: place - Scalar(low))
        return value.replacing(with: .nan, where: hasNaN).reshaped(layout.keeping(axes))
      }
    }
  }

  /// How many elements lie between neighbours of ascending edges, shape `[edges.count − 1]`.
  ///
  /// An edge belongs to the interval above it, the last one to that below. Elements outside, and NaN, are not counted. Traps for fewer
  /// than two edges.
  public func histogram(edges: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor<Int> {
    require(
      edges.rank == 1 && edges.count >= 2, "histogram: \(edges.shape) is no row of two edges or more", file: file,
      line: line)
    let (x, bins) = (detached, edges.count - 1)
    // 0 is below all edges, and what is counted beyond the last interval above all.
    let places = edges.searchSorted(x, afterEqual: true)
    let inside = Tensor<Int>.where(x .== edges.detached.sliced(along: 0, bins...), Tensor<Int>(bins), places)
    return inside.bincount(minimumCount: bins + 2)[1...bins]
  }

  /// How many elements lie in each of `bins` intervals of one length, and their edges, from `range` or else the elements' own.
  ///
  /// Shapes `[bins]` and `[bins + 1]`; the edges are constants. Elements outside the range, and NaN, are not counted. Where all are
  /// equal, the intervals are from half below to half above. Traps for less than one interval, a range that is not finite, and without
  /// one for no elements or any that is not finite.
  public func histogram(
    bins: Int, in range: ClosedRange<Scalar>? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> (counts: Tensor<Int>, edges: Tensor) {
    require(
      bins >= 1 && bins < 1 << 40, "histogram: \(bins) is not a number of intervals", file: file, line: line)
    let (low, high): (Tensor, Tensor)
    if let range {
      (low, high) = (Tensor(range.lowerBound), Tensor(range.upperBound))
    } else {
      require(count > 0, "histogram: shape \(shape) has no elements and so no range", file: file, line: line)
      (low, high) = (detached.min(), detached.max())
    }
    require(
      low.isFinite.allTrue && high.isFinite.allTrue, "histogram: a range that is not finite", file: file, line: line)
    let half = (low .== high).cast(to: Scalar.self) * 0.5
    let edges = lerp(low - half, high + half, weight: .linspace(from: 0, through: 1, count: bins + 1))
    return (histogram(edges: edges, file: file, line: line), edges)
  }
}

extension Tensor where Scalar == Int {
  /// How often each of 0, 1, 2, … occurs, up to the greatest element, or to `minimumCount` numbers.
  ///
  /// Sums of weights instead are `weights.scatteredRows(self, into: [n])`. Traps for negative elements.
  public func bincount(minimumCount: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let number = firstOutside(Int.max / 16) {
      trap("bincount: \(number) cannot be counted up to", file: file, line: line)
    }
    return Tensor(Engine.countEach(array, minimumSize: minimumCount))
  }
}
