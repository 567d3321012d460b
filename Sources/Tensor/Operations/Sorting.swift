import CKernels

extension Tensor {
  /// The positions along an axis in the order of the elements there: a stable order, equal elements stay as they are.
  ///
  /// NaN counts as the greatest, as in PyTorch; `false` is before `true`. Traps for an axis that does not exist.
  public func argsorted(
    along axis: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Labels {
    let axis = normalized([axis], "argsorted", file, line)[0]
    return best(shape[axis], along: axis, descending)
  }

  /// The first `k` positions of the order along an axis.
  private func best(_ k: Int, along axis: Int, _ descending: Bool) -> Labels {
    switch Scalar.elementType {
    case .uint8, .bool: return cast(to: Int.self).best(k, along: axis, descending)
    case .float32, .float64, .int64: break
    }
    let source = contiguous()
    var resultShape = shape
    resultShape[axis] = k
    let result = Labels(uninitialized: resultShape)
    let (outer, size, inner) = source.layout.around(axis)
    let (x, y) = (UnsafeRawPointer(source.pointer), result.buffer.pointer)
    defer { withExtendedLifetime(source) {} }
    parallel(outer, grain: elementGrain / (16 * Swift.max(size * inner, 1)) + 1) { part in
      let scratch = UnsafeMutableRawPointer.allocate(byteCount: 2 * size * 16, alignment: 16)
      defer { scratch.deallocate() }
      func input<T>(_: T.Type) -> UnsafePointer<T> {
        x.assumingMemoryBound(to: T.self) + part.lowerBound * size * inner
      }
      let (isDescending, y) = (Int32(descending ? 1 : 0), y + part.lowerBound * k * inner)
      switch Scalar.elementType {
      case .float32: ck_argsort_f32(part.count, size, inner, k, input(Float.self), isDescending, scratch, y)
      case .float64: ck_argsort_f64(part.count, size, inner, k, input(Double.self), isDescending, scratch, y)
      default: ck_argsort_i64(part.count, size, inner, k, input(Int.self), isDescending, scratch, y)
      }
    }
    return result
  }

  /// The elements along an axis in ascending or descending order; gradients go back to where they came from.
  ///
  /// Equal elements stay in their order; NaN counts as the greatest, as in PyTorch. Traps for an axis that does not exist.
  public func sorted(
    along axis: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = normalized([axis], "sorted", file, line)[0]
    return takeElements(argsorted(along: axis, descending: descending), along: axis)
  }

  /// The `k` greatest (or smallest) elements along an axis, the best first, and their positions.
  ///
  /// Of equal elements the first come first; NaN counts as the greatest, as in PyTorch. Gradients go back to where the
  /// elements came from. Traps where the axis has fewer elements.
  public func topK(
    _ k: Int, along axis: Int = -1, smallest: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Labels) {
    let axis = normalized([axis], "topK", file, line)[0]
    require(
      (0...shape[axis]).contains(k), "topK: \(k) elements along axis \(axis) of \(shape)", file: file, line: line)
    let indices = best(k, along: axis, !smallest)
    return (takeElements(indices, along: axis), indices)
  }

  /// The distinct elements in ascending order, which of them each element is (in this tensor's shape), and how often
  /// each occurs; constants with regard to gradients.
  ///
  /// NaNs differ from each other and come last, as in PyTorch.
  public func unique() -> (values: Tensor, inverse: Labels, counts: Labels) {
    let source = contiguous()
    switch Scalar.elementType {
    case .uint8, .bool:
      let (values, inverse, counts) = source.cast(to: Int.self).unique()
      return (values.cast(to: Scalar.self), inverse, counts)
    case .float32, .float64, .int64: break
    }
    let order = source.flattened().argsorted()
    let (first, counts) = (Labels(uninitialized: [count]), Labels(uninitialized: [count]))
    let inverse = Labels(uninitialized: shape)
    let x = UnsafeRawPointer(source.pointer)
    defer { withExtendedLifetime((source, order)) {} }
    func input<T>(_: T.Type) -> UnsafePointer<T> { x.assumingMemoryBound(to: T.self) }
    let (o, f, c, i) = (order.pointer, first.buffer.pointer, counts.buffer.pointer, inverse.buffer.pointer)
    let found =
      switch Scalar.elementType {
      case .float32: ck_unique_f32(count, input(Float.self), o, f, c, i)
      case .float64: ck_unique_f64(count, input(Double.self), o, f, c, i)
      default: ck_unique_i64(count, input(Int.self), o, f, c, i)
      }
    return (source.flattened().take(first[0..<found]), inverse, counts[0..<found].contiguous())
  }
}
