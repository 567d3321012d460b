import Collectives
import Retrieval
import Tensor
import Vision

/// What is measured of a run once more: whitened embeddings, expanded queries, rankings made anew.
struct Remeasurement {
  private let settings: Settings
  private let meter: Meter

  /// Nil where nothing of that was asked for.
  init?(_ settings: Settings, meter: Meter = .silent) {
    (self.settings, self.meter) = (settings, meter)
    if steps.isEmpty { return nil }
  }

  /// What is done, in its order, as the options have it.
  var steps: [String] {
    [
      settings.whiten ? "whiten" : nil, settings.expandQueries.map { "expand-queries \($0)" },
      settings.rerank ? "rerank" : nil, settings.precisionAt.map { "precision-at \($0.spelling ?? "")" },
    ].compactMap(\.self)
  }

  /// Measures a model, whose test embeddings are known.
  ///
  /// Throws `RetrievalError` where an embedding is not finite, all are equal, or nothing can be found.
  func measured(
    _ model: TrainedModel, _ embeddings: TestEmbeddings, _ data: TrainingData, over group: Group
  ) throws -> Results.Remeasured {
    let embeddings = try settings.whiten ? whitened(model, embeddings, data, over: group) : embeddings
    return try meter.during("\(model.state.title)  measuring once more") {
      try measured(data.search(embeddings), data, over: group)
    }
  }

  private func measured(_ search: Search, _ data: TrainingData, over group: Group) throws -> Results.Remeasured {
    var search = search
    if let neighbors = settings.expandQueries { search = try search.expanded(neighbors: neighbors) }
    let cutoffs = settings.precisionAt ?? []
    let depth = (search.relevantCounts + data.recallLevels + cutoffs).max() ?? 0
    let rankings = settings.rerank ? search.reranked(depth) : nil
    let retrieval =
      try rankings.map { try RetrievalMetrics(search, rankings: $0, recallAt: data.recallLevels) }
      ?? RetrievalMetrics(search, recallAt: data.recallLevels, over: group)
    var metrics = Metrics(retrieval)
    if !cutoffs.isEmpty { metrics.precision = try search.precision(at: cutoffs, rankings: rankings) }
    return Results.Remeasured(steps: steps, metrics: metrics)
  }

  /// The test embeddings on the principal components of the training embeddings, all of length 1.
  private func whitened(
    _ model: TrainedModel, _ embeddings: TestEmbeddings, _ data: TrainingData, over group: Group
  ) throws -> TestEmbeddings {
    let training = try model.embeddings(of: data.train, over: group, workers: settings.workers, meter: meter)
    let whitening = try Whitening.principal(of: training.normalized(along: 1))
    return TestEmbeddings(
      test: whitening(embeddings.test.normalized(along: 1)),
      gallery: embeddings.gallery.map { whitening($0.normalized(along: 1)) })
  }
}
