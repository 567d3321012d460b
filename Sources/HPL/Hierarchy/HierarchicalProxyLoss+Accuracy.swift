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
        let proxies = proxies(on: level)
        let nearest = embeddings.bestRows(of: proxies, minus: .zeros([proxies.shape[0]])).rows.scalars
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
}
