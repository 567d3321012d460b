import NN
import Tensor

/// The embedding head's name around a linear map.
struct LinearHead<Scalar: TensorScalar>: Layer {
  let linear: Linear<Scalar>

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { linear(input) }
}
