import COpenBLAS
import CKernels
import Foundation

/// OpenBLAS, set up once: the right kernels for the CPU, and one thread (the engine splits the work itself, because
/// OpenBLAS splits skinny matrices badly).
enum BLAS {
  static let isReady: Bool = {
    selectKernels()
    openblas_set_num_threads(1)
    touchWorkspaces()
    return true
  }()

  /// The version as OpenBLAS states it, such as `0.3.21`.
  static var version: String {
    let words = String(cString: openblas_get_config()).split(separator: " ")
    return words.first { $0.first?.isNumber == true }.map(String.init) ?? "unknown"
  }

  private static func isOlder(than other: [Int]) -> Bool {
    version.split(separator: ".").compactMap { Int($0.prefix(while: \.isNumber)) }.lexicographicallyPrecedes(other)
  }

  /// OpenBLAS before 0.3.22 takes AVX2 kernels on CPUs newer than itself, at half the speed of AVX-512.
  private static func selectKernels() {
    guard ck_has_avx512() != 0, environment("OPENBLAS_CORETYPE") == nil, isOlder(than: [0, 3, 22]),
      let quit = dlsym(nil, "gotoblas_dynamic_quit"), let start = dlsym(nil, "gotoblas_dynamic_init")
    else { return }
    setenv("OPENBLAS_CORETYPE", "SkylakeX", 0)
    unsafeBitCast(quit, to: (@convention(c) () -> Void).self)()
    unsafeBitCast(start, to: (@convention(c) () -> Void).self)()
    unsetenv("OPENBLAS_CORETYPE")
  }

  /// Makes the pages of OpenBLAS's workspaces present, one for each thread.
  ///
  /// Its kernels prefetch past what they packed. Where nothing has been written there yet, every such prefetch is a walk
  /// through the page table that fails: on a Zen CPU 180 × 100 × 512 ran at 13 GFLOP/s on one thread until some larger product
  /// had been made, and at 42 from then on.
  private static func touchWorkspaces() {
    guard let take = dlsym(nil, "blas_memory_alloc"), let give = dlsym(nil, "blas_memory_free") else { return }
    requireWorkspaces()
    let taking = unsafeBitCast(take, to: (@convention(c) (Int32) -> UnsafeMutableRawPointer?).self)
    let giving = unsafeBitCast(give, to: (@convention(c) (UnsafeMutableRawPointer) -> Void).self)
    let workspaces = (0..<Threads.count).compactMap { _ in taking(0) }
    for workspace in workspaces { memset(workspace, 0, 2 << 20) }  // the packed left-hand side's part
    for workspace in workspaces { giving(workspace) }
  }
}

extension BLAS {
  /// What OpenBLAS maps for a workspace on x86-64.
  private static let workspaceBytes = 128 << 20
  /// What threads and the first tensors take besides.
  private static let leastBesides = 256 << 20

  /// Looks whether there is memory for the workspaces and to begin with: where there is none, OpenBLAS and libdispatch try for
  /// ever to get some.
  private static func requireWorkspaces() {
    let bytes = Threads.count * workspaceBytes + leastBesides
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let address = mmap(nil, bytes, PROT_NONE, flags, -1, 0), address != MAP_FAILED else {
      OutOfMemory.report(bytes)
    }
    munmap(address, bytes)
  }
}

/// What computes, for reports.
public enum Backend {
  /// OpenBLAS's version and the processor whose kernels it uses, such as `0.3.21 SkylakeX`.
  ///
  /// Sets OpenBLAS up, which changes the environment for a moment: read it before starting threads that may look there.
  public static var blas: String {
    _ = BLAS.isReady
    return "\(BLAS.version) \(String(cString: openblas_get_corename()))"
  }
}

/// A matrix in memory as BLAS sees it: row-major, perhaps to be read transposed.
package struct MatrixOperand<Scalar> {
  package var pointer: UnsafePointer<Scalar>
  package var isTransposed: Bool
  /// Elements from one stored row to the next.
  package var leading: Int

  package init(pointer: UnsafePointer<Scalar>, isTransposed: Bool = false, leading: Int) {
    (self.pointer, self.isTransposed, self.leading) = (pointer, isTransposed, leading)
  }

  func raw(_ rows: Int, _ columns: Int) -> RawMatrix {
    RawMatrix(
      rows: rows, columns: columns, address: UnsafeMutableRawPointer(mutating: pointer), leading: leading,
      isTransposed: isTransposed)
  }
}

/// `c = a · b + beta · c` for one thread; `c` is [m, n] with rows `leading` apart.
func gemm<Scalar: TensorScalar>(
  _ m: Int, _ n: Int, _ k: Int, _ a: MatrixOperand<Scalar>, _ b: MatrixOperand<Scalar>, beta: Scalar,
  _ c: UnsafeMutablePointer<Scalar>, leading: Int
) {
  gemm(
    Scalar.element, a.raw(m, k), b.raw(k, n), beta: Double(beta),
    to: RawMatrix(rows: m, columns: n, address: c, leading: leading))
}

/// The same of elements by their name; `c` is not seen transposed.
func gemm(_ element: ck_element, _ a: RawMatrix, _ b: RawMatrix, beta: Double, to c: RawMatrix) {
  let (m, n, k) = (c.rows, c.columns, a.columns)
  guard m > 0, n > 0 else { return }
  require(
    max(m, n, k, a.leading, b.leading, c.leading) <= Int(blasint.max),
    "matmul: [\(m), \(k)] times [\(k), \(n)] is too large for BLAS, which counts to \(blasint.max)")
  _ = BLAS.isReady
  hpl_gemm(
    element == CK_F64 ? 1 : 0, a.isTransposed ? 1 : 0, b.isTransposed ? 1 : 0, blasint(m), blasint(n), blasint(k),
    a.address, blasint(max(a.leading, 1)), b.address, blasint(max(b.leading, 1)), beta, c.address,
    blasint(max(c.leading, 1)))
}

/// The products of some rows of one matrix with some rows of another, `[rows, others]`, on this thread; both contiguous.
///
/// For the modules with loops of their own over tiles of similarities.
package func multiplyByTransposed(
  _ a: Tensor<Float>, _ rows: Range<Int>, _ b: Tensor<Float>, _ others: Range<Int>,
  into result: UnsafeMutablePointer<Float>
) {
  let (a, b) = (a.array, b.array)
  let depth = a.shape[1]
  require(
    a.layout.isContiguous && b.layout.isContiguous && b.shape[1] == depth,
    "multiplyByTransposed: \(a.shape) and \(b.shape)")
  let leading = max(depth, 1)
  gemm(
    rows.count, others.count, depth, MatrixOperand(pointer: a.pointer + rows.lowerBound * depth, leading: leading),
    MatrixOperand(pointer: b.pointer + others.lowerBound * depth, isTransposed: true, leading: leading), beta: 0,
    result,
    leading: others.count)
}
