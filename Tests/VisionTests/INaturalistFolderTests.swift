import ClassTree
import Foundation
import Testing
import Vision
import _TestSupport

@Suite struct INaturalistFolderTests {
  private static let train = ["Aves/3/a.jpg", "Aves/3/b.jpg", "Plantae/7/c.jpg"]
  private static let test = ["Aves/4/d.jpg", "Insecta/12/e.jpg", "Insecta/12/f.jpg"]

  private static func category(_ id: Int, _ name: String, _ groups: String) -> String {
    let groups = groups.split(separator: " ")
    let ranks = zip(["genus", "family", "order", "class", "phylum", "kingdom"], groups).map { "\"\($0)\": \"\($1)\"" }
    return "{\"id\": \(id), \"name\": \"\(name)\", \(ranks.joined(separator: ", "))}"
  }

  private static let tree =
    "{\"images\": [], \"categories\": ["
    + [
      category(3, "Larus canus", "Larus Laridae Charadriiformes Aves Chordata Animalia"),
      category(4, "Larus fuscus", "Larus Laridae Charadriiformes Aves Chordata Animalia"),
      category(7, "Acer rubrum", "Acer Sapindaceae Sapindales Magnoliopsida Tracheophyta Plantae"),
      category(12, "Apis mellifera", "Apis Apidae Hymenoptera Insecta Arthropoda Animalia"),
      category(99, "Apis cerana", "Apis Apidae Hymenoptera Insecta Arthropoda Animalia"),
    ].joined(separator: ", ") + "]}"

  private func withSpecies(
    train: [String] = train, test: [String] = test, tree: String? = tree, _ body: (DatasetFolder) throws -> Void
  ) throws {
    try withFolder { folder in
      func lines(_ paths: [String]) -> String { paths.map { "train_val2018/\($0)\n" }.joined() }
      try folder.writePictures((Self.train + Self.test).map { "train_val2018/\($0)" })
      try folder.write(lines(train), to: "Inat_dataset_splits/Inaturalist_train_set1.txt")
      try folder.write(lines(test), to: "Inat_dataset_splits/Inaturalist_test_set1.txt")
      if let tree { try folder.write(tree, to: "train2018.json") }
      try body(folder)
    }
  }

  private func expectSpoiled(
    train: [String] = train, test: [String] = test, tree: String? = tree, location: SourceLocation = #_sourceLocation,
    _ expected: (DatasetFolder) -> DatasetError
  ) throws {
    try withSpecies(train: train, test: test, tree: tree) { folder in
      expectError(expected(folder), location: location) { try DatasetKind.iNaturalist.read(folder.url) }
    }
  }

  @Test func allRanksAreLevels() throws {
    try withSpecies { folder in
      try expectEqual(DatasetKind.recognize(folder.url), .iNaturalist)
      let data = try DatasetKind.iNaturalist.read(folder.url)
      expectEqual(data.train.classNames, ["Larus canus", "Acer rubrum"])
      expectEqual(data.train.labels, [0, 0, 1])
      expectEqual(data.test.classNames, ["Larus fuscus", "Apis mellifera"])
      expectEqual(data.test.labels, [0, 1, 1])
      expectEqual(folder.paths(data.test).last, "train_val2018/Insecta/12/f.jpg")
      #expect(data.gallery == nil)
      // Genera group species; families, orders and classes nothing more, but phyla do not say less, and kingdoms are two.
      let levels = try #require(data.train.taxonomy).levels
      expectEqual(levels.last?.groups, ["Animalia", "Plantae"])
      expectEqual(levels.first?.groups.first, "Animalia/Chordata/Aves/Charadriiformes/Laridae/Larus")
      #expect(data.notes.count == 1 && data.notes[0].contains("2 training classes (published: 5690)"))
      expectEqual(DatasetKind.iNaturalist.recallLevels, [1, 4, 16, 32])
    }
  }

  @Test func theCategoriesAloneWillDo() throws {
    try withSpecies(tree: nil) { folder in
      let list = Self.tree.dropFirst("{\"images\": [], \"categories\": ".count).dropLast()
      try folder.write(String(list), to: "categories.json")
      try expectEqual(DatasetKind.iNaturalist.read(folder.url).train.classNames, ["Larus canus", "Acer rubrum"])
    }
  }

  @Test func withoutATreeTheSuperClassesAreOne() throws {
    try withSpecies(train: Self.train + ["Aves/5/x.jpg"], tree: nil) { folder in
      let data = try DatasetKind.iNaturalist.read(folder.url, requiringFiles: false)
      expectEqual(data.train.classNames, ["Aves 3", "Aves 5", "Plantae 7"])
      expectEqual(data.train.taxonomy?.levels.map(\.groups), [["Aves", "Plantae"]])
      #expect(data.notes.contains { $0.contains("the super classes are its only groups") })
    }
  }

  @Test func linesAreChecked() throws {
    for path in ["Aves/x/a.jpg", "Aves/-3/a.jpg"] {
      try expectSpoiled(train: [path]) {
        .malformed(
          file: $0.path("Inat_dataset_splits/Inaturalist_train_set1.txt"), line: 1, content: "train_val2018/\(path)",
          expected: "a path as \"train_val2018/Aves/2761/8e0d….jpg\"")
      }
    }
    try expectSpoiled(train: Self.train + ["Insecta/3/x.jpg"]) {
      .conflict(
        file: $0.path("Inat_dataset_splits/Inaturalist_train_set1.txt"), line: 4, claim: "species 3 is in Insecta",
        firstLine: 1)
    }
    try expectSpoiled(test: Self.test + ["Aves/3/x.jpg"]) {
      .sharedClass(
        file: $0.path("Inat_dataset_splits/Inaturalist_test_set1.txt"), line: 4, className: "3",
        other: "Inat_dataset_splits/Inaturalist_train_set1.txt")
    }
    try expectSpoiled(test: Self.test + ["Aves/4/x.jpg"]) {
      .missingImage(
        file: $0.path("Inat_dataset_splits/Inaturalist_test_set1.txt"), line: 4,
        path: $0.path("train_val2018/Aves/4/x.jpg"))
    }
    try expectSpoiled(test: Self.test + ["Aves/5/x.jpg"]) {
      .unknownClass(
        file: $0.path("Inat_dataset_splits/Inaturalist_test_set1.txt"), line: 4, id: 5,
        classes: $0.path("train2018.json"))
    }
  }

  @Test func theTreeIsChecked() throws {
    func expectProblem(_ problem: String, _ change: (String, String)) throws {
      try expectSpoiled(tree: Self.tree.replacing(change.0, with: change.1)) {
        .wrongContent(file: $0.path("train2018.json"), problem: problem)
      }
    }
    try expectProblem("categories is no array of objects", ("\"categories\"", "\"kinds\""))
    try expectProblem("categories[2].id is no whole number from 0", ("\"id\": 7", "\"id\": -7"))
    try expectProblem("categories[2].id is no whole number from 0", ("\"id\": 7", "\"id\": \"7\""))
    try expectProblem("categories[2].genus is no text", ("\"genus\": \"Acer\"", "\"genus\": 1"))
    try expectProblem("categories[0] and [1] are both Larus canus", ("Larus fuscus", "Larus canus"))
    try expectProblem("two categories have the id 3", ("\"id\": 4", "\"id\": 3"))
  }
}
