import ClassTree
import Tensor

extension RetrievalMetrics {
  /// Lets every sample look among all the others for those that have a class in common with it.
  ///
  /// Embeddings have shape `[samples, dimensions]`. What is said of a query's class holds for all of its classes together: R is the number of
  /// items that have one of them. In `classes` a query stands under each of its own. Whole rankings are sorted, 128 queries at a time.
  /// Throws `RetrievalError` if an embedding is not finite or no query has anything to find, as one without a class has not. Traps where
  /// the memberships are not of as many samples, and where a K is less than 1.
  public init(
    embeddings: Tensor<Float>, memberships: Memberships, recallAt: [Int]? = nil,
    progress: (Double) -> Void = { _ in }, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    let search = try Search(embeddings: embeddings, labels: .zeros([memberships.count]), file: file, line: line)
    try self.init(search, memberships, memberships, recallAt, progress, file, line)
  }

  /// Lets queries look in a gallery, which none of them belongs to, for items that have a class in common with them.
  ///
  /// Otherwise as where samples look among each other. Traps also where the two are of different numbers of classes.
  public init(
    queries: Tensor<Float>, memberships: Memberships, gallery: Tensor<Float>, galleryMemberships: Memberships,
    recallAt: [Int]? = nil, progress: (Double) -> Void = { _ in }, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    require(
      memberships.classes == galleryMemberships.classes,
      "RetrievalMetrics: queries of \(memberships.classes) classes and a gallery of \(galleryMemberships.classes)",
      file: file, line: line)
    let search = try Search(
      queries: queries, labels: .zeros([memberships.count]), gallery: gallery,
      galleryLabels: .zeros([galleryMemberships.count]), file: file, line: line)
    try self.init(search, memberships, galleryMemberships, recallAt, progress, file, line)
  }

  private init(
    _ search: Search, _ own: Memberships, _ items: Memberships, _ recallAt: [Int]?, _ progress: (Double) -> Void,
    _ file: StaticString, _ line: UInt
  ) throws(RetrievalError) {
    let recallAt = RetrievalMetrics.checkedCutoffs(recallAt, search, file, line)
    let members = items.members
    var outcomes: [HitOutcome] = []
    var byClass: [Int: [HitOutcome]] = [:]
    for start in stride(from: 0, to: own.count, by: 128) {
      let block = Array(start..<min(start + 128, own.count))
      for ranking in search.nearest(items.count, of: block) {
        let classes = own.samples[ranking.query]
        var relevant = Set(classes.flatMap { members[$0] })
        if let item = search.ownItem(of: ranking.query) { relevant.remove(item) }
        let outcome = HitOutcome(of: ranking, relevant: relevant.count) { relevant.contains($0) }
        outcomes.append(outcome)
        for label in classes { byClass[label, default: []].append(outcome) }
      }
      progress(Double(outcomes.count) / Double(own.count))
    }
    try self.init(outcomes, byClass: byClass, recallAt)
  }
}
