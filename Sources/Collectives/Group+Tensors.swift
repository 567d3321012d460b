import Tensor

extension Group {
  /// The rows of all ranks, those of rank 0 first: `[rows, …]` gives `[all rows, …]`, the same on every rank.
  ///
  /// Ranks may have different numbers of rows, also none. What is computed from the result must be the same on every rank (see
  /// `Group`): the pullback takes this rank's rows of its gradient, which no other rank adds to. Where ranks compute different
  /// things from it, put `spread(_:)` between. Traps for a tensor without axes.
  public func gathered<Scalar: TensorScalar>(
    _ rows: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    require(rows.rank >= 1, "gathered: shape \(rows.shape) has no rows", file: file, line: line)
    guard size > 1 else { return rows }
    return withPullback(
      "gathered", at: rows,
      of: { rows in
        let counts = gatheredCounts(rows.shape[0])
        let start = counts[..<rank].reduce(0, +)
        return (joined(rows, counts), { $0[start..<start + counts[self.rank]] })
      }, file: file, line: line)
  }

  /// The tensors of all ranks, which must have one shape, side by side: `[ranks, …]`; otherwise as `gathered(_:)`.
  public func stacked<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    guard size > 1 else { return x.unsqueezed(0) }
    return withPullback(
      "stacked", at: x,
      of: { x in (joined(x.unsqueezed(0), Array(repeating: 1, count: size)), { $0[self.rank] }) })
  }

  /// The labels of all ranks, those of rank 0 first.
  public func gathered(_ labels: Labels) -> Labels {
    size > 1 ? joined(labels, gatheredCounts(labels.shape[0])) : labels
  }

  /// The sum over all ranks, in their order; the same on every rank, in the tensor's shape.
  ///
  /// The pullback passes the gradient on to every rank. The shapes must be equal on all ranks.
  public func sum<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    guard size > 1 else { return x }
    return withPullback("groupSum", at: x, of: { (summed($0), { $0 }) })
  }

  /// A value that is the same on every rank, from which each is about to compute something of its own: the value as it is.
  ///
  /// The pullback sums the gradients of all ranks. It is the counterpart of `sum(_:)`: between the two, ranks differ.
  public func spread<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    guard size > 1 else { return x }
    return withPullback("spread", at: x, of: { ($0, { self.sum($0) }) })
  }

  /// The tensor of one rank, in this shape; not differentiated.
  public func broadcast<Scalar: TensorElement>(_ x: Tensor<Scalar>, from root: Int = 0) -> Tensor<Scalar> {
    guard size > 1 else { return x }
    let own = rank == root
    return Tensor(shape: x.shape) { target in
      if own { x.withUnsafeScalars { source in _ = target.initialize(from: source) } }
      transport.broadcast(UnsafeMutableRawBufferPointer(target), from: root)
    }
  }

  /// The rows of all ranks, of which there are so many each.
  private func joined<Scalar>(_ rows: Tensor<Scalar>, _ counts: [Int]) -> Tensor<Scalar> {
    let width = rows.shape.dropFirst().reduce(1, *) * MemoryLayout<Scalar>.stride
    return Tensor(shape: [counts.reduce(0, +)] + rows.shape.dropFirst()) { all in
      rows.withUnsafeScalars {
        transport.gather(
          UnsafeRawBufferPointer($0), into: UnsafeMutableRawBufferPointer(all), counts: counts.map { $0 * width })
      }
    }
  }

  /// Every rank adds up one part, in the order of the ranks, and gives it to the others: as many bytes as a ring, and no
  /// order of arrival matters.
  func summed<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    withoutRecording {
      let flat = x.detached.reshaped([x.count])
      let parts = (0..<size).map { share(of: x.count, rank: $0) }
      let (own, width) = (parts[rank], MemoryLayout<Scalar>.stride)
      let others = Tensor<Scalar>(shape: [(size - 1) * own.count]) { target in
        // This rank's own part stays where it is.
        let given = parts.enumerated().map { $0 == rank ? 0..<0 : $1.lowerBound * width..<$1.upperBound * width }
        let taken = ranges(of: parts.indices.map { $0 == rank ? 0 : own.count * width })
        flat.withUnsafeScalars {
          transport.exchange(
            UnsafeRawBufferPointer($0), given: given, into: UnsafeMutableRawBufferPointer(target), taken: taken,
            largest: parts.map(\.count).max()! * width)
        }
      }
      var sum: Tensor<Scalar>?
      for part in 0..<size {
        let place = part < rank ? part : part - 1
        let next = part == rank ? flat[own] : others[place * own.count..<(place + 1) * own.count]
        sum = sum.map { $0 + next } ?? next
      }
      return joined(sum!, parts.map(\.count)).reshaped(x.shape)
    }
  }
}
