import CKernels

/// A matrix of bfloat16 [depth, columns] packed to be the right-hand side of products; see `bfloat16_panels.inc`.
struct PackedBFloat16 {
  private let depth: Int
  private let columns: Int
  private let panels: Buffer<UInt16>

  /// Whether products multiply pairs of bfloat16, as the processor's own instruction does.
  ///
  /// Elsewhere the operands are widened, because the loops for `Float` are faster. Tests switch it on everywhere.
  @TaskLocal static var isUsed = ck_has_bf16() != 0

  private static let lanes = ck_bf16_lanes()
  /// The columns of a panel: two vectors.
  static var panelWidth: Int { 2 * lanes }

  /// Packs the matrix whose element (k, j) lies at `k · row + j · column`, on the threads or on this one alone.
  init(
    _ matrix: UnsafePointer<UInt16>, row: Int, column: Int, depth: Int, columns: Int, isShared: Bool = true
  ) {
    (self.depth, self.columns) = (depth, columns)
    let width = PackedBFloat16.panelWidth
    let count = (columns + width - 1) / width
    let panels = Buffer<UInt16>(count: count * PackedBFloat16.length(depth) * width)
    func pack(_ part: Range<Int>) {
      ck_bf16_pack(
        PackedBFloat16.lanes, part.lowerBound, part.upperBound, columns, depth, matrix, row, column, panels.pointer)
    }
    if isShared {
      parallel(count, grain: elementGrain / max(depth * width, 1) + 1, pack)
    } else {
      pack(0..<count)
    }
    self.panels = panels
  }

  /// A depth made even.
  static func length(_ depth: Int) -> Int { (depth + 1) / 2 * 2 }

  /// `c = a · self` for one thread, for all columns or those of some panels; the element (i, k) of `a` lies at `i · row + k · column`.
  ///
  /// `c` is the address of bfloat16 where the sums are rounded and of `Float`s otherwise.
  func product(
    _ rows: Int, _ a: UnsafePointer<UInt16>, row: Int, column: Int, panels range: Range<Int>? = nil,
    _ c: UnsafeMutableRawPointer, leading: Int, _ form: BFloat16Result
  ) {
    let width = PackedBFloat16.panelWidth
    let first = (range?.lowerBound ?? 0) * width
    let count = min(columns, range.map { $0.upperBound * width } ?? columns) - first
    let target = c + first * (form == .rounded ? 2 : 4)
    let source = panels.pointer + first * PackedBFloat16.length(depth)
    if column == 1 && depth % 2 == 0 {
      return ck_bf16_product(rows, count, depth, a, row, source, target, leading, form)
    }
    let length = PackedBFloat16.length(depth)
    let gathered = Buffer<UInt16>(count: rows * length)
    ck_bf16_gather(rows, depth, a, row, column, gathered.pointer, length)
    ck_bf16_product(rows, count, depth, gathered.pointer, length, source, target, leading, form)
    withExtendedLifetime(gathered) {}
  }
}
