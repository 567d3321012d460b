import ClassTree
import Foundation
import Tensor

/// Where the pixels of a sample come from.
public enum ImageSource: Sendable {
  /// A JPEG, PNG or WebP file, decoded each time it is asked for.
  case file(URL)
  /// A picture in memory and the name errors and exports call it.
  case memory(Image, name: String)

  /// The file's path or the picture's name.
  public var name: String {
    switch self {
    case .file(let url): url.path
    case .memory(_, let name): name
    }
  }

  /// The picture.
  ///
  /// - Throws: ``ImageError`` naming the file.
  public func image() throws -> Image {
    switch self {
    case .file(let url): try Image(contentsOf: url)
    case .memory(let image, _): image
    }
  }
}

/// The rectangle around the subject of a picture, in pixels from the top left corner.
public struct BoundingBox: Sendable, Equatable {
  /// Left edge.
  public var x: Double
  /// Upper edge.
  public var y: Double
  /// Columns.
  public var width: Double
  /// Rows.
  public var height: Double

  /// Makes a rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

/// Labelled pictures: what a loader reads, whether from a folder or from memory.
public struct ImageDataset: Sendable {
  /// One labelled picture.
  public struct Sample: Sendable {
    /// Where its pixels come from.
    public let source: ImageSource
    /// Its class.
    public let label: Int
    /// Where its subject is, when known.
    public let boundingBox: BoundingBox?

    /// Makes a sample.
    public init(source: ImageSource, label: Int, boundingBox: BoundingBox? = nil) {
      self.source = source
      self.label = label
      self.boundingBox = boundingBox
    }
  }

  /// What results call the data.
  public let name: String

  /// The names of the classes; a label is an index into them.
  public let classNames: [String]

  /// The pictures.
  public let samples: [Sample]

  /// The class of each sample.
  public let labels: [Int]

  /// A true grouping of the classes, when the data has one.
  public let taxonomy: ClassHierarchy?

  /// Makes a data set; labels outside the classes and a taxonomy of other classes trap.
  public init(
    name: String, classNames: [String], samples: [Sample], taxonomy: ClassHierarchy? = nil,
    file: StaticString = #fileID,
    line: UInt = #line
  ) {
    labels = samples.map(\.label)
    if let label = labels.first(where: { !classNames.indices.contains($0) }) {
      trap("ImageDataset \(name): label \(label), but \(classNames.count) classes", file: file, line: line)
    }
    if let taxonomy, taxonomy.classes != classNames {
      trap(
        "ImageDataset \(name): taxonomy of \(taxonomy.classes.count) for \(classNames.count) classes, or of others",
        file: file, line: line)
    }
    self.name = name
    self.classNames = classNames
    self.samples = samples
    self.taxonomy = taxonomy
  }

  /// The number of pictures.
  public var count: Int { samples.count }

  /// The number of classes.
  public var classCount: Int { classNames.count }

  /// One picture; an index out of range traps.
  ///
  /// - Throws: ``ImageError`` naming the file.
  public func image(at index: Int) throws -> Image { try samples[index].source.image() }

  /// The indices of the samples of each class.
  public var indicesByClass: [[Int]] {
    var indices = [[Int]](repeating: [], count: classCount)
    for (index, label) in labels.enumerated() { indices[label].append(index) }
    return indices
  }

  /// All indices in order, in batches; the last batch may be smaller.
  public func batches(of size: Int, file: StaticString = #fileID, line: UInt = #line) -> [[Int]] {
    guard size > 0 else { trap("batches of \(size) pictures", file: file, line: line) }
    return stride(from: 0, to: count, by: size).map { Array($0..<min($0 + size, count)) }
  }
}

extension ImageDataset {
  /// The pictures of some classes, which are numbered from 0 in the order given.
  ///
  /// - Parameters:
  ///   - classes: labels of this data set; unknown and repeated ones trap.
  ///   - name: what results call the part.
  public func subset(
    classes: some Sequence<Int>, name: String? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> ImageDataset {
    let classes = Array(classes)
    guard Set(classes).count == classes.count, classes.allSatisfy(classNames.indices.contains) else {
      trap("subset: classes \(classes) of \(classCount)", file: file, line: line)
    }
    let label = Dictionary(uniqueKeysWithValues: zip(classes, 0...))
    let kept = samples.compactMap { sample in
      label[sample.label].map { Sample(source: sample.source, label: $0, boundingBox: sample.boundingBox) }
    }
    return ImageDataset(
      name: name ?? self.name, classNames: classes.map { classNames[$0] }, samples: kept,
      taxonomy: classes.isEmpty ? nil : taxonomy?.subset(classes: classes))
  }

  /// The field's zero-shot split: the first half of the classes to train, the second half to test.
  ///
  /// Of 200 classes these are 1–100 and 101–200; of an odd number the middle one trains.
  ///
  /// - Throws: ``DatasetError/tooFewClasses(dataset:count:needed:)`` with fewer than two classes.
  public func zeroShotSplit() throws -> (train: ImageDataset, test: ImageDataset) {
    guard classCount >= 2 else { throw DatasetError.tooFewClasses(dataset: name, count: classCount, needed: 2) }
    return (subset(classes: 0..<halfOfClasses), subset(classes: halfOfClasses..<classCount))
  }

  /// How many classes the field's zero-shot split trains on.
  var halfOfClasses: Int { (classCount + 1) / 2 }

  /// Throws when a class has fewer pictures than retrieval and sampling need.
  ///
  /// - Throws: ``DatasetError/tooFewImages(className:count:needed:place:)`` for the first such class.
  public func requireImages(perClass needed: Int = 2) throws { try requireImages(perClass: needed, place: name) }

  /// The same, with a name for the data set that the error shows.
  func requireImages(perClass needed: Int = 2, place: String) throws {
    for (name, indices) in zip(classNames, indicesByClass) where indices.count < needed {
      throw DatasetError.tooFewImages(className: name, count: indices.count, needed: needed, place: place)
    }
  }
}
