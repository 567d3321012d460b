import Tensor

/// A loss on the similarities between samples and proxies: all that a loss of your own has to implement.
///
/// Write it with tensor operations and it is differentiated automatically; it can then be any level of a
/// `HierarchicalProxyLoss`.
///
/// ```swift
/// struct HardestProxyLoss<Scalar: TensorScalar>: ProxyLoss {
///   var margin: Scalar = 0.2
///   func callAsFunction(_ similarities: Tensor<Scalar>, targets: Labels) -> Tensor<Scalar> {
///     let own = similarities.gather(targets)
///     let hardest = similarities.masked(targets, by: -.infinity).max(along: 1)
///     return relu(hardest - own + margin).mean()
///   }
/// }
/// ```
public protocol ProxyLoss<Scalar> {
  /// The scalar type of the similarities.
  associatedtype Scalar: TensorScalar

  /// The loss of a batch, a single number.
  ///
  /// `similarities` are cosines, `[batch, proxies]`; `targets` name each sample's own proxy, `[batch]`.
  func callAsFunction(_ similarities: Tensor<Scalar>, targets: Labels) -> Tensor<Scalar>
}
