import Foundation
import Tensor
import TensorFiles

/// Embeddings with their classes and names, to which classes are added and from which they are removed without training: what pictures
/// are looked for and recognised in.
///
/// It belongs to one model, whose fingerprint it has: embeddings of another mean something else.
public struct Gallery: Sendable, Equatable {
  /// The embeddings, `[items, dimensions]`, of length 1.
  public private(set) var embeddings: Tensor<Float>
  /// The names of the classes, in the order in which they came.
  public private(set) var classNames: [String] = []
  /// The class of each item.
  public private(set) var labels: [Int] = []
  /// The name of each item, no two of them equal.
  public private(set) var names: [String] = []
  /// Identifies the model that made the embeddings.
  public let model: String

  /// Makes an empty gallery.
  public init(model: String, dimensions: Int) {
    (self.model, embeddings) = (model, .zeros([0, dimensions]))
  }

  init(model: String, _ embeddings: Tensor<Float>, _ classNames: [String], _ labels: [Int], _ names: [String]) {
    (self.model, self.embeddings, self.classNames) = (model, embeddings, classNames)
    (self.labels, self.names) = (labels, names)
  }

  /// The number of items.
  public var count: Int { labels.count }
  /// The numbers in each embedding.
  public var dimensions: Int { embeddings.shape[1] }

  /// The number of items of each class.
  public var classSizes: [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classNames.count)) { $0[$1] += 1 }
  }

  /// Adds items with the name of the class of each; a class that is not there yet is a new one.
  ///
  /// Embeddings have shape `[items, dimensions]` and any length. Throws `GalleryError` for a name that is there already, and `RetrievalError` where an
  /// embedding is not finite; then the gallery stays as it was. Traps where the shapes do not fit.
  public mutating func add(
    _ new: Tensor<Float>, classes: [String], names newNames: [String], file: StaticString = #fileID,
    line: UInt = #line
  ) throws {
    require(
      new.rank == 2 && new.shape == [classes.count, dimensions] && newNames.count == classes.count,
      "Gallery: embeddings \(new.shape), \(classes.count) classes and \(newNames.count) names for \(dimensions) dimensions",
      file: file, line: line)
    var known = Set(names)
    for name in newNames where !known.insert(name).inserted { throw GalleryError.itemTwice(name) }
    let rows = try unitRows(new, "embedding")
    var label = Dictionary(uniqueKeysWithValues: zip(classNames, 0...))
    for name in classes {
      if label[name] == nil {
        label[name] = classNames.count
        classNames.append(name)
      }
      labels.append(label[name]!)
    }
    embeddings = .concatenated([embeddings, rows], along: 0)
    names += newNames
  }

  /// Removes a class with its items and says how many these were; throws `GalleryError` where there is no such class.
  @discardableResult
  public mutating func remove(className: String) throws(GalleryError) -> Int {
    guard let label = classNames.firstIndex(of: className) else { throw .noClass(className, known: classNames) }
    let kept = labels.indices.filter { labels[$0] != label }
    let removed = count - kept.count
    embeddings = embeddings.take(Tensor<Int>(kept))
    names = kept.map { names[$0] }
    labels = kept.map { labels[$0] - (labels[$0] > label ? 1 : 0) }
    classNames.remove(at: label)
    return removed
  }

  /// The search of queries `[queries, dimensions]` in the gallery, whose items keep their order.
  ///
  /// Throws `RetrievalError` where an embedding is not finite. Traps where the shapes do not fit.
  public func search(
    _ queries: Tensor<Float>, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) -> Search {
    try Search(queries: queries, gallery: embeddings, file: file, line: line)
  }

  /// The class that a query was recognised as.
  public struct Match: Sendable, Equatable {
    /// The class's number in `classNames`.
    public let label: Int
    /// The cosine of the query and the nearest item of the class.
    public let similarity: Float
  }

  /// The class of each query by its nearest items: the one with the greatest sum of positive cosines among the `neighbors` nearest, of
  /// equal ones that of the nearer item.
  ///
  /// Nil, "none of these", where the nearest item of that class is less similar than `threshold`, or there is none. Throws and traps as
  /// `search(_:)`, and traps for less than one neighbour.
  public func classify(
    _ queries: Tensor<Float>, neighbors: Int = 1, threshold: Float = -1, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(RetrievalError) -> [Match?] {
    require(neighbors >= 1, "classify: \(neighbors) neighbours", file: file, line: line)
    return try search(queries, file: file, line: line).nearest(neighbors).map { found in
      var (sums, nearest): ([Int: Float], [Int: Float]) = ([:], [:])
      var order: [Int] = []
      for (item, similarity) in zip(found.items, found.similarities) {
        let label = labels[item]
        if nearest.updateValue(nearest[label] ?? similarity, forKey: label) == nil { order.append(label) }
        sums[label, default: 0] += max(similarity, 0)
      }
      let greatest = order.map { sums[$0]! }.max()
      guard let label = order.first(where: { sums[$0]! == greatest }), nearest[label]! >= threshold else { return nil }
      return Match(label: label, similarity: nearest[label]!)
    }
  }

  /// Two are equal whose items are.
  public static func == (a: Gallery, b: Gallery) -> Bool {
    a.model == b.model && a.classNames == b.classNames && a.labels == b.labels && a.names == b.names
      && a.embeddings.shape == b.embeddings.shape && (a.embeddings .== b.embeddings).allTrue
  }
}

/// Why a gallery cannot be used or changed.
public enum GalleryError: Error, Equatable, CustomStringConvertible {
  /// The file is no gallery, or what is in it makes no sense.
  case malformed(file: String, problem: String)
  /// The gallery's embeddings are of another model.
  case otherModel(file: String, model: String, wanted: String)
  /// There is an item of this name already.
  case itemTwice(String)
  /// There is no class of this name.
  case noClass(String, known: [String])

  /// One line: what is wrong and, where it helps, what to do.
  public var description: String {
    switch self {
    case .malformed(let file, let problem): "\(file): no usable gallery: \(problem)"
    case .otherModel(let file, let model, let wanted):
      "\(file): the gallery is of the model \(model), and this one is \(wanted): take that model, or index the pictures again"
    case .itemTwice(let name): "the gallery has an item '\(shortened(name))' already: remove its class first"
    case .noClass(let name, let known):
      "the gallery has no class '\(shortened(name))', only "
        + (known.isEmpty ? "none at all" : shortened(known.joined(separator: ", "), to: 200))
    }
  }
}
