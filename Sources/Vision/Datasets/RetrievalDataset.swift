import ClassTree
import Foundation

/// A data set as retrieval uses it: classes to train on, other classes to test on, and where the protocol has one a gallery
/// in which the test pictures look for their class.
public struct RetrievalDataset: Sendable {
  /// What was read.
  public let kind: DatasetKind

  /// What should be said about it, as lines for a person: other counts than published, files left out.
  public var notes: [String]

  /// The pictures to train with and those that are looked for, all classes in one numbering.
  let pictures: ImageDataset

  /// What they look among, in the same numbering.
  let galleryPictures: ImageDataset?

  /// The first so many classes train.
  private let trainingClasses: Int

  /// Takes a data set apart after its first classes; by default, as the field does, after half of them.
  ///
  /// - Parameters:
  ///   - pictures: the classes for training first.
  ///   - gallery: pictures of the same classes.
  /// - Throws: ``DatasetError/tooFewClasses(dataset:count:needed:)`` where no class is left for one of the two.
  init(
    _ pictures: ImageDataset, kind: DatasetKind, gallery: ImageDataset? = nil, trainingClasses: Int? = nil,
    notes: [String] = []
  ) throws(DatasetError) {
    let count = trainingClasses ?? pictures.halfOfClasses
    guard count > 0, count < pictures.classCount else {
      throw .tooFewClasses(dataset: pictures.name, count: pictures.classCount, needed: 2)
    }
    self.kind = kind
    self.pictures = pictures
    galleryPictures = gallery
    self.trainingClasses = count
    self.notes = notes
    if let difference = kind.published?.difference(from: self) { self.notes.append(difference) }
  }

  /// What results call the data.
  public var name: String { pictures.name }

  /// The number of pictures, the gallery's included.
  public var count: Int { pictures.count + (galleryPictures?.count ?? 0) }

  /// The classes to train on.
  public var train: ImageDataset { pictures.subset(classes: 0..<trainingClasses) }

  /// The classes to test on, labelled from 0; with a gallery, the queries.
  public var test: ImageDataset { pictures.subset(classes: trainingClasses..<pictures.classCount) }

  /// Where the queries look, labelled as they are; nil where test pictures look among each other.
  public var gallery: ImageDataset? {
    galleryPictures?.subset(classes: trainingClasses..<pictures.classCount)
  }

  /// The same pictures with the groups that a file gives their classes.
  ///
  /// - Throws: `HierarchyFileError` as `ClassHierarchy.init(text:classes:)`.
  public func grouped(by file: URL) throws -> RetrievalDataset {
    let taxonomy = try ClassHierarchy(text: file.path, classes: pictures.classNames)
    func grouped(_ dataset: ImageDataset) -> ImageDataset {
      ImageDataset(
        name: dataset.name, classNames: dataset.classNames, samples: dataset.samples, taxonomy: taxonomy)
    }
    return RetrievalDataset(
      kind, grouped(pictures), galleryPictures.map(grouped), trainingClasses: trainingClasses, notes: notes)
  }

  /// Decodes every file once, on all processors, and lists those that fail; the gallery's come last.
  ///
  /// - Throws: ``ImageError/libraryMissing(library:format:reason:)``, which is no picture's fault.
  public func brokenImages() throws -> [BrokenImage] {
    let broken = try brokenImages(part: 0, of: 1)
    return broken.pictures + broken.gallery
  }

  /// The same of one part of the files, where several processes look at one each: a list of the pictures and one of the gallery's.
  ///
  /// `progress` is called with the share of the part that was tried so far, from any thread.
  public func brokenImages(
    part: Int, of parts: Int, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> (pictures: [BrokenImage], gallery: [BrokenImage]) {
    func share(_ dataset: ImageDataset) -> Range<Int> {
      part * dataset.count / parts..<(part + 1) * dataset.count / parts
    }
    let (own, ownGallery) = (share(pictures), galleryPictures.map(share) ?? 0..<0)
    let all = Double(own.count + ownGallery.count)
    return try (
      pictures.brokenImages(in: own) { progress(Double($0) / all) },
      galleryPictures?.brokenImages(in: ownGallery) { progress(Double(own.count + $0) / all) } ?? []
    )
  }

  /// Leaves out the files that cannot be decoded.
  ///
  /// - Returns: the readable part and a list of the rest.
  /// - Throws: ``ImageError/libraryMissing(library:format:reason:)``, and
  ///   ``DatasetError/tooFewImages(className:count:needed:place:)`` where a class is left with fewer pictures than its kind of
  ///   data set must have.
  public func withoutBrokenImages() throws -> (dataset: RetrievalDataset, broken: [BrokenImage]) {
    let broken = try brokenImages(part: 0, of: 1)
    return (try without(broken.pictures, gallery: broken.gallery), broken.pictures + broken.gallery)
  }

  /// Leaves out pictures, and some of the gallery, that `brokenImages(part:of:)` has found.
  ///
  /// Throws as `withoutBrokenImages()`.
  public func without(_ broken: [BrokenImage], gallery: [BrokenImage]) throws -> RetrievalDataset {
    RetrievalDataset(
      kind, try pictures.without(broken, perClass: kind.picturesPerClass),
      try galleryPictures?.without(gallery, perClass: 0), trainingClasses: trainingClasses, notes: notes)
  }

  init(
    _ kind: DatasetKind, _ pictures: ImageDataset, _ gallery: ImageDataset?, trainingClasses: Int, notes: [String]
  ) {
    self.kind = kind
    self.pictures = pictures
    galleryPictures = gallery
    self.trainingClasses = trainingClasses
    self.notes = notes
  }
}
