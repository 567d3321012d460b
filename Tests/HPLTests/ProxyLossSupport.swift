import Foundation
import HPL
import Tensor
import _TestSupport

/// The README's loss of one's own: pulls a sample to its own proxy and away from the hardest other one.
struct HardestProxyLoss<Scalar: TensorScalar>: ProxyLoss {
  var margin: Scalar = 0.2
  func callAsFunction(_ similarities: Tensor<Scalar>, targets: Labels) -> Tensor<Scalar> {
    let own = similarities.pick(targets)
    let hardest = similarities.masked(targets, by: -.infinity).max(along: 1)
    return relu(hardest - own + margin).mean()
  }
}

/// The similarities that proxy losses see, from vectors of any length.
func cosines<S: TensorScalar>(_ embeddings: Tensor<S>, _ proxies: Tensor<S>) -> Tensor<S> {
  embeddings.normalized(along: 1).matmul(proxies.normalized(along: 1).transposed())
}

/// The loss that a golden case is about; its name is the subject or, for hierarchies, the argument `loss`.
func makeProxyLoss<S: TensorScalar>(_ golden: GoldenCase, _: S.Type) -> any ProxyLoss<S> {
  func number(_ key: String) -> S { S(golden.argument(key, as: Double.self)) }
  switch golden.argument("loss", default: golden.subject) {
  case "proxy_anchor": return ProxyAnchor(margin: number("margin"), scale: number("alpha"))
  case "proxy_nca": return ProxyNCA(scale: number("scale") * number("scale"))  // there the vectors are scaled
  case "proxy_nca_softmax": return ProxyNCA(scale: number("scale"), includesOwnProxy: true)
  default: fatalError("no loss for \(golden)")
  }
}

extension [Int] {
  /// Class indices.
  var labels: Labels { Labels(self) }
}
