import Tensor

/// For samples of rankings, by how much each other one is above: `[samples, others]`.
///
/// A place `(q, i)` is a sample i in the ranking of an anchor q. `step` makes of the differences `s_qj − s_qi` how much j counts; i
/// itself counts 0.
func ranks<Scalar: TensorScalar>(
  _ similarities: Tensor<Scalar>, at places: [(row: Int, column: Int)],
  step: (_ differences: Tensor<Scalar>) -> Tensor<Scalar>
) -> Tensor<Scalar> {
  let rows = similarities.take(Tensor<Int>(places.map(\.row)))
  return step(rows - similarities.elements(at: places).unsqueezed(1)).masked(Labels(places.map(\.column)), by: 0)
}

extension PairBatch {
  /// The positive pairs, ordered by anchor; `includingSelf`, an anchor that has some is also one of its own.
  func relevant(includingSelf: Bool) -> [(row: Int, column: Int)] {
    let (isPositive, width) = (isPositive.scalars, others.shape[0])
    return (0..<count).flatMap { anchor -> [(row: Int, column: Int)] in
      let columns = (0..<width).filter { isPositive[anchor * width + $0] }
      guard columns.contains(where: { $0 != places[anchor] }) else { return [] }
      return columns.filter { includingSelf || $0 != places[anchor] }.map { (anchor, $0) }
    }
  }
}
