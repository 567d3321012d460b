import CKernels

/// A matrix [depth, columns] packed once to be the right-hand side of many products; see `panels.inc`.
///
/// Products with it need no packing of their left-hand side, so that a few rows at a time are as fast as many. In a debug
/// build nothing is packed and OpenBLAS makes the products, because the loops in C are slow there. The matrix must outlive
/// its packed form.
package struct PackedMatrix<Scalar: TensorScalar> {
  private let depth: Int
  private let columns: Int
  private let matrix: MatrixOperand<Scalar>
  private let panels: Buffer<Scalar>?

  /// The columns of a panel: two vectors.
  static var panelWidth: Int { 2 * vectorBytes / MemoryLayout<Scalar>.stride }

  /// Whether a tall matrix is multiplied faster by a packed one: it is small, and packed once for many rows.
  static func pays(rows: Int, depth: Int, columns: Int) -> Bool {
    kernelsAreOptimized && columns >= panelWidth && rows >= 8 * columns && (1...1 << 17).contains(depth * columns)
  }

  /// Packs a matrix that is stored [depth, columns], or [columns, depth] where it is transposed.
  package init(_ matrix: UnsafePointer<Scalar>, depth: Int, columns: Int, isTransposed: Bool) {
    let leading = max(isTransposed ? depth : columns, 1)
    self.init(
      MatrixOperand(pointer: matrix, isTransposed: isTransposed, leading: leading), depth: depth, columns: columns)
  }

  /// The same of a matrix whose stored rows lie apart.
  init(_ matrix: MatrixOperand<Scalar>, depth: Int, columns: Int) {
    (self.matrix, self.depth, self.columns) = (matrix, depth, columns)
    let (leading, isTransposed) = (matrix.leading, matrix.isTransposed)
    guard kernelsAreOptimized else {
      self.panels = nil
      return
    }
    let width = PackedMatrix.panelWidth
    let count = (columns + width - 1) / width
    let panels = Buffer<Scalar>(count: count * depth * width)
    parallel(count, grain: elementGrain / max(depth * width, 1) + 1) { part in
      ck_pack_panels(
        Scalar.element, vectorBytes, part.lowerBound, part.upperBound, columns, depth,
        matrix.pointer, isTransposed ? 1 : leading,
        isTransposed ? leading : 1, panels.pointer)
    }
    self.panels = panels
  }

  /// `c = a · self` for one thread, where `a` is [rows, depth] as BLAS sees it.
  package func product(
    _ rows: Int, _ a: MatrixOperand<Scalar>, _ c: UnsafeMutablePointer<Scalar>, leading: Int
  ) {
    if let panels {
      ck_panel_product(
        Scalar.element, vectorBytes, rows, columns, depth, a.pointer, a.leading, a.isTransposed ? 1 : 0, panels.pointer,
        c, leading)
    } else {
      gemm(rows, columns, depth, a, matrix, beta: 0, c, leading: leading)
    }
  }
}

/// The bytes of a vector on this processor.
let vectorBytes = ck_vector_bytes()

/// Whether the loops in C were compiled with optimisation.
let kernelsAreOptimized = ck_is_optimized() != 0
