import ClassTree
import Collectives
import Retrieval
import Tensor

extension Metrics {
  /// What the search alone says.
  init(_ retrieval: RetrievalMetrics) {
    self.init(
      precisionAt1: retrieval.precisionAt1, recall: retrieval.recall, rPrecision: retrieval.rPrecision,
      mapAtR: retrieval.mapAtR, meanReciprocalRank: retrieval.meanReciprocalRank,
      cumulativeMatches: retrieval.cumulativeMatches(upTo: 20))
  }
}

/// What is measured of a model on the test pictures.
struct TestMeasures {
  var metrics: Metrics
  /// How many pictures count in no measure of retrieval, because they are alone in their class.
  var queriesDropped: Int
  /// A line a class.
  var classes: [ClassRetrieval]

  /// The lines as a table for other programs.
  func csv(_ classNames: [String]) -> String {
    let header = "class,queries,precision_at_1,r_precision,map_at_r,mean_reciprocal_rank\n"
    return header
      + classes.map { row in
        let shares = [row.precisionAt1, row.rPrecision, row.mapAtR, row.meanReciprocalRank]
        return ([csvCell(classNames[row.label]), "\(row.queries)"] + shares.map { "\($0)" }).joined(separator: ",")
          + "\n"
      }.joined()
  }
}

extension TrainingData {
  /// All that is measured of a model on the test pictures.
  ///
  /// `progress` gets the share of the work that is done. Throws `RetrievalError` where an embedding is not finite or nothing can
  /// be found.
  func measure(
    _ embeddings: TestEmbeddings, over group: Group, progress: (Double) -> Void
  ) throws -> TestMeasures {
    let groups = testGroups
    let parts = groups.isEmpty ? 2.0 : 3
    // An end is told once.
    func tell(_ share: Double) { progress(min(share, 0.999)) }
    let search = try search(embeddings)
    let retrieval = try RetrievalMetrics(search, recallAt: recallLevels, over: group) { tell($0 / parts) }
    var metrics = Metrics(retrieval)
    if !groups.isEmpty {
      let graded = try HierarchicalRetrievalMetrics(search, groups: groups, over: group) { tell((1 + $0) / parts) }
      metrics.hierarchical = .init(
        groups: groups.map { Set($0).count }, mapAtR: Array(graded.mapAtR.dropFirst()),
        hierarchicalAP: graded.hierarchicalAP, ndcg: graded.ndcg,
        averageSetIntersection: graded.averageSetIntersection,
        firstErrorsWithinParent: graded.firstErrorsWithinParent)
    }
    metrics.nmi = try agreement(embeddings, over: group) { tell((parts - 1 + $0) / parts) }.normalizedMutualInformation
    progress(1)
    return TestMeasures(metrics: metrics, queriesDropped: retrieval.queriesDropped, classes: retrieval.classes)
  }

  /// For each level of the test classes' taxonomy, the finest first, the group of each class; levels that say nothing, with one
  /// group or with as many as there are units below, are left out.
  var testGroups: [[Int]] {
    var groups: [[Int]] = []
    var below = test.classCount
    for level in test.taxonomy?.groupsOfClasses ?? [] {
      let count = Set(level).count
      guard count > 1, count < below else { continue }
      groups.append(level)
      below = count
    }
    return groups
  }

  /// Of so many test classes k-means still starts at points far from one another.
  static let mostSpreadClasses = 1000

  /// How the clusters of NMI start, where that is not as usual.
  var clusteringNote: String? {
    let classes = Set(test.labels).count
    guard classes > Self.mostSpreadClasses else { return nil }
    return "NMI: k-means of \(grouped(classes)) clusters starts at as many pictures drawn at random, as in faiss"
  }

  /// The classes of the test pictures (of the queries, where there is a gallery) with as many clusters: one start of k-means from
  /// a fixed seed and 25 rounds, as MLRC has it from faiss.
  ///
  /// To start at points far from one another takes minutes for 10,000 clusters.
  private func agreement(
    _ embeddings: TestEmbeddings, over group: Group, progress: (Double) -> Void
  ) throws -> PartitionAgreement {
    var generator = RandomGenerator(seed: 0)
    return try PartitionAgreement(
      clustering: embeddings.test, labels: Labels(test.labels), iterations: 25,
      start: clusteringNote == nil ? .spread : .random, over: group, using: &generator, progress: progress)
  }
}
