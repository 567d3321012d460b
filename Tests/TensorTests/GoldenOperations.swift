import Tensor
import _TestSupport

/// The inputs of one golden case by role, and its arguments as the script that made it writes them.
struct Operands<Scalar: TensorScalar> {
  let golden: GoldenCase
  var floats: [String: Tensor<Scalar>] = [:]
  var integers: [String: Labels] = [:]

  init(_ golden: GoldenCase) {
    self.golden = golden
    for role in golden.roles where ["input", "parameter", "before"].contains(where: role.hasPrefix) {
      if golden.isInteger(role) {
        integers[role] = golden.labels(role)
      } else {
        floats[role] = golden.tensor(role)
      }
    }
  }

  /// The inputs that have a gradient, and the roles of these gradients.
  var tracked: [(input: String, gradient: String)] {
    floats.keys.sorted().compactMap { role in
      let gradients = [
        role.replacing("input", with: "gradient"), "gradient." + role, role.replacing("parameter", with: "gradient"),
      ]
      return gradients.first { $0 != role && golden.roles.contains($0) }.map { (role, $0) }
    }
  }

  subscript(_ position: Int) -> Tensor<Scalar> { floats["input\(position)"]! }
  var all: [Tensor<Scalar>] { floats.keys.sorted().map { floats[$0]! } }
  func labels(_ position: Int) -> Labels { integers["input\(position)"]! }
  func mask(_ position: Int) -> Tensor<Bool> { labels(position).cast(to: Bool.self) }

  var input: Tensor<Scalar> { floats["input"]! }
  var weight: Tensor<Scalar> { floats["parameter.weight"]! }
  var bias: Tensor<Scalar> { floats["parameter.bias"]! }

  var axis: Int { golden.argument("axis") }
  var axes: [Int] { golden.argument("axes") }
  var keepsAxes: Bool { golden.argument("keepsAxes") }
  var shape: [Int] { golden.argument("shape") }
  var value: Scalar { number("value") }
  func integer(_ key: String) -> Int { golden.argument(key) }
  func number(_ key: String) -> Scalar { Scalar(golden.argument(key, as: Double.self)) }
}

/// The Swift operation for each subject of `operations.safetensors`, `functions.safetensors`, `subscripts.safetensors`,
/// `fused.safetensors`,
/// `edges.safetensors` and `layers.safetensors`.
enum GoldenOperations<Scalar: TensorScalar> {
  typealias Operation = (Operands<Scalar>) -> Tensor<Scalar>

  static var table: [String: Operation] {
    [
      arithmetic, elementwise, activations, reductions, cumulations, shapes, indexing, sorting, images, functions,
      subscripts,
    ]
    .reduce(into: [:]) { all, family in
      all.merge(family) { _, new in new }
    }
  }

  static var arithmetic: [String: Operation] {
    [
      "add": { $0[0] + $0[1] },
      "subtract": { $0[0] - $0[1] },
      "multiply": { $0[0] * $0[1] },
      "divide": { $0[0] / $0[1] },
      "add_scalar": { $0[0] + $0.value },
      "subtract_scalar": { $0[0] - $0.value },
      "multiply_scalar": { $0[0] * $0.value },
      "divide_scalar": { $0[0] / $0.value },
      "scalar_subtract": { $0.value - $0[0] },
      "scalar_divide": { $0.value / $0[0] },
      "negate": { -$0[0] },
      "matmul": { $0[0].matmul($0[1]) },
      "pow": { pow($0[0], $0[1]) },
      "raised": { $0[0].raised(to: $0.value) },
      "maximum": { maximum($0[0], $0[1]) },
      "minimum": { minimum($0[0], $0[1]) },
      "clamp": { $0[0].clamped(to: $0.number("lower")...$0.number("upper")) },
      "clamp_from": { $0[0].clamped(to: $0.value...) },
      "clamp_through": { $0[0].clamped(to: ...$0.value) },
      "atan2": { atan2($0[0], $0[1]) },
      "logaddexp": { logAddExp($0[0], $0[1]) },
    ]
  }

  static var elementwise: [String: Operation] {
    [
      "exp": { exp($0[0]) },
      "log": { log($0[0]) },
      "log1p": { log1p($0[0]) },
      "sqrt": { sqrt($0[0]) },
      "rsqrt": { rsqrt($0[0]) },
      "abs": { abs($0[0]) },
      "sign": { sign($0[0]) },
      "relu": { relu($0[0]) },
      "tanh": { tanh($0[0]) },
      "sigmoid": { sigmoid($0[0]) },
      "softplus": { softplus($0[0]) },
      "sin": { sin($0[0]) },
      "cos": { cos($0[0]) },
      "expm1": { expm1($0[0]) },
      "erf": { erf($0[0]) },
      "reciprocal": { reciprocal($0[0]) },
    ]
  }

  static var activations: [String: Operation] {
    [
      "leaky_relu": { leakyRelu($0[0], slope: $0.value) },
      "elu": { elu($0[0], alpha: $0.value) },
      "gelu": { gelu($0[0]) },
      "gelu_tanh": { gelu($0[0], approximate: true) },
      "silu": { silu($0[0]) },
      "hard_tanh": { hardTanh($0[0]) },
      "hard_sigmoid": { hardSigmoid($0[0]) },
      "hard_swish": { hardSwish($0[0]) },
    ]
  }

  static var reductions: [String: Operation] {
    [
      "sum": reduction({ $0.sum() }, { $0.sum(along: $1, keepsAxes: $2) }, { $0.sum(along: $1, $2, keepsAxes: $3) }),
      "mean": reduction(
        { $0.mean() }, { $0.mean(along: $1, keepsAxes: $2) }, { $0.mean(along: $1, $2, keepsAxes: $3) }),
      "max": reduction({ $0.max() }, { $0.max(along: $1, keepsAxes: $2) }, { $0.max(along: $1, $2, keepsAxes: $3) }),
      "min": reduction({ $0.min() }, { $0.min(along: $1, keepsAxes: $2) }, { $0.min(along: $1, $2, keepsAxes: $3) }),
      "product": reduction(
        { $0.product() }, { $0.product(along: $1, keepsAxes: $2) }, { $0.product(along: $1, $2, keepsAxes: $3) }),
      "standard_deviation": { operands in
        let correction = operands.number("correction")
        return reduction(
          { $0.standardDeviation(correction: correction) },
          { $0.standardDeviation(along: $1, correction: correction, keepsAxes: $2) },
          { $0.standardDeviation(along: $1, $2, correction: correction, keepsAxes: $3) })(operands)
      },
      "variance": { operands in
        let correction = operands.number("correction")
        return reduction(
          { $0.variance(correction: correction) },
          { $0.variance(along: $1, correction: correction, keepsAxes: $2) },
          { $0.variance(along: $1, $2, correction: correction, keepsAxes: $3) })(operands)
      },
      "normalized": { $0[0].normalized(along: $0.axis) },
      "norm": { operands in
        let order = Scalar(Double(operands.golden.argument("order", as: String.self))!)
        return reduction(
          { $0.norm(order) }, { $0.norm(order, along: $1, keepsAxes: $2) },
          { $0.norm(order, along: $1, $2, keepsAxes: $3) })(operands)
      },
      "argmax": { $0[0].argmax(along: $0.axis, keepsAxes: $0.keepsAxes).cast(to: Scalar.self) },
      "argmin": { $0[0].argmin(along: $0.axis, keepsAxes: $0.keepsAxes).cast(to: Scalar.self) },
      "any": { operands in
        let (axes, keeps) = (operands.axes, operands.keepsAxes)
        let mask = operands.mask(0)
        let result =
          axes.count == 1
          ? mask.any(along: axes[0], keepsAxes: keeps) : mask.any(along: axes[0], axes[1], keepsAxes: keeps)
        return result.cast(to: Scalar.self)
      },
      "all": { operands in
        let (axes, keeps) = (operands.axes, operands.keepsAxes)
        let mask = operands.mask(0)
        let result =
          axes.count == 1
          ? mask.all(along: axes[0], keepsAxes: keeps) : mask.all(along: axes[0], axes[1], keepsAxes: keeps)
        return result.cast(to: Scalar.self)
      },
      "logsumexp": { $0[0].logSumExp(along: $0.axis) },
      "logsumexp_excluding": {
        $0[0].logSumExp(along: $0.axis, scale: $0.number("scale"), excluding: $0.labels(1))
      },
      "segmented_logsumexp": { $0[0].segmentedLogSumExp($0.labels(1), count: $0.integer("count")) },
      "cosine_matrix": { $0[0].cosineSimilarities(to: $0[1]) },
      "attention": { scaledDotProductAttention($0[0], $0[1], $0[2]) },
      "attention_hiding": { scaledDotProductAttention($0[0], $0[1], $0[2], hiding: $0.mask(3)) },
      "attention_scaled": { scaledDotProductAttention($0[0], $0[1], $0[2], scale: $0.number("scale")) },
      "softmax": { $0[0].softmax(along: $0.axis) },
      "log_softmax": { $0[0].logSoftmax(along: $0.axis) },
    ]
  }

  /// A reduction over all axes, over one, or over two.
  private static func reduction(
    _ all: @escaping (Tensor<Scalar>) -> Tensor<Scalar>,
    _ one: @escaping (Tensor<Scalar>, Int, Bool) -> Tensor<Scalar>,
    _ two: @escaping (Tensor<Scalar>, Int, Int, Bool) -> Tensor<Scalar>
  ) -> Operation {
    { operands in
      let (axes, keeps) = (operands.axes, operands.keepsAxes)
      if axes.count == operands[0].rank && !keeps { return all(operands[0]) }
      return axes.count == 1 ? one(operands[0], axes[0], keeps) : two(operands[0], axes[0], axes[1], keeps)
    }
  }

  static var cumulations: [String: Operation] {
    [
      "cumulative_sum": { $0[0].cumulativeSum(along: $0.axis) },
      "cumulative_product": { $0[0].cumulativeProduct(along: $0.axis) },
      "cumulative_logsumexp": { $0[0].cumulativeLogSumExp(along: $0.axis) },
    ]
  }

  static var shapes: [String: Operation] {
    [
      "transpose_axes": { $0[0].transposed($0.axes[0], $0.axes[1]) },
      "move_axis": { $0[0].movingAxis($0.axes[0], to: $0.axes[1]) },
      "flatten": { $0[0].flattened(from: $0.axes[0], through: $0.axes[1]) },
      "roll": { $0[0].rolled(by: $0.integer("shift"), along: $0.axis) },
      "tile": { $0[0].tiled($0.shape) },
      "repeat": { $0[0].repeated($0.integer("times"), along: $0.axis) },
      "split": {
        let sizes = $0.golden.argument("sizes", default: [Int]())
        let parts = sizes.isEmpty ? $0[0].split(along: $0.axis, into: 3) : $0[0].split(along: $0.axis, sizes: sizes)
        return parts[$0.integer("index")]
      },
      "reshape": { $0[0].reshaped($0.shape) },
      "permute": { $0[0].permuted($0.axes) },
      "transpose": { $0[0].transposed() },
      "expand": { $0[0].expanded(to: $0.shape) },
      "squeeze": { $0[0].squeezed($0.axis) },
      "unsqueeze": { $0[0].unsqueezed($0.axis) },
      "flip": { $0[0].flipped(along: $0.axis) },
      "concatenate": { .concatenated($0.all, along: $0.axis) },
      "stack": { .stacked($0.all, along: $0.axis) },
      "pad": {
        $0[0].padded(along: $0.axis, before: $0.integer("before"), after: $0.integer("after"), value: $0.value)
      },
    ]
  }

  static var indexing: [String: Operation] {
    [
      "select": { $0[0].select(along: $0.axis, $0.integer("index")) },
      "slice": {
        let range = $0.integer("start")..<$0.integer("end")
        return $0[0].sliced(along: $0.axis, range, by: $0.integer("step"))
      },
      "pick": { $0[0].pick($0.labels(1)) },
      "take": { $0[0].take($0.labels(1)) },
      "take_along": { $0[0].take($0.labels(1), along: $0.axis) },
      "take_elements": { $0[0].takeElements($0.labels(1), along: $0.axis) },
      "scatter_elements": { $0[0].scatteredElements($0.labels(1), along: $0.axis, into: $0.shape) },
      "masked": { $0[0].masked($0.labels(1), by: $0.value) },
      "scatter_rows": { $0[0].scatteredRows($0.labels(1), into: $0.shape) },
      "elements": { $0[0].elements(where: $0.mask(1)) },
      "replacing": { $0[0].replacing(with: $0.value, where: $0.mask(1)) },
      "where": { .where($0.mask(0), $0[1], $0[2]) },
    ]
  }

  static var sorting: [String: Operation] {
    [
      "argsort": {
        $0[0].argsorted(along: $0.axis, descending: $0.golden.argument("descending")).cast(to: Scalar.self)
      },
      "sort": { $0[0].sorted(along: $0.axis, descending: $0.golden.argument("descending")) },
      "topk": {
        $0[0].topK($0.integer("count"), along: $0.axis, smallest: $0.golden.argument("smallest")).values
      },
      "unique": {
        let (values, inverse, counts) = $0.labels(0).unique()
        return [values, inverse, counts][$0.integer("part")].cast(to: Scalar.self)
      },
      "one_hot": { $0.labels(0).oneHot($0.integer("classes"), as: Scalar.self) },
    ]
  }

  static var images: [String: Operation] {
    [
      "conv2d": {
        let (stride, padding, dilation) = ($0.integer("stride"), $0.integer("padding"), $0.integer("dilation"))
        return $0.input.conv2d($0.weight, stride: stride, padding: padding, dilation: dilation) + $0.bias
      },
      "linear": { $0.input.matmul($0.weight.transposed()) + $0.bias },
      "batch_norm": { batchNormalized($0) },
      "max_pool2d": {
        $0.input.maxPooled($0.integer("window"), stride: $0.integer("stride"), padding: $0.integer("padding"))
      },
      "avg_pool2d": {
        $0.input.averagePooled($0.integer("window"), stride: $0.integer("stride"), padding: $0.integer("padding"))
      },
      "global_average": { $0.input.mean(along: 1, 2) },
      "global_maximum": { $0.input.max(along: 1, 2) },
    ]
  }

  private static func batchNormalized(_ operands: Operands<Scalar>) -> Tensor<Scalar> {
    let (scale, epsilon) = (operands.weight, operands.number("epsilon"))
    if operands.golden.argument("training") {
      return operands.input.batchNormalized(scale: scale, offset: operands.bias, epsilon: epsilon).output
    }
    let (mean, variance) = (operands.floats["before.running_mean"]!, operands.floats["before.running_var"]!)
    return (operands.input - mean) * rsqrt(variance + epsilon) * scale + operands.bias
  }
}
