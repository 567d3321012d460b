import NN
import Tensor
import TensorFiles

extension Backbone {
  /// Takes published weights by name, strictly; an embedding head, which they do not have, stays as it is.
  ///
  /// Every name under the prefix must be used and every parameter of the body found, with its shape, once `fitted` has resampled
  /// position embeddings. Returned are the names that were left aside: those of the classifier where a head takes its place,
  /// those of `unusedPrefixes`, and batch-norm's `num_batches_tracked`, which has no meaning here. Half precision and `Double` become `Scalar`; where a port stores a vector as `[1, n]`, as
  /// the older files of BN-Inception do, it is read as `[n]`.
  ///
  /// Throws `StateError` that lists every missing, unexpected or misshapen name, or those with a NaN or an infinity, and then
  /// changes nothing.
  @discardableResult
  public func loadPublished(_ file: Safetensors, prefix: String = "") throws -> [String] {
    let file = try fitted(file, prefix: prefix)
    let wanted = state.filter { !$0.name.hasPrefix(embeddingPrefix) }
    let names = Set(wanted.map { prefix + $0.name })
    let hasClassifier = wanted.contains { $0.name.hasPrefix(Self.classifierPrefix) }
    let counters = Set(batchCounters(beside: wanted.map { prefix + $0.name }))
    var (aside, unexpected): ([String], [String]) = ([], [])
    for name in file.names where name.hasPrefix(prefix) && !names.contains(name) {
      let isClassifier = !hasClassifier && name.hasPrefix(prefix + Self.classifierPrefix)
      let isUnused = Self.unusedPrefixes.contains { name.hasPrefix(prefix + $0) }
      if isClassifier || isUnused || counters.contains(name) { aside.append(name) } else { unexpected.append(name) }
    }
    let missing = wanted.map { prefix + $0.name }.filter { !file.contains($0) }
    let misshapen = wanted.compactMap { named -> String? in
      let name = prefix + named.name
      guard let shape = file.shape(of: name), let type = file.elementType(of: name) else { return nil }
      let isFloating = [.float16, .bfloat16, .float32, .float64].contains(type)
      let fits =
        shape == named.parameter.shape || (named.parameter.shape.count == 1 && shape == [1] + named.parameter.shape)
      if fits && isFloating { return nil }
      return "\(name) (expected \(named.parameter.shape) floating-point numbers, found \(shape) \(type.rawValue))"
    }
    guard missing.isEmpty, unexpected.isEmpty, misshapen.isEmpty else {
      throw StateError(source: file.source, missing: missing, unexpected: unexpected, misshapen: misshapen)
    }
    let values = try wanted.map { try file.tensor(prefix + $0.name, convertingTo: Scalar.self) }
    let notFinite = zip(wanted, values).filter { !isFinite($1) }.map { prefix + $0.0.name }
    guard notFinite.isEmpty else { throw StateError(source: file.source, notFinite: notFinite) }
    for (named, value) in zip(wanted, values) { named.parameter.update(value.reshaped(named.parameter.shape)) }
    return aside
  }
}
