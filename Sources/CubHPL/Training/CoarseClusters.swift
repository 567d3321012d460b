import Retrieval
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
  ///
  /// Throws `RetrievalError` where an embedding is not finite.
  func coarseClusters(of embeddings: Tensor<Float>) throws -> CoarseClusters? {
    guard let loss, loss.levels.count > 1 else { return nil }
    let proxies = loss.proxies(on: 1)
    let search = try Search(queries: embeddings, gallery: proxies)
    return .init(groups: search.nearest(1).map { $0.items[0] }, count: proxies.shape[0])
  }
}
