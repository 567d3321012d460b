import CKernels

/// A matrix [depth, columns] packed once to be the right-hand side of many products; see `panels.inc`.
///
/// Products with it need no packing of their left-hand side, so that a few rows at a time are as fast as many.
struct PackedMatrix<Scalar: TensorScalar> {
  let depth: Int
  let columns: Int
  private let panels: Buffer<Scalar>

  /// The columns of a panel: two vectors.
  static var panelWidth: Int { 2 * vectorBytes / MemoryLayout<Scalar>.stride }

  /// Packs a matrix whose neighbours in a column are `row` elements apart, and those in a row `column`.
  init(_ matrix: UnsafePointer<Scalar>, depth: Int, columns: Int, row: Int, column: Int) {
    let width = PackedMatrix.panelWidth
    let count = (columns + width - 1) / width
    let panels = Buffer<Scalar>(count: count * depth * width)
    parallel(count, grain: elementGrain / max(depth * width, 1) + 1) { part in
      Scalar._kernels.packPanels(
        vectorBytes, part.lowerBound, part.upperBound, columns, depth, matrix, row, column, panels.pointer)
    }
    (self.depth, self.columns, self.panels) = (depth, columns, panels)
  }

  /// `c = a · self` for one thread, where `a` is [rows, depth].
  func product(
    _ rows: Int, _ a: UnsafePointer<Scalar>, leading aLeading: Int, _ c: UnsafeMutablePointer<Scalar>, leading: Int
  ) {
    Scalar._kernels.panelProduct(vectorBytes, rows, columns, depth, a, aLeading, panels.pointer, c, leading)
  }
}

/// The bytes of a vector on this processor.
let vectorBytes = ck_vector_bytes()
