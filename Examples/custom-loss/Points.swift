import Tensor

/// Points of 24 classes in six groups: what tells them apart lies in 6 of 24 dimensions, in the others is noise.
///
/// The first 12 classes are for training, the others for retrieval.
struct Points {
  /// `[240, 24]` each, 20 points a class.
  let training: Tensor<Float>
  let unseen: Tensor<Float>
  /// The classes of either half, from 0.
  let labels = Labels((0..<240).map { $0 / 20 })

  init(using generator: inout RandomGenerator) {
    let classes = Labels((0..<480).map { $0 / 20 })
    let groups = Tensor<Float>.normal([6, 6], deviation: 2, using: &generator)
    let centres = groups.take(Tensor<Int>((0..<24).map { $0 % 6 })) + Tensor.normal([24, 6], using: &generator)
    let signal = centres.take(classes) + Tensor.normal([480, 6], deviation: 0.4, using: &generator)
    let noise = Tensor<Float>.normal([480, 18], deviation: 2, using: &generator)
    let rotation = Tensor<Float>.normal([24, 24], using: &generator).qr().q
    let points = Tensor.concatenated([signal, noise], along: 1).matmul(rotation)
    (training, unseen) = (points[..<240], points[240...])
  }
}
