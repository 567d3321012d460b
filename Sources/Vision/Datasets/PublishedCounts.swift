/// How many pictures and classes a data set has as published.
struct PublishedCounts {
  let train: (pictures: Int, classes: Int)
  /// Pictures to test, or queries.
  let test: (pictures: Int, classes: Int)
  var gallery: Int?

  /// In which numbers a copy differs, as a line for a person; nil where it does not.
  func difference(from data: RetrievalDataset) -> String? {
    let (train, test) = (data.train, data.test)
    let counts = [
      ("training pictures", train.count, self.train.pictures),
      ("training classes", train.classCount, self.train.classes),
      (gallery == nil ? "test pictures" : "queries", test.count, self.test.pictures),
      ("test classes", test.classCount, self.test.classes),
      ("gallery pictures", data.gallery?.count ?? 0, gallery ?? 0),
    ]
    let differences = counts.filter { $0.1 != $0.2 }.map { "\($0.1) \($0.0) (published: \($0.2))" }
    return differences.isEmpty ? nil : "not \(data.kind.title) as published: \(differences.joined(separator: ", "))"
  }
}

extension DatasetKind {
  /// What its publication counts, nil for a form that anybody's data can have.
  var published: PublishedCounts? {
    switch self {
    case .cub: PublishedCounts(train: (5864, 100), test: (5924, 100))
    case .cars: PublishedCounts(train: (8054, 98), test: (8131, 98))
    case .sop: PublishedCounts(train: (59_551, 11_318), test: (60_502, 11_316))
    case .inShop: PublishedCounts(train: (25_882, 3997), test: (14_218, 3985), gallery: 12_612)
    case .iNaturalist: PublishedCounts(train: (325_846, 5690), test: (136_093, 2452))
    case .dyML, .list, .folder: nil
    }
  }
}
