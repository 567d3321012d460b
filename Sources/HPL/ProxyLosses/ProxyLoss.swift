import ClassTree
import Tensor

/// A loss on the similarities between samples and proxies: all that a loss of your own has to implement.
///
/// Write it with tensor operations and it is differentiated automatically; it can then be any level of a
/// `HierarchicalProxyLoss`. It may own parameters, which are the level's own if the loss is.
///
/// ```swift
/// struct HardestProxyLoss<Scalar: TensorScalar>: ProxyLoss {
///   var margin: Scalar = 0.2
///   func callAsFunction(_ similarities: Tensor<Scalar>, targets: Labels) -> Tensor<Scalar> {
///     let own = similarities.pick(targets)
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

  /// How many proxies stand for one class or group, side by side in the similarities; 1 unless the loss says otherwise.
  var proxiesPerTarget: Int { get }

  /// A term on the level's proxies themselves, `[proxies, dimensions]` and of any length, that is added to the loss; none
  /// unless the loss says otherwise.
  func penalty(on proxies: Tensor<Scalar>) -> Tensor<Scalar>?
}

/// A loss on the similarities between samples and proxies that also knows samples of several classes.
public protocol MembershipProxyLoss<Scalar>: ProxyLoss {
  /// The loss of a batch, a single number.
  ///
  /// `similarities` are cosines, `[batch, proxies]`; `memberships` say which proxies are each sample's own.
  func callAsFunction(_ similarities: Tensor<Scalar>, memberships: Memberships) -> Tensor<Scalar>
}

extension ProxyLoss {
  /// One proxy for each class or group.
  public var proxiesPerTarget: Int { 1 }

  /// None.
  public func penalty(on proxies: Tensor<Scalar>) -> Tensor<Scalar>? { nil }
}
