import Tensor

/// Test pictures on the plane as a run's network places them: at most 1,000, spread evenly over all.
struct RunProjection: Codable {
  /// Their indices among the test pictures.
  let pictures: [Int]
  /// Where they lie, and how good that is.
  let panel: Projections.Panel
  /// Their coarse clusters; nil for a flat method.
  let clusters: CoarseClusters?

  /// Of a data set with at least this many pictures.
  static let fewest = 4

  /// Projects the embeddings of `pictures`, `[pictures, dimensions]`.
  init(
    _ model: TrainedModel, pictures: [Int], _ embeddings: Tensor<Float>, seed: UInt64,
    progress: (Double) -> Void = { _ in }
  ) throws {
    self.pictures = pictures
    panel = try .init(title: model.state.title, embeddings: embeddings, seed: seed, progress: progress)
    clusters = try model.coarseClusters(of: embeddings)
  }

  /// Which test pictures are projected.
  static func pictures(of data: TrainingData) -> [Int] { spread(data.test.count, atMost: 1000) }
}
