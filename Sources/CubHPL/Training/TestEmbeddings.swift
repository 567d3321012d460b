import Collectives
import Models
import Retrieval
import Tensor
import Vision

/// The embeddings of the test pictures and, where the data has one, of the gallery; `[pictures, dimensions]`.
struct TestEmbeddings {
  let test: Tensor<Float>
  let gallery: Tensor<Float>?

  init(test: Tensor<Float>, gallery: Tensor<Float>?) { (self.test, self.gallery) = (test, gallery) }

  /// Computes them; `progress` is called with the share that is done.
  init(
    _ model: TrainedModel, _ data: TrainingData, over group: Group, workers: Int,
    progress: (Double) -> Void = { _ in }
  ) throws {
    try self.init(model.network, model.settings, data, over: group, workers: workers, progress: progress)
  }

  /// Computes those of any network.
  init(
    _ network: any Backbone<Float>, _ settings: Settings, _ data: TrainingData, over group: Group, workers: Int,
    progress: (Double) -> Void = { _ in }
  ) throws {
    let all = Double(data.test.count + (data.gallery?.count ?? 0))
    func embed(_ pictures: ImageDataset, after done: Int) throws -> Tensor<Float> {
      try network.embeddings(of: pictures, settings, over: group, workers: workers) {
        progress((Double(done) + $0 * Double(pictures.count)) / all)
      }
    }
    test = try embed(data.test, after: 0)
    gallery = try data.gallery.map { try embed($0, after: data.test.count) }
  }

  /// Those of several networks side by side, each of length 1.
  static func concatenated(_ all: [TestEmbeddings]) -> TestEmbeddings {
    func joined(_ parts: [Tensor<Float>]) -> Tensor<Float>? {
      parts.isEmpty ? nil : .concatenated(parts.map { $0.normalized(along: 1) }, along: 1)
    }
    return TestEmbeddings(test: joined(all.map(\.test))!, gallery: joined(all.compactMap(\.gallery)))
  }
}

extension TrainingData {
  /// The K of Recall@K: what the field reports for the data set.
  var recallLevels: [Int] { (kind ?? .folder).recallLevels }

  /// The search of the test pictures among each other or, where there is one, in the gallery.
  ///
  /// Throws `RetrievalError` where an embedding is not finite.
  func search(_ embeddings: TestEmbeddings) throws(RetrievalError) -> Search {
    guard let gallery, let found = embeddings.gallery else {
      return try Search(embeddings: embeddings.test, labels: Labels(test.labels))
    }
    return try Search(
      queries: embeddings.test, labels: Labels(test.labels), gallery: found, galleryLabels: Labels(gallery.labels),
      ownItems: ownItems)
  }

  /// The nearest pictures, by their index in the gallery where there is one, of some queries: the first pictures of classes
  /// spread evenly over all.
  func retrievals(_ search: Search, queries: Int = 6, neighbours: Int = 6) -> [RunFolder.Finished.Retrieval] {
    let classes = test.indicesByClass.filter { !$0.isEmpty }
    let count = min(queries, classes.count)
    let chosen = (0..<count).map { classes[$0 * classes.count / count][0] }
    return search.nearest(neighbours, of: chosen).map { .init(query: $0.query, neighbours: $0.items) }
  }
}
