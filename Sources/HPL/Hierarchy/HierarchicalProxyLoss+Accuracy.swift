import Tensor

extension HierarchicalProxyLoss {
  /// For each level, classes first, the share of embeddings whose nearest proxy there is the one of their class.
  ///
  /// `embeddings` are `[samples, dimensions]`, `labels` classes from 0, `[samples]`. Nearest is the greatest cosine, of equal
  /// ones the first; where a class has several proxies, the direction of their mean stands for them. Traps where the shapes
  /// do not fit, without a sample and for a label that is no class.
  public func accuracies(
    _ embeddings: Tensor<Scalar>, labels: Labels, file: StaticString = #fileID, line: UInt = #line
  ) -> [Double] {
    withoutRecording {
      let dimensions = levels[0].proxies!.shape[1]
      require(
        embeddings.rank == 2 && embeddings.shape[1] == dimensions && labels.shape == [embeddings.shape[0]]
          && labels.count > 0,
        "accuracies: embeddings \(embeddings.shape) and labels \(labels.shape) are not [samples, \(dimensions)] and [samples]",
        file: file, line: line)
      return levels.indices.map { level in
        let ancestors = ancestors(on: level)
        let nearest = nearestProxies(embeddings, on: level)
        let right = zip(nearest, labels.scalars).count { nearest, label in
          require(
            ancestors.indices.contains(label), "accuracies: label \(label) is none of \(ancestors.count) classes",
            file: file,
            line: line)
          return nearest == ancestors[label]
        }
        return Double(right) / Double(labels.count)
      }
    }
  }

  /// For each embedding the nearest proxy of a level; of a sharded level each rank looks among its own.
  private func nearestProxies(_ embeddings: Tensor<Scalar>, on level: Int) -> [Int] {
    func best(of proxies: Tensor<Scalar>) -> (rows: Tensor<Int>, values: Tensor<Scalar>) {
      embeddings.bestRows(of: proxies, minus: .zeros([proxies.shape[0]]))
    }
    guard let part = levels[level].part, part.group.size > 1 else { return best(of: proxies(on: level)).rows.scalars }
    let own = best(of: ownDirections(on: level))
    let values = part.group.stacked(own.values)
    let classes = part.group.gathered(Labels(own.rows.scalars.map { $0 + part.classes.lowerBound }).unsqueezed(0))
    // Of equal ones the first, which lies on the lowest rank.
    let ranks = values.argmax(along: 0).scalars
    return ranks.enumerated().map { classes[$0.element][$0.offset].item }
  }
}
