import Models
import Tensor

/// The embeddings of the test pictures and, where the data has one, of the gallery; `[pictures, dimensions]`.
struct TestEmbeddings {
  let test: Tensor<Float>
  let gallery: Tensor<Float>?

  init(test: Tensor<Float>, gallery: Tensor<Float>?) { (self.test, self.gallery) = (test, gallery) }

  /// Computes them.
  init(_ model: TrainedModel, _ data: TrainingData, workers: Int) throws {
    try self.init(model.network, model.settings, data, workers: workers)
  }

  /// Computes those of any network.
  init(_ network: any Backbone<Float>, _ settings: Settings, _ data: TrainingData, workers: Int) throws {
    test = try network.embeddings(of: data.test, settings, workers: workers)
    gallery = try data.gallery.map { try network.embeddings(of: $0, settings, workers: workers) }
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

  /// The nearest pictures, by their index in the gallery where there is one, of some queries: the first pictures of classes
  /// spread evenly over all.
  func retrievals(_ embeddings: TestEmbeddings, queries: Int = 6, neighbours: Int = 6) -> [RunFolder.Finished.Retrieval]
  {
    let normalized = embeddings.test.normalized(along: 1)
    let found = embeddings.gallery?.normalized(along: 1) ?? normalized
    let classes = test.indicesByClass.filter { !$0.isEmpty }
    let count = min(queries, classes.count)
    return (0..<count).map { row in
      let query = classes[row * classes.count / count][0]
      let similarities = found.matmul(normalized[query]).scalars
      let others = similarities.indices.filter { gallery != nil || $0 != query }
      let nearest = others.sorted { similarities[$0] > similarities[$1] }
      return .init(query: query, neighbours: Array(nearest.prefix(neighbours)))
    }
  }
}
