import Tensor

/// Vectors of 16 entries ±1/4: similarities are exact multiples of 1/8 in any order of summation, so ties are exact.
func lattice(_ count: Int, seed: UInt64) -> Tensor<Float> {
  var generator = RandomGenerator(seed: seed)
  return Tensor((0..<count * 16).map { _ in Bool.random(using: &generator) ? 0.25 : -0.25 }, shape: [count, 16])
}

func randomLabels(_ count: Int, classes: Int, seed: UInt64) -> Labels {
  var generator = RandomGenerator(seed: seed)
  return Labels((0..<count).map { _ in Int.random(in: 0..<classes, using: &generator) })
}
