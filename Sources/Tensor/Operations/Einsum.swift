/// A sum of products over named indices, in Einstein's notation: `einsum("bij,bjk->bik", a, b)`.
///
/// Each operand has a letter for each axis. Axes with the same letter run together: twice in one operand takes its
/// diagonal, in several operands multiplies, and what the output does not name is summed. Without `->` the output has
/// the letters that occur just once, in alphabetical order (capitals first). Spaces do not count. `...` stands for any
/// number of axes, counted from the right and the same in every operand that has them; they come first in an output
/// without `->`.
///
/// Operands are combined from left to right, each pair by one matrix product where it sums over a shared index; for
/// three and more, put the pair that shrinks most first. Traps where letters and axes do not fit, where a letter has two
/// sizes (sizes of one are not broadcast), and for an output letter that is repeated or that no operand has.
public func einsum<Scalar: TensorScalar>(
  _ equation: String, _ operands: Tensor<Scalar>..., file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  let parsed = Equation(equation, operands.map(\.shape), file, line)
  var terms = zip(operands, parsed.inputs).map { IndexedTensor(tensor: $0, indices: $1).withoutRepetition() }[...]
  var result = terms.removeFirst()
  while let next = terms.popFirst() {
    result = result.contracted(with: next, keeping: Set(parsed.output).union(terms.flatMap(\.indices)))
  }
  return result.summed(keeping: Set(parsed.output)).arranged(parsed.output)
}

/// An equation of `einsum`, checked against the operands' shapes.
private struct Equation {
  let inputs: [[Character]]
  let output: [Character]

  /// Stands for `...` until the number of its axes is known.
  private static let ellipsis: Character = "…"

  init(_ text: String, _ shapes: [[Int]], _ file: StaticString, _ line: UInt) {
    func check(_ condition: Bool, _ message: @autoclosure () -> String) {
      require(condition, "einsum: \"\(text)\" with \(shapes): \(message())", file: file, line: line)
    }
    let compact = text.filter { $0 != " " }.replacing("...", with: String(Self.ellipsis))
    let sides = compact.replacing("->", with: ">").split(separator: ">", omittingEmptySubsequences: false)
    check(sides.count <= 2 && (sides.count == 1 || compact.contains("->")), "more than one ->")
    let groups = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    for group in groups + sides.dropFirst().map(Array.init) {
      let others = group.filter { !($0.isASCII && $0.isLetter) }
      check(others.allSatisfy { $0 == Self.ellipsis }, "\(others[0]) is not a letter")
      check(others.count <= 1, "more than one ... in \(String(group))")
    }
    check(groups.count == shapes.count, "\(groups.count) groups of letters for \(shapes.count) tensors")
    let unnamed = zip(groups, shapes).map { max(0, $1.count - $0.count + 1) }
    inputs = zip(groups, unnamed).map(Self.expanded)
    var sizes: [Character: Int] = [:]
    for (indices, shape) in zip(inputs, shapes) {
      check(indices.count == shape.count, "\(String(indices)) does not name each axis of \(shape) once")
      for (index, size) in zip(indices, shape) {
        let known = sizes.updateValue(size, forKey: index) ?? size
        check(known == size, "\(index.isLetter ? String(index) : "an axis of ...") has sizes \(known) and \(size)")
      }
    }
    let counts = inputs.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let most = zip(groups, unnamed).map { $0.contains(Self.ellipsis) ? $1 : 0 }.max() ?? 0
    let implicit = [Self.ellipsis] + counts.filter { $0.value == 1 && $0.key.isLetter }.keys.sorted()
    output = Self.expanded(sides.count == 2 ? Array(sides[1]) : implicit, most)
    check(Set(output).count == output.count, "the output repeats a letter")
    for index in output { check(sizes[index] != nil, "no operand has the output's \(index)") }
  }

  /// The indices with `...` replaced by a number of symbols, the last of which is always the same.
  private static func expanded(_ indices: [Character], _ count: Int) -> [Character] {
    let symbols = (0..<count).reversed().map { Character(Unicode.Scalar(0x2460 + UInt32($0))!) }
    return indices.flatMap { $0 == ellipsis ? symbols : [$0] }
  }
}

/// A tensor whose axes have names.
private struct IndexedTensor<Scalar: TensorScalar> {
  let tensor: Tensor<Scalar>
  let indices: [Character]

  /// The diagonal along axes that have the same name.
  func withoutRepetition() -> IndexedTensor {
    for (first, index) in indices.enumerated() {
      guard let second = indices[(first + 1)...].firstIndex(of: index) else { continue }
      let others = indices.indices.filter { $0 != first && $0 != second }
      let diagonal = tensor.permuted(others + [first, second]).diagonal()
      return IndexedTensor(tensor: diagonal, indices: others.map { indices[$0] } + [index]).withoutRepetition()
    }
    return self
  }

  /// The sum over all axes but those named.
  func summed(keeping kept: Set<Character>) -> IndexedTensor {
    let axes = indices.indices.filter { !kept.contains(indices[$0]) }
    if axes.isEmpty { return self }
    return IndexedTensor(tensor: tensor.sum(along: axes), indices: indices.filter(kept.contains))
  }

  /// The axes in another order.
  func arranged(_ order: [Character]) -> Tensor<Scalar> { tensor.permuted(order.map { indices.firstIndex(of: $0)! }) }

  func size(_ index: Character) -> Int { tensor.shape[indices.firstIndex(of: index)!] }

  /// The product with another, summed over the shared indices that need not be kept.
  func contracted(with other: IndexedTensor, keeping kept: Set<Character>) -> IndexedTensor {
    let a = summed(keeping: kept.union(other.indices))
    let b = other.summed(keeping: kept.union(indices))
    let batch = a.indices.filter { b.indices.contains($0) && kept.contains($0) }
    let inner = a.indices.filter { b.indices.contains($0) && !kept.contains($0) }
    let left = a.indices.filter { !b.indices.contains($0) }
    let right = b.indices.filter { !a.indices.contains($0) }
    let (rows, columns) = (left.map(a.size), right.map(b.size))
    let (outer, depth) = (batch.map(a.size), inner.map(a.size))
    let (x, y) = (a.arranged(batch + left + inner), b.arranged(batch + inner + right))
    if inner.isEmpty || left.isEmpty && right.isEmpty {
      let wide = x.reshaped(outer + rows + depth + columns.map { _ in 1 })
      let product = wide * y.reshaped(outer + rows.map { _ in 1 } + depth + columns)
      return IndexedTensor(tensor: product, indices: batch + left + inner + right).summed(keeping: kept)
    }
    let k = depth.reduce(1, *)
    let product = x.reshaped(outer + [rows.reduce(1, *), k]).matmul(y.reshaped(outer + [k, columns.reduce(1, *)]))
    return IndexedTensor(tensor: product.reshaped(outer + rows + columns), indices: batch + left + right)
  }
}
