import CubHPL
import HPL
import Tensor

// snippet: custom-loss
struct HardestProxyLoss<Scalar: TensorScalar>: ProxyLoss {
  var margin: Scalar = 0.2

  func callAsFunction(_ similarities: Tensor<Scalar>, targets: Labels) -> Tensor<Scalar> {
    let own = similarities.pick(targets)
    let hardest = similarities.masked(targets, by: -.infinity).max(along: 1)
    return relu(hardest - own + margin).mean()
  }
}
// end snippet

/// Compares the loss's gradients, first and second, with finite differences; throws where they disagree.
func checkGradients() throws {
  // snippet: custom-loss-check
  let similarities: Tensor<Double> = [[0.9, 0.2, -0.5], [0.3, 0.6, 0.5], [-0.2, 0.8, 0.1]]  // away from kinks
  let targets = Labels([0, 1, 2])
  try gradientCheck(at: similarities) { HardestProxyLoss()($0, targets: targets) }
  // end snippet
}

@main struct CustomLoss {
  static func main() throws {
    guard CommandLine.arguments.count == 1 else {
      // snippet: custom-loss-program
      CubHPL.main(
        methods: [.proxies("hardest", title: "Hardest proxy") { _ in HardestProxyLoss() }],
        backbones: [
          NamedBackbone("patches") { dimensions, _, generator in
            PatchNetwork(embedding: dimensions, using: &generator)
          }
        ])
      // end snippet
      return
    }
    try checkGradients()
    print("The gradients of HardestProxyLoss agree with finite differences.")
    try train()
  }
}
