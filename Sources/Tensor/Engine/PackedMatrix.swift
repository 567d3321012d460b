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
  private let memory: Buffer<Scalar>?

  /// Whether a tall matrix is multiplied faster by a packed one: it is small, and packed once for many rows.
  static func pays(rows: Int, depth: Int, columns: Int) -> Bool {
    kernelsAreOptimized && columns >= Panels.width(Scalar.element) && rows >= 8 * columns
      && (1...1 << 17).contains(depth * columns)
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
    guard kernelsAreOptimized else {
      memory = nil
      return
    }
    let shape = Panels(Scalar.element, depth: depth, columns: columns)
    let memory = Buffer<Scalar>(count: shape.elements)
    parallel(shape.count, grain: elementGrain / max(depth * Panels.width(Scalar.element), 1) + 1) { part in
      shape.pack(part, of: matrix.raw(depth, columns), into: memory.pointer)
    }
    self.memory = memory
  }

  /// `c = a · self` for one thread, where `a` is [rows, depth] as BLAS sees it.
  package func product(
    _ rows: Int, _ a: MatrixOperand<Scalar>, _ c: UnsafeMutablePointer<Scalar>, leading: Int
  ) {
    if let memory {
      Panels(Scalar.element, depth: depth, columns: columns).product(
        a.raw(rows, depth), memory.pointer,
        to: RawMatrix(rows: rows, columns: columns, address: c, leading: leading))
    } else {
      gemm(rows, columns, depth, a, matrix, beta: 0, c, leading: leading)
    }
  }
}

/// How a matrix [depth, columns] lies as the right-hand side of products: in panels, each of two vectors' columns; see `panels.inc`.
struct Panels {
  private let element: ck_element
  private let (depth, columns): (Int, Int)

  init(_ element: ck_element, depth: Int, columns: Int) {
    (self.element, self.depth, self.columns) = (element, depth, columns)
  }

  /// The columns of a panel.
  static func width(_ element: ck_element) -> Int { 2 * vectorBytes / (element == CK_F64 ? 8 : 4) }

  /// How many there are.
  var count: Int { (columns + Panels.width(element) - 1) / Panels.width(element) }

  /// The elements that all of them take.
  var elements: Int { count * depth * Panels.width(element) }

  /// Packs some of them.
  func pack(_ part: Range<Int>, of matrix: RawMatrix, into panels: UnsafeMutableRawPointer) {
    ck_pack_panels(
      element, vectorBytes, part.lowerBound, part.upperBound, columns, depth, matrix.address,
      matrix.isTransposed ? 1 : matrix.leading, matrix.isTransposed ? matrix.leading : 1, panels)
  }

  /// `c = a · panels` for one thread, where `a` is [rows, depth] and `c` not seen transposed.
  func product(_ a: RawMatrix, _ panels: UnsafeRawPointer, to c: RawMatrix) {
    ck_panel_product(
      element, vectorBytes, a.rows, columns, depth, a.address, a.leading, a.isTransposed ? 1 : 0, panels, c.address,
      c.leading)
  }
}

/// The bytes of a vector on this processor.
let vectorBytes = ck_vector_bytes()

/// Whether the loops in C were compiled with optimisation.
let kernelsAreOptimized = ck_is_optimized() != 0
