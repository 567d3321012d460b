/// What PyTorch calls the operations: functions of `torch`, `F` for `torch.nn.functional`, or methods.
let pyTorchNames = [
  // Arithmetic
  "add": "torch.add", "subtract": "torch.sub", "multiply": "torch.mul", "divide": "torch.div", "negate": "torch.neg",
  "maximum": "torch.maximum", "minimum": "torch.minimum", "clamped": "torch.clamp", "raised": "torch.pow",
  "pow": "torch.pow", "where": "torch.where", "replacing": "Tensor.masked_fill", "atan2": "torch.atan2",
  "reciprocal": "torch.reciprocal", "logAddExp": "torch.logaddexp",
  // Elementwise
  "exp": "torch.exp", "expm1": "torch.expm1", "log": "torch.log", "log1p": "torch.log1p", "sqrt": "torch.sqrt",
  "rsqrt": "torch.rsqrt", "abs": "torch.abs", "sign": "torch.sign", "sin": "torch.sin", "cos": "torch.cos",
  "tanh": "torch.tanh", "sigmoid": "torch.sigmoid", "erf": "torch.erf", "softplus": "F.softplus", "relu": "F.relu",
  "leakyRelu": "F.leaky_relu", "elu": "F.elu", "gelu": "F.gelu", "silu": "F.silu", "hardTanh": "F.hardtanh",
  "hardSigmoid": "F.hardsigmoid", "hardSwish": "F.hardswish",
  "softsign": "F.softsign", "mish": "F.mish", "logit": "torch.logit", "floor": "torch.floor", "ceil": "torch.ceil",
  "trunc": "torch.trunc", "rounded": "torch.round", "tan": "torch.tan", "asin": "torch.asin", "acos": "torch.acos",
  "atan": "torch.atan", "sinh": "torch.sinh", "cosh": "torch.cosh", "asinh": "torch.asinh", "acosh": "torch.acosh",
  "atanh": "torch.atanh", "log2": "torch.log2", "log10": "torch.log10", "exp2": "torch.exp2", "square": "torch.square",
  "erfc": "torch.erfc", "lgamma": "torch.lgamma", "digamma": "torch.digamma", "polygamma": "torch.polygamma",
  "hypot": "torch.hypot", "fmod": "torch.fmod", "remainder": "torch.remainder", "floorDivide": "torch.floor_divide",
  "lerp": "torch.lerp", "meshgrid": "torch.meshgrid", "blockDiagonal": "torch.block_diag", "kronecker": "torch.kron",
  // Order statistics
  "cumulativeMax": "torch.cummax", "cumulativeMin": "torch.cummin", "median": "torch.median",
  "quantile": "torch.quantile", "mode": "torch.mode",
  "unfolded": "F.unfold", "folded": "F.fold", "pixelShuffled": "F.pixel_shuffle",
  "pixelUnshuffled": "F.pixel_unshuffle", "sampled": "F.grid_sample", "leastSquares": "torch.linalg.lstsq",
  "pseudoInverse": "torch.linalg.pinv", "matrixExponential": "torch.linalg.matrix_exp",
  // Fourier transforms
  "fft": "torch.fft.fft", "ifft": "torch.fft.ifft", "rfft": "torch.fft.rfft", "irfft": "torch.fft.irfft",
  "fft2": "torch.fft.fft2", "ifft2": "torch.fft.ifft2", "rfft2": "torch.fft.rfft2", "irfft2": "torch.fft.irfft2",
  // Reductions
  "sum": "torch.sum", "mean": "torch.mean", "max": "torch.amax", "min": "torch.amin", "logSumExp": "torch.logsumexp",
  "variance": "torch.var", "standardDeviation": "torch.std", "product": "torch.prod",
  "norm": "torch.linalg.vector_norm", "softmax": "torch.softmax", "logSoftmax": "torch.log_softmax",
  "cumulativeSum": "torch.cumsum", "cumulativeProduct": "torch.cumprod", "cumulativeLogSumExp": "torch.logcumsumexp",
  // Shapes
  "reshaped": "torch.reshape", "permuted": "torch.permute", "transposed": "torch.transpose",
  "expanded": "Tensor.expand",
  "squeezed": "torch.squeeze", "unsqueezed": "torch.unsqueeze", "flattened": "torch.flatten",
  "movingAxis": "torch.movedim", "sliced": "torch.narrow", "select": "torch.select", "subscript": "Tensor.__getitem__",
  "flipped": "torch.flip", "rolled": "torch.roll", "padded": "F.pad", "concatenated": "torch.cat",
  "stacked": "torch.stack", "split": "torch.split", "tiled": "torch.tile", "repeated": "torch.repeat_interleave",
  // Indices
  "take": "torch.index_select", "takeElements": "torch.take_along_dim", "pick": "torch.gather",
  "scatteredRows": "torch.index_add", "scatteredElements": "torch.scatter_add", "elements": "torch.masked_select",
  "masked": "torch.scatter", "adding": "Tensor.index_put", "sorted": "torch.sort", "topK": "torch.topk",
  // Linear algebra
  "matmul": "torch.matmul", "scaledDotProductAttention": "F.scaled_dot_product_attention", "normalized": "F.normalize",
  "dot": "torch.dot", "outer": "torch.outer",
  "einsum": "torch.einsum", "upperTriangle": "torch.triu", "lowerTriangle": "torch.tril", "diagonal": "torch.diagonal",
  "diagonalMatrix": "torch.diag_embed", "trace": "torch.trace", "squaredDistances": "torch.cdist(x, y) ** 2",
  "distances": "torch.cdist", "cosineSimilarities": "F.cosine_similarity", "cholesky": "torch.linalg.cholesky",
  "triangularSolve": "torch.linalg.solve_triangular", "solve": "torch.linalg.solve", "inverse": "torch.linalg.inv",
  "determinant": "torch.linalg.det", "logDeterminant": "torch.linalg.slogdet", "qr": "torch.linalg.qr",
  "svd": "torch.linalg.svd", "symmetricEigen": "torch.linalg.eigh",
  // Images and layers
  "conv1d": "F.conv1d", "conv2d": "F.conv2d", "convTransposed1d": "F.conv_transpose1d",
  "conv3d": "F.conv3d", "convTransposed3d": "F.conv_transpose3d",
  "convTransposed2d": "F.conv_transpose2d", "maxPooled": "F.max_pool2d", "maxPooled1d": "F.max_pool1d",
  "averagePooled": "F.avg_pool2d", "averagePooled1d": "F.avg_pool1d", "adaptiveMaxPooled": "F.adaptive_max_pool2d",
  "adaptiveAveragePooled": "F.adaptive_avg_pool2d", "upsampled": "F.interpolate", "batchNormalized": "F.batch_norm",
  "layerNormalized": "F.layer_norm", "groupNormalized": "F.group_norm", "instanceNormalized": "F.instance_norm",
  "dropout": "F.dropout", "embedding": "F.embedding",
]
