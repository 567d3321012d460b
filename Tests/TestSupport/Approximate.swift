import Tensor

/// The greatest difference between two tensors, relative to `max(1, |b|)`; infinite where shapes or NaNs differ.
package func difference<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
  guard a.shape == b.shape else { return .infinity }
  var worst = 0.0
  for (x, y) in zip(a.scalars, b.scalars) where x != y && !(x.isNaN && y.isNaN) {
    let distance = abs(Double(x) - Double(y)) / max(1, abs(Double(y)))
    worst = max(worst, distance.isNaN ? .infinity : distance)
  }
  return worst
}
