import Tensor
import TensorFiles

extension HierarchicalProxyLoss {
  /// Adds proxies and groups to a set of tensors: `levels.<l>.proxies`, and `levels.<l>.parents` for the coarse levels.
  public func save(into file: inout Safetensors, prefix: String) {
    for named in state { file.set(named.parameter.wholeValue, for: prefix + named.name) }
    for index in levels.indices.dropFirst() {
      file.set(Tensor<Int>(levels[index].parents), for: parentsName(index, prefix))
    }
  }

  /// Takes proxies and groups from a set of tensors, strictly.
  ///
  /// Throws `StateError` or `TensorFileError` where names, shapes or groups do not fit the levels, and then changes nothing.
  public func load(_ file: Safetensors, prefix: String) throws {
    let coarse = levels.indices.dropFirst()
    let groups = try coarse.map { index in
      let name = parentsName(index, prefix)
      let parents: Tensor<Int> = try file.tensor(name)
      let (units, count) = (levels[index - 1].declaration.count, levels[index].declaration.count)
      guard parents.shape == [units], parents.scalars.allSatisfy({ (0..<count).contains($0) }) else {
        throw TensorFileError.malformed(
          file: file.source, reason: "tensor '\(name)' does not put \(units) proxies into \(count) groups")
      }
      return parents.scalars
    }
    try loadParameters(file, prefix: prefix, alsoKnown: coarse.map { parentsName($0, prefix) })
    for (index, parents) in zip(coarse, groups) {
      levels[index].parents = parents
      // What was loaded differs from this, so it counts as trained.
      levels[index].placed = levels[index].proxies.map { .zeros($0.shape) }
    }
  }

  private func parentsName(_ level: Int, _ prefix: String) -> String { "\(prefix)levels.\(level).parents" }
}
