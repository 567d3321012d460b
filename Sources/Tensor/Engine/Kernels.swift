import CKernels
import COpenBLAS

/// The kernels of one scalar type; `CKernels.h` says what each does.
///
/// For the engine alone: public only because `TensorScalar` mentions it.
public struct _Kernels<Scalar>: Sendable {
  typealias In = UnsafePointer<Scalar>
  typealias Out = UnsafeMutablePointer<Scalar>
  typealias Strides = UnsafePointer<Int>

  let fill: @Sendable (Int, Scalar, Out) -> Void
  let unary: @Sendable (ck_unary, Int, In, Out) -> Void
  let binary: @Sendable (ck_binary, Int, Strides, In, Strides, In, Strides, Out) -> Void
  let accumulate: @Sendable (Int, Strides, In, Strides, Out, Strides) -> Void
  let reduce: @Sendable (ck_reduce, Int, Int, Int, In, Out) -> Void
  let softmaxRows: @Sendable (Int, Int, Bool, In, Out) -> Void
  let softmaxColumns: @Sendable (Int, Int, Int, Bool, In, Out) -> Void
  let cumulativeSum: @Sendable (Int, Int, Int, In, Out) -> Void
  let scatterAddRows: @Sendable (Int, Int, Int, UnsafePointer<Int>, In, Out) -> Void
  let im2col: @Sendable (UnsafePointer<ck_window>, Int, Int, In, Out) -> Void
  let col2im: @Sendable (UnsafePointer<ck_window>, Int, Int, In, Out) -> Void
  let channelSums: @Sendable (Int, Int, In, In, Out, Out) -> Void
  let channelDots: @Sendable (Int, Int, In, In, In, In?, In?, Out, Out) -> Void
  let channelGatedDots: @Sendable (Int, Int, In, In, In, In, Out, Out, Out) -> Void
  let channelAffine: @Sendable (Int, Int, In, In, In, In?, Bool, Out) -> Void
  let channelAffine2: @Sendable (Int, Int, In, In, In, In, In, In?, In?, Out) -> Void
  let maxPool: @Sendable (UnsafePointer<ck_window>, Int, Int, In, Out) -> Void
  let maxPoolShare: @Sendable (UnsafePointer<ck_window>, Int, Int, In, In, In?, Out?, In?, Out?) -> Void
  let packPanels: @Sendable (Int, Int, Int, Int, Int, In, Int, Int, Out) -> Void
  let panelProduct: @Sendable (Int, Int, Int, Int, In, Int, Bool, In, Out, Int) -> Void
  let inverseNorms: @Sendable (Int, Int, Scalar, In, Out) -> Void
  let scaleBoth: @Sendable (Int, Int, Int, In, In, Out) -> Void
  let cosinePull: @Sendable (Int, Int, Int, In, In, In, In, Int, Out, Out, Out) -> Void
  let subtractRadial: @Sendable (Int, Int, Scalar, In, In, In, Out) -> Void
  let pairDistances: @Sendable (Int, Int, In, In, UnsafePointer<Int>, UnsafePointer<Int>, Out) -> Void
  let pairDistancesPull: @Sendable (Int, Int, In, In, UnsafePointer<Int>, UnsafePointer<Int>, In, Out, Out) -> Void
  let addScaled: @Sendable (Int, Scalar, In, In, Out) -> Void
  let logSumExpColumns: @Sendable (Int, Int, Int, Scalar, In, UnsafePointer<Int>?, Int, Out) -> Void
  let logSumExpRows: @Sendable (Int, Int, Scalar, In, UnsafePointer<Int>?, Out) -> Void
  let segmentedLogSumExp: @Sendable (Int, In, UnsafePointer<Int>, Int, Out, Out) -> Void
  let logSumExpColumnsPull: @Sendable (Int, Int, Int, Scalar, In, UnsafePointer<Int>?, Int, In, In, Out) -> Void
  let logSumExpRowsPull: @Sendable (Int, Int, Scalar, In, UnsafePointer<Int>?, In, In, Out) -> Void
  let gemm: @Sendable (Int, Int, Int, MatrixOperand<Scalar>, MatrixOperand<Scalar>, Scalar, Out, Int) -> Void
}

extension Float {
  /// The loops in C and BLAS for this scalar; for the engine alone.
  public static let _kernels = _Kernels<Float>(
    fill: { ck_fill_f32($0, $1, $2) },
    unary: { ck_unary_f32($0, $1, $2, $3) },
    binary: { ck_binary_f32($0, $1, $2, $3, $4, $5, $6, $7) },
    accumulate: { ck_accumulate_f32($0, $1, $2, $3, $4, $5) },
    reduce: { ck_reduce_f32($0, $1, $2, $3, $4, $5) },
    softmaxRows: { ck_softmax_rows_f32($0, $1, $2 ? 1 : 0, $3, $4) },
    softmaxColumns: { ck_softmax_columns_f32($0, $1, $2, $3 ? 1 : 0, $4, $5) },
    cumulativeSum: { ck_cumulative_sum_f32($0, $1, $2, $3, $4) },
    scatterAddRows: { ck_scatter_add_rows_f32($0, $1, $2, $3, $4, $5) },
    im2col: { ck_im2col_f32($0, $1, $2, $3, $4) },
    col2im: { ck_col2im_f32($0, $1, $2, $3, $4) },
    channelSums: { ck_channel_sums_f32($0, $1, $2, $3, $4, $5) },
    channelDots: { ck_channel_dots_f32($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    channelGatedDots: { ck_channel_gated_dots_f32($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    channelAffine: { ck_channel_affine_f32($0, $1, $2, $3, $4, $5, $6 ? 1 : 0, $7) },
    channelAffine2: { ck_channel_affine2_f32($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    maxPool: { ck_max_pool_f32($0, $1, $2, $3, $4) },
    maxPoolShare: { ck_max_pool_share_f32($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    packPanels: { ck_pack_panels_f32($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    panelProduct: { ck_panel_product_f32($0, $1, $2, $3, $4, $5, $6 ? 1 : 0, $7, $8, $9) },
    inverseNorms: { ck_inverse_norms_f32($0, $1, $2, $3, $4) },
    scaleBoth: { ck_scale_both_f32($0, $1, $2, $3, $4, $5) },
    cosinePull: { ck_cosine_pull_f32($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
    subtractRadial: { ck_subtract_radial_f32($0, $1, $2, $3, $4, $5, $6) },
    pairDistances: { ck_pair_distances_f32($0, $1, $2, $3, $4, $5, $6) },
    pairDistancesPull: { ck_pair_distances_pull_f32($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    addScaled: { ck_add_scaled_f32($0, $1, $2, $3, $4) },
    logSumExpColumns: { ck_log_sum_exp_columns_f32($0, $1, $2, $3, $4, $5, $6, $7) },
    logSumExpRows: { ck_log_sum_exp_rows_f32($0, $1, $2, $3, $4, $5) },
    segmentedLogSumExp: { ck_segmented_log_sum_exp_f32($0, $1, $2, $3, $4, $5) },
    logSumExpColumnsPull: { ck_log_sum_exp_columns_pull_f32($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    logSumExpRowsPull: { ck_log_sum_exp_rows_pull_f32($0, $1, $2, $3, $4, $5, $6, $7) },
    gemm: { m, n, k, a, b, beta, c, leading in
      cblas_sgemm(
        CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
        blasint(m), blasint(n), blasint(k), 1, a.pointer, blasint(a.leading), b.pointer, blasint(b.leading), beta, c,
        blasint(leading))
    })
}

extension Double {
  /// The loops in C and BLAS for this scalar; for the engine alone.
  public static let _kernels = _Kernels<Double>(
    fill: { ck_fill_f64($0, $1, $2) },
    unary: { ck_unary_f64($0, $1, $2, $3) },
    binary: { ck_binary_f64($0, $1, $2, $3, $4, $5, $6, $7) },
    accumulate: { ck_accumulate_f64($0, $1, $2, $3, $4, $5) },
    reduce: { ck_reduce_f64($0, $1, $2, $3, $4, $5) },
    softmaxRows: { ck_softmax_rows_f64($0, $1, $2 ? 1 : 0, $3, $4) },
    softmaxColumns: { ck_softmax_columns_f64($0, $1, $2, $3 ? 1 : 0, $4, $5) },
    cumulativeSum: { ck_cumulative_sum_f64($0, $1, $2, $3, $4) },
    scatterAddRows: { ck_scatter_add_rows_f64($0, $1, $2, $3, $4, $5) },
    im2col: { ck_im2col_f64($0, $1, $2, $3, $4) },
    col2im: { ck_col2im_f64($0, $1, $2, $3, $4) },
    channelSums: { ck_channel_sums_f64($0, $1, $2, $3, $4, $5) },
    channelDots: { ck_channel_dots_f64($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    channelGatedDots: { ck_channel_gated_dots_f64($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    channelAffine: { ck_channel_affine_f64($0, $1, $2, $3, $4, $5, $6 ? 1 : 0, $7) },
    channelAffine2: { ck_channel_affine2_f64($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    maxPool: { ck_max_pool_f64($0, $1, $2, $3, $4) },
    maxPoolShare: { ck_max_pool_share_f64($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    packPanels: { ck_pack_panels_f64($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    panelProduct: { ck_panel_product_f64($0, $1, $2, $3, $4, $5, $6 ? 1 : 0, $7, $8, $9) },
    inverseNorms: { ck_inverse_norms_f64($0, $1, $2, $3, $4) },
    scaleBoth: { ck_scale_both_f64($0, $1, $2, $3, $4, $5) },
    cosinePull: { ck_cosine_pull_f64($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
    subtractRadial: { ck_subtract_radial_f64($0, $1, $2, $3, $4, $5, $6) },
    pairDistances: { ck_pair_distances_f64($0, $1, $2, $3, $4, $5, $6) },
    pairDistancesPull: { ck_pair_distances_pull_f64($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    addScaled: { ck_add_scaled_f64($0, $1, $2, $3, $4) },
    logSumExpColumns: { ck_log_sum_exp_columns_f64($0, $1, $2, $3, $4, $5, $6, $7) },
    logSumExpRows: { ck_log_sum_exp_rows_f64($0, $1, $2, $3, $4, $5) },
    segmentedLogSumExp: { ck_segmented_log_sum_exp_f64($0, $1, $2, $3, $4, $5) },
    logSumExpColumnsPull: { ck_log_sum_exp_columns_pull_f64($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    logSumExpRowsPull: { ck_log_sum_exp_rows_pull_f64($0, $1, $2, $3, $4, $5, $6, $7) },
    gemm: { m, n, k, a, b, beta, c, leading in
      cblas_dgemm(
        CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
        blasint(m), blasint(n), blasint(k), 1, a.pointer, blasint(a.leading), b.pointer, blasint(b.leading), beta, c,
        blasint(leading))
    })
}

extension ElementType {
  /// How the kernels for every element type name it.
  var element: ck_element {
    switch self {
    case .float32: CK_F32
    case .float64: CK_F64
    case .int64: CK_I64
    case .uint8, .bool: CK_U8
    }
  }
}
