import Tensor

/// Pictures by the coarse proxy that they are nearest to.
struct CoarseClusters: Codable {
  /// The cluster of each picture.
  let groups: [Int]
  /// How many clusters there are.
  let count: Int

  /// As the hierarchy's groups are called where the data has no names for them.
  var names: [String] { (0..<count).map { "Group \($0 + 1)" } }
}

extension TrainedModel {
  /// The nearest proxy on the first coarse level for each row of embeddings; nil without such a level.
  func coarseClusters(of embeddings: Tensor<Float>) -> CoarseClusters? {
    guard let loss, loss.levels.count > 1 else { return nil }
    let proxies = loss.proxies(on: 1)
    return .init(groups: embeddings.matmul(proxies.transposed()).argmax(along: 1).scalars, count: proxies.shape[0])
  }
}
