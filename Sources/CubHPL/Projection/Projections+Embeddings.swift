import Foundation
import Projection
import Tensor
import Vision

extension Projections {
  /// Projects the embeddings of the same pictures by one or more models, all with the same settings.
  init(
    title: String, models: [(title: String, embeddings: Tensor<Float>)], colorings: [Coloring], names: [String],
    thumbnails: [Int: ReportContent.Thumbnail] = [:], seed: UInt64, meter: Meter = .silent
  ) throws {
    let panels = try models.map { model in
      try Panel(title: model.title, embeddings: model.embeddings, seed: seed) {
        meter.tell($0, "projecting: \(model.title)")
      }
    }
    self.init(title: title, panels: panels, colorings: colorings, names: names, thumbnails: thumbnails)
  }

  /// Writes `tsne.svg`, `tsne.csv` and `tsne.html`; where the page stands, all are of one writing.
  func write(to folder: OutputFolder, facts: [String] = []) throws {
    let (picture, page, table) = (
      Data(ProjectionPicture(self).svg.utf8), ProjectionPage.html(self, facts: facts), Data(csv.utf8)
    )
    try folder.write([
      ("tsne.svg", { try $0.write(picture) }), ("tsne.csv", { try $0.write(table) }),
      ("tsne.html", { try $0.write(page) }),
    ])
  }

  /// Colours by coarse clusters, where there are some, by the data's own groups, where it has some, and by class.
  ///
  /// - Parameters:
  ///   - pictures: where the points come from.
  ///   - indices: which of its pictures they are.
  static func colorings(of pictures: ImageDataset, _ indices: [Int], clusters: (groups: [Int], names: [String])?)
    -> [Coloring]
  {
    let labels = indices.map { pictures.labels[$0] }
    let coarse = clusters.map { Coloring(title: "coarse cluster", groups: $0.groups, names: $0.names) }
    let given = pictures.taxonomy?.levels.first.map { level in
      Coloring(title: "group", groups: labels.map { level.parents[$0] }, names: level.groups)
    }
    return [coarse, given, Coloring(title: "class", groups: labels, names: pictures.classNames)].compactMap { $0 }
  }
}

extension Projections.Panel {
  /// Projects embeddings of shape `[pictures, dimensions]`; only their directions count, as in retrieval.
  ///
  /// The perplexity is 30, or what few pictures allow. Throws `TSNEError` for fewer than four pictures or an embedding that
  /// is not finite.
  init(
    title: String, embeddings: Tensor<Float>, seed: UInt64, progress: (Double) -> Void = { _ in }
  ) throws {
    let count = embeddings.shape[0]
    let tsne = TSNE(perplexity: max(1, min(30, Double((count - 1) / 3))))
    var generator = RandomGenerator(seed: seed)
    let embeddings = embeddings.normalized(along: 1)
    let projection = try tsne(embeddings, using: &generator, progress: progress)
    let coordinates = projection.points.scalars.map { (Double($0) * 10_000).rounded() / 10_000 }
    points = (0..<count).map { SIMD2(coordinates[2 * $0], coordinates[2 * $0 + 1]) }
    let trust = trustworthiness(of: projection.points, for: embeddings, neighbors: min(5, (count - 1) / 2))
    note = "KL divergence \(fixed(projection.divergence, 3)), trustworthiness \(fixed(trust, 3))"
    self.title = title
  }
}

/// Of so many things at most `most`, spread evenly.
func spread(_ count: Int, atMost most: Int) -> [Int] {
  let most = min(most, count)
  return (0..<most).map { $0 * count / most }
}
