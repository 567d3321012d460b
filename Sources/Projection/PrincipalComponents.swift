import Tensor

/// The coordinates of points around their mean along their first principal components, `[points, components]`.
///
/// The sign of a component is the one that makes its greatest loading positive, as scikit-learn has it. Columns are zero
/// where there are fewer dimensions than components.
func principalCoordinates(of centered: Tensor<Float>, _ components: Int) -> Tensor<Float> {
  let (count, dimensions) = (centered.shape[0], centered.shape[1])
  let isWide = dimensions > count  // then the eigenvectors of the points' products lead to those of the dimensions
  let products = isWide ? centered.matmul(centered.transposed()) : centered.transposed().matmul(centered)
  guard let vectors = try? products.cast(to: Double.self).symmetricEigen().vectors.cast(to: Float.self) else {
    trap("principalCoordinates: LAPACK does not converge for \(centered.shape)", file: #fileID, line: #line)
  }
  let size = vectors.shape[0]
  let leading = vectors.sliced(along: 1, max(0, size - components)..<size).flipped(along: 1)
  let directions = isWide ? centered.transposed().matmul(leading).normalized(along: 0) : leading
  let loadings = directions.transposed().scalars
  let signs = (0..<directions.shape[1]).map { column -> Float in
    let loadings = loadings[column * dimensions..<(column + 1) * dimensions]
    return (loadings.max { abs($0) < abs($1) } ?? 0) < 0 ? -1 : 1
  }
  let coordinates = centered.matmul(directions * Tensor(signs))
  let missing = components - signs.count
  return missing == 0 ? coordinates : .concatenated([coordinates, .zeros([count, missing])], along: 1)
}
