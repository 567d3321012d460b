import ClassTree
import Foundation
import Tensor
import Testing
import Vision
import _TestSupport

@Suite struct ImageDatasetTests {
  @Test func knowsItsClasses() throws {
    let dataset = pictures(classes: 3, each: 2)
    expectEqual(dataset.count, 6)
    expectEqual(dataset.classCount, 3)
    expectEqual(dataset.labels, [0, 1, 2, 0, 1, 2])
    expectEqual(dataset.indicesByClass, [[0, 3], [1, 4], [2, 5]])
    expectEqual(dataset.batches(of: 4), [[0, 1, 2, 3], [4, 5]])
    try expectEqual(dataset.image(at: 4).width, 12)
  }

  @Test func subsetsRenumberClassesAndTaxonomy() throws {
    let all = pictures(classes: 4, each: 2)
    let taxonomy = try ClassHierarchy(
      classes: all.classNames,
      levels: [.init(name: "families", groups: ["gulls", "terns", "wrens"], parents: [2, 0, 2, 1])])
    let dataset = ImageDataset(
      name: "birds", classNames: all.classNames, samples: all.samples, taxonomy: taxonomy)
    let part = dataset.subset(classes: [3, 0], name: "part")
    expectEqual(part.name, "part")
    expectEqual(part.classNames, ["class 3", "class 0"])
    expectEqual(part.labels, [1, 0, 1, 0])
    expectEqual(part.samples.map(\.source.name), ["picture 0", "picture 3", "picture 4", "picture 7"])
    expectEqual(part.taxonomy?.levels, [.init(name: "families", groups: ["terns", "wrens"], parents: [0, 1])])
  }

  @Test(arguments: [(2, 1), (5, 3), (8, 4), (200, 100)])
  func splitsHalves(classes: Int, training: Int) throws {
    let (train, test) = try pictures(classes: classes, each: 2, height: 1, width: 2).zeroShotSplit()
    expectEqual(train.classCount, training)
    expectEqual(test.classCount, classes - training)
    #expect(train.classNames.last == "class \(training - 1)" && test.classNames.first == "class \(training)")
    expectEqual(Set(test.labels), Set(0..<test.classCount))
  }

  @Test func oneClassCannotBeSplit() {
    #expect(throws: DatasetError.tooFewClasses(dataset: "pictures", count: 1, needed: 2)) {
      try pictures(classes: 1).zeroShotSplit()
    }
  }

  @Test func classesNeedPictures() throws {
    let dataset = pictures(classes: 3, each: 1)
    try dataset.requireImages(perClass: 1)
    let error = #expect(throws: DatasetError.self) { try dataset.requireImages() }
    expectEqual(error, .tooFewImages(className: "class 0", count: 1, needed: 2, place: "pictures"))
    expectEqual(error?.description.contains("class class 0 has 1 picture,"), true)
  }

  @Test func brokenImagesAreListedAndLeftOut() throws {
    try withTemporaryFolder { folder in
      let files = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"].map { folder.appendingPathComponent($0) }
      let bytes = try JPEG.encode(picture(height: 20, width: 20))
      for url in [files[0], files[2]] { try Data(bytes).write(to: url) }
      try Data(bytes.dropLast(60)).write(to: files[1])
      try Data().write(to: files[3])
      let samples = files.map { ImageDataset.Sample(source: .file($0), label: 0) }
      let dataset = ImageDataset(name: "some", classNames: ["bird"], samples: samples)
      let tried = Counter()
      let (kept, broken) = try dataset.withoutBrokenImages { _ in tried.increment() }
      expectEqual(tried.value, 5)
      expectEqual(kept.samples.map(\.source.name), [files[0].path, files[2].path])
      expectEqual(broken.map(\.index), [1, 3, 4])
      expectEqual(broken.map(\.name), [files[1].path, files[3].path, files[4].path])
      #expect(broken[0].description.contains("truncated") && broken[1].description.contains("zero bytes"))
      #expect(broken[2].description.contains("No such file"))
    }
  }

  @Test func leavingOutMustNotEmptyAClass() throws {
    let file = ImageDataset.Sample(source: .file(URL(fileURLWithPath: "/nowhere/a.jpg")), label: 2)
    let whole = pictures(classes: 2, each: 2)
    let dataset = ImageDataset(name: "some", classNames: ["a", "b", "c"], samples: whole.samples + [file])
    let place = "some without its 1 broken images"
    #expect(throws: DatasetError.tooFewImages(className: "c", count: 0, needed: 2, place: place)) {
      try dataset.withoutBrokenImages()
    }
  }

  @Test func nothingBrokenKeepsEverything() throws {
    let (kept, broken) = try pictures().withoutBrokenImages()
    #expect(kept.count == 12 && broken.isEmpty)
  }

  @Test func nonsenseTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = ImageDataset(
        name: "x", classNames: ["a"], samples: [.init(source: .file(URL(fileURLWithPath: "/")), label: 1)])
    }
    await #expect(processExitsWith: .failure) {
      let other = try ClassHierarchy(classes: ["b"], levels: [])
      _ = ImageDataset(name: "x", classNames: ["a"], samples: [], taxonomy: other)
    }
    await #expect(processExitsWith: .failure) { _ = pictures(classes: 2).subset(classes: [0, 0]) }
    await #expect(processExitsWith: .failure) { _ = pictures(classes: 2).subset(classes: [2]) }
    await #expect(processExitsWith: .failure) { _ = pictures().batches(of: 0) }
  }
}
