import ClassTree
import Foundation
import Testing
import Vision
import _TestSupport

@Suite struct DatasetKindTests {
  @Test func whatIsNotRecognizedListsWhatWasLookedFor() throws {
    try withFolder { folder in
      try folder.write("hello", to: "README")
      let lookedFor = [
        "images.txt or image_class_labels.txt (CUB-200-2011)", "cars_annos.mat (Cars-196)",
        "Ebay_train.txt or Ebay_test.txt (Stanford Online Products)",
        "list_eval_partition.txt or Eval/list_eval_partition.txt or Anno/list_eval_partition.txt (In-Shop Clothes Retrieval)",
        "Inat_dataset_splits/Inaturalist_train_set1.txt or Inat_dataset_splits/Inaturalist_test_set1.txt (iNaturalist 2018)",
        "train/label.csv (DyML)", "dataset.csv or dataset.jsonl (a list of pictures)",
        "folders of pictures (a folder a class; files that are no JPEG, PNG or WebP: 1 without an ending)",
      ]
      expectError(.notRecognized(folder: folder.url.path, lookedFor: lookedFor, hint: nil)) {
        try DatasetKind.recognize(folder.url)
      }
      let none = folder.url.appendingPathComponent("none")
      expectError(.notRecognized(folder: none.path, lookedFor: [], hint: nil)) { try DatasetKind.recognize(none) }
      expectEqual(
        DatasetError.notRecognized(folder: "x", lookedFor: [], hint: nil).description, "x: there is no such folder")
    }
  }

  /// The folder above a data set looks like an image folder, which would read it in silence with other classes.
  @Test func theFolderAboveADataSetIsNotTakenForOne() throws {
    try withFolder { folder in
      try folder.write("", to: "CUB_200_2011/images.txt")
      try folder.writePictures("CUB_200_2011/images/001.Gull/a.jpg", "other/b.jpg")
      let error = #expect(throws: DatasetError.self) { try DatasetKind.recognize(folder.url) }
      guard case .notRecognized(_, _, folder.path("CUB_200_2011")) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      try expectEqual(DatasetKind.recognize(folder.url.appendingPathComponent("CUB_200_2011")), .cub)
      try expectEqual(DatasetKind.recognize(folder.url.appendingPathComponent("CUB_200_2011/images")), .folder)
    }
  }

  @Test func taxonomyFilesReplaceTheGroups() throws {
    try withFolder { folder in
      for name in ["a", "b", "c", "d"] { try folder.writePictures("data/\(name)/0.jpg", "data/\(name)/1.jpg") }
      try folder.write("a\tx\nb\tx\nc\ty\nd\ty\n", to: "t.txt")
      let data = try DatasetKind.folder.read(folder.url.appendingPathComponent("data"))
      let grouped = try data.grouped(by: folder.url.appendingPathComponent("t.txt"))
      expectEqual(data.train.taxonomy, nil)
      expectEqual(grouped.train.taxonomy?.levels, [.init(name: "level 1", groups: ["x"], parents: [0, 0])])
      expectEqual(grouped.test.taxonomy?.levels, [.init(name: "level 1", groups: ["y"], parents: [0, 0])])
      expectEqual(grouped.train.labels, data.train.labels)
      expectEqual(grouped.kind, .folder)
    }
  }

  @Test func brokenPicturesAreLeftOutOfBothHalves() throws {
    try withFolder { folder in
      for name in ["a", "b"] { try folder.writePictures("\(name)/0.jpg", "\(name)/1.jpg", "\(name)/2.jpg") }
      try folder.write("no picture", to: "b/0.jpg")
      let data = try DatasetKind.folder.read(folder.url)
      try expectEqual(data.brokenImages().map(\.name), [folder.path("b/0.jpg")])
      let (kept, broken) = try data.withoutBrokenImages()
      expectEqual(broken.count, 1)
      expectEqual(kept.train.count, 3)
      expectEqual(folder.paths(kept.test), ["b/1.jpg", "b/2.jpg"])
      try folder.write("no picture", to: "b/1.jpg")
      expectError(
        .tooFewImages(
          className: "b", count: 1, needed: 2, place: "\(folder.url.lastPathComponent) without its 2 broken images")
      ) { try data.withoutBrokenImages() }
    }
  }
}
