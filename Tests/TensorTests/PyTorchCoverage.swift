import Foundation
import _TestSupport

/// What becomes of every function that PyTorch documents in `torch` and `torch.nn.functional`.
struct PyTorchCoverage {
  /// Functions of PyTorch, and how they are written here, or why they are not there.
  struct Entry {
    let names: [String]
    let text: String
  }

  let written: [Entry]
  let missing: [Entry]
  /// The first line of the list: PyTorch's version.
  let version: String
  /// Every name on PyTorch's list.
  let all: [String]

  init() throws {
    let list = try String(contentsOf: goldenFile("pytorch-names.txt"), encoding: .utf8).split(separator: "\n")
    (version, all) = (String(list[0]), list.dropFirst().map(String.init))
    written = Self.entries(writtenInPyTorch)
    missing = Self.entries(missingFromPyTorch)
  }

  /// Names that neither the table of operations nor an entry has, names that PyTorch has not, and names that stand twice.
  var mistakes: [String] {
    let entries = (written + missing).flatMap(\.names)
    let inTable = pyTorchNames.values
    let repeated = Dictionary(grouping: entries, by: \.self).filter { $0.value.count > 1 }.keys
    return Set(all).subtracting(entries).subtracting(inTable).map { "\($0) is nowhere" }
      + Set(entries).subtracting(all).map { "\($0) is not PyTorch's" } + repeated.map { "\($0) stands twice" }
      + Set(entries).intersection(inTable).map { "\($0) stands in the table of operations" }
  }

  /// The part of the document.
  var text: String {
    let count = all.count - missing.reduce(0) { $0 + $1.names.count }
    func names(_ entry: Entry) -> String { entry.names.map { "`\($0)`" }.joined(separator: ", ") }
    return """
      ## What PyTorch has

      Of the \(all.count) functions that \(version) documents in `torch` and `torch.nn.functional` (`F`), \(count) are there: by the names in the
      table above, as layers ([layers.md](layers.md)), or written as follows. `x` is a tensor.

      | PyTorch | Here |
      |---|---|
      \(written.map { "| \(names($0)) | \($0.text) |" }.joined(separator: "\n"))

      What is not there, and why:

      | PyTorch | Reason |
      |---|---|
      \(missing.map { "| \(names($0)) | \($0.text) |" }.joined(separator: "\n"))

      """
  }

  /// `names: text`, a line each; names without a prefix are of `torch`.
  private static func entries(_ text: String) -> [Entry] {
    text.split(separator: "\n").map { line in
      let colon = line.firstIndex(of: ":")!
      let names = line[..<colon].split(separator: " ").map { $0.hasPrefix("F.") ? String($0) : "torch.\($0)" }
      return Entry(names: names, text: line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
  }
}

private let writtenInPyTorch = """
  absolute: `abs(x)`
  arccos arccosh arcsin arcsinh arctan arctan2 arctanh: `acos` and so on
  subtract: `a - b`
  multiply divide true_divide: `a * b`, `a / b`
  negative positive: `-x`, `x`
  addcdiv addcmul addmm addmv addr addbmm baddbmm: `a + b * c`, `a + b.matmul(c)`
  mm mv bmm chain_matmul: `a.matmul(b)`
  inner vdot ger: `a.dot(b)`, `a.outer(b)`
  adjoint t swapaxes swapdims: `x.transposed()`, `x.transposed(0, 1)`
  matrix_exp pinverse inverse svd det logdet slogdet: `x.matrixExponential()`, `pseudoInverse()`, `inverse()`, `svd()`, `determinant()`, `logDeterminant()`
  matrix_power: `x.matmul(x)`, or `symmetricEigen()`
  cholesky_solve cholesky_inverse triangular_solve: `cholesky()` and `triangularSolve`
  all any: `mask.all(along:)`, `mask.any(along:)`, `allTrue`, `anyTrue`
  allclose isclose equal: `x.allClose(to: y)`, `x.isClose(to: y)`, `(x .== y).allTrue`
  eq ne not_equal lt less le less_equal gt greater ge greater_equal: `.==`, `.!=`, `.<`, `.<=`, `.>`, `.>=`
  logical_and logical_or logical_not logical_xor: `.&`, `.\\|`, `.!`, `.!=` of `Tensor<Bool>`
  isnan isfinite isinf isposinf isneginf: `x.isNaN`, `isFinite`, `isInfinite`, `x .== .infinity`
  max min aminmax: `x.max(along:)`, `min(along:)`
  argmax argmin argsort msort: `x.argmax(along:)`, `argmin(along:)`, `argsorted(along:)`, `sorted(along:)`
  arange range: `Tensor.range(from:to:by:)`
  linspace logspace: `Tensor.linspace(from:through:count:)`, `Tensor.logspace(from:through:count:)`
  full full_like ones ones_like zeros zeros_like eye: `Tensor.full`, `ones(like:)`, `zeros(like:)`, `eye`
  empty empty_like empty_permuted empty_strided: `Tensor(shape:initializedBy:)`
  tensor as_tensor asarray: `Tensor([…], shape: …)`, or a literal
  clone: a tensor is a value: `let y = x`
  rand rand_like randn randn_like randint randint_like randperm normal: `Tensor.uniform`, `normal`, `Labels.uniform(in:)`, `Labels.permutation`
  bernoulli multinomial: `Tensor<Bool>.bernoulli`, `Labels.multinomial`
  argwhere nonzero nonzero_static: `Labels.range(mask.count)[mask.flattened()]`; `x[mask]` takes the elements
  as_strided: slices, `unfolded`, `permuted`
  atleast_1d atleast_2d atleast_3d unflatten ravel: `x.reshaped`, `unsqueezed`, `flattened()`
  bincount histc histogram bucketize: `labels.bincount()`, `x.histogram(…)`, `edges.searchSorted(x)`
  broadcast_tensors broadcast_to broadcast_shapes: `x.expanded(to:)`
  concat concatenate hstack vstack row_stack dstack column_stack: `Tensor.concatenated([…], along:)`, `stacked`
  chunk tensor_split hsplit vsplit dsplit unsafe_chunk unsafe_split unbind: `x.split(along:sizes:)`
  clip: `x.clamped(to: a...b)`
  fmax fmin: `maximum(a, b)`, `minimum(a, b)`; there NaN stays, `fmax` leaves it out
  conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d: as `F`'s
  F.avg_pool3d F.max_pool3d avg_pool1d: `AveragePool1D`, `AveragePool3D`, `MaxPool3D`
  count_nonzero: `(x .!= 0).sum(along:)`
  deg2rad rad2deg: `x * (.pi / 180)`
  diag diagflat: `x.diagonal()`, `x.diagonalMatrix()`
  diff: `x[1...] - x[..<(-1)]`
  dist: `(a - b).norm()`
  norm: `x.norm(along:)`
  fix: `trunc(x)`
  fliplr flipud rot90: `x.flipped(along:)`, `transposed()`
  float_power: `pow(a, b)`
  frac: `x - trunc(x)`
  from_file load save: `Safetensors`, `NumPyArray` ([files.md](files.md))
  from_numpy frombuffer: `Tensor(npy:)`, `Tensor(shape:initializedBy:)`
  index_copy slice_scatter select_scatter diagonal_scatter as_strided_scatter: `x.adding(y, at: …)`, `x.replacing(at: …, with: y)`
  is_grad_enabled is_floating_point is_complex isreal is_nonzero: types say it: `Tensor<Float>`; `x.item != 0`
  kthvalue: `x.sorted(along:)` and `select`
  mvlgamma: a sum of `lgamma`
  logaddexp2: `logAddExp(a * log(2), b * log(2)) / log(2)`
  take: `x.flattened()[index]`
  std_mean var_mean: `x.mean(along:)` and `standardDeviation` or `variance`
  moveaxis: `x.movingAxis(_:to:)`
  nan_to_num: `x.replacing(with: 0, where: x.isNaN)`, and the same for infinities
  nansum: `x.replacing(with: 0, where: x.isNaN).sum(along:)`
  narrow_copy: `x[…]`
  numel: `x.count`
  native_channel_shuffle channel_shuffle: `x.reshaped`, `transposed`, `reshaped`
  pairwise_distance pdist F.pairwise_distance F.pdist: `(a - b).norm(along:)`, `x.distances(to: x)`
  cosine_similarity: `x.cosineSimilarities(to: y)` of all pairs; of rows `(a.normalized(along: 1) * b.normalized(along: 1)).sum(along: 1)`
  prelu F.prelu: `PReLU`
  real imag view_as_real view_as_complex: complex numbers are pairs along the last axis, `z[..., 0]` and `z[..., 1]`
  searchsorted unique: `x.searchSorted`, `x.unique()`
  sgn: `sign(x)`
  F.sigmoid F.tanh F.softmax F.log_softmax F.softmin: `sigmoid(x)`, `tanh(x)`, `x.softmax(along:)`, `(-x).softmax(along:)`
  tensordot: `einsum`
  tril_indices triu_indices: `Labels.lowerTriangleIndices`, `upperTriangleIndices`
  xlogy: `Tensor.where(x .== 0, …)`
  vander: `pow`
  pixel_shuffle pixel_unshuffle: `x.pixelShuffled(2)`, `pixelUnshuffled`
  get_num_threads set_num_threads: the variable `HPL_THREADS`
  F.adaptive_avg_pool1d F.adaptive_max_pool1d adaptive_avg_pool1d: `adaptiveAveragePooled` of an axis of one
  F.bilinear bilinear: `einsum`
  F.binary_cross_entropy F.binary_cross_entropy_with_logits F.cross_entropy F.nll_loss F.linear_cross_entropy: `binaryCrossEntropy`, `binaryCrossEntropyWithLogits`, `crossEntropy`, `nllLoss`
  F.mse_loss F.l1_loss F.huber_loss F.smooth_l1_loss F.kl_div: `mseLoss`, `l1Loss`, `huberLoss`, `smoothL1Loss`, `klDivergence`
  F.hinge_embedding_loss F.cosine_embedding_loss F.multi_margin_loss: `hingeEmbeddingLoss`, `cosineEmbeddingLoss`, `multiMarginLoss`
  F.triplet_margin_loss F.triplet_margin_with_distance_loss: `TripletLoss` of `HPL`
  F.celu F.selu F.glu F.relu6 F.logsigmoid F.rms_norm: `CELU`, `SELU`, `GLU`, `ReLU6`, `LogSigmoid`, `RMSNorm`
  F.linear F.one_hot F.multi_head_attention_forward: `Linear`, `labels.oneHot(n, as:)`, `MultiHeadAttention`
  F.upsample F.upsample_bilinear F.upsample_nearest: `x.upsampled`
  F.channel_shuffle F.native_channel_shuffle: `x.reshaped`, `transposed`, `reshaped`
  F.threshold F.tanhshrink F.hardshrink hardshrink F.softshrink: `Tensor.where`, `x - tanh(x)`
  """

private let missingFromPyTorch = """
  F.adaptive_max_pool1d_with_indices F.adaptive_max_pool2d_with_indices F.adaptive_max_pool3d_with_indices F.max_pool1d_with_indices F.max_pool2d_with_indices F.max_pool3d_with_indices F.max_unpool1d F.max_unpool2d F.max_unpool3d: the positions of the greatest are not handed out
  F.fractional_max_pool2d F.fractional_max_pool2d_with_indices F.fractional_max_pool3d F.fractional_max_pool3d_with_indices F.lp_pool1d F.lp_pool2d F.lp_pool3d F.local_response_norm: out of use in networks of today
  F.alpha_dropout F.feature_alpha_dropout F.dropout1d F.dropout2d F.dropout3d F.rrelu F.gumbel_softmax: not yet; `dropout` and `Tensor.where` with random numbers
  F.affine_grid: not yet; `sampled` takes any grid
  F.ctc_loss F.embedding_bag F.gaussian_nll_loss F.poisson_nll_loss F.margin_ranking_loss F.soft_margin_loss F.multilabel_margin_loss F.multilabel_soft_margin_loss: not yet
  F.grouped_mm F.scaled_mm F.scaled_addmm F.scaled_grouped_mm: for graphics processors
  complex polar conj conj_physical resolve_conj resolve_neg is_conj angle: there are no complex tensors, on purpose: pairs are enough for Fourier transforms
  stft istft bartlett_window blackman_window hamming_window hann_window kaiser_window: signals in time are not what this is for; `rfft` of `unfolded` windows
  bitwise_and bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor gcd lcm: not yet
  can_cast promote_types result_type get_default_dtype unify_type_list: types never mix, on purpose: Swift's compiler says so
  cartesian_prod combinations cross unravel_index unique_consecutive isin index_reduce scatter_reduce segment_reduce histogramdd: not yet
  F.adaptive_avg_pool3d F.adaptive_max_pool3d gradient nanmean nanmedian nanquantile signbit copysign frexp ldexp nextafter heaviside sinc erfinv i0 igamma igammac renorm: not yet
  corrcoef cov trapezoid trapz cumulative_trapezoid poisson: not yet; a line of `mean`, `matmul` and `cumulativeSum`
  lu lu_solve lu_unpack geqrf orgqr ormqr: what `solve`, `determinant` and `qr` use inside
  dequantize fake_quantize_per_channel_affine fake_quantize_per_tensor_affine quantize_per_channel quantize_per_tensor quantize_per_tensor_dynamic quantized_batch_norm quantized_max_pool1d quantized_max_pool2d: there are no quantized tensors
  hspmm smm sspaddmm sparse_bsc_tensor sparse_bsr_tensor sparse_compressed_tensor sparse_coo_tensor sparse_csc_tensor sparse_csr_tensor: there are no sparse tensors
  fork wait import_ir_module import_ir_module_from_buffer merge_type_from_type_comment parse_ir parse_schema parse_type_comment: TorchScript's
  get_num_interop_threads set_num_interop_threads init_num_threads set_flush_denormal is_inference is_inference_mode_enabled: settings of PyTorch's own engine
  from_dlpack to_dlpack hash_tensor: there is no other framework in the process
  """
