import Foundation
import HPL
import Tensor

extension Projections {
  /// Projects the embeddings of the same pictures by one or more models, all with the same settings.
  ///
  /// Embeddings have shape `[pictures, dimensions]`; only their directions count, as in retrieval. The perplexity is 30, or
  /// what few pictures allow. Throws `TSNEError` for fewer than four pictures or an embedding that is not finite.
  init(
    title: String, models: [(title: String, embeddings: Tensor<Float>)], colorings: [Coloring], names: [String],
    thumbnails: [Int: ReportContent.Thumbnail] = [:], seed: UInt64 = 1, progress: (Double) -> Void = { _ in }
  ) throws {
    let tsne = TSNE(perplexity: max(1, min(30, Double((names.count - 1) / 3))))
    var panels: [Panel] = []
    for model in models {
      var generator = RandomGenerator(seed: seed)
      let embeddings = model.embeddings.normalized(along: 1)
      let done = Double(panels.count)
      let projection = try tsne(embeddings, using: &generator) { progress((done + $0) / Double(models.count)) }
      let coordinates = projection.points.cast(to: Double.self).scalars
      let points = names.indices.map { SIMD2(coordinates[2 * $0], coordinates[2 * $0 + 1]) }
      let neighbors = min(5, (names.count - 1) / 2)
      let trust = trustworthiness(of: projection.points, for: embeddings, neighbors: neighbors)
      let note = "KL divergence \(fixed(projection.divergence, 3)), trustworthiness \(fixed(trust, 3))"
      panels.append(Panel(title: model.title, note: note, points: points))
    }
    self.init(title: title, panels: panels, colorings: colorings, names: names, thumbnails: thumbnails)
  }

  /// Writes `tsne.svg`, `tsne.html` and `tsne.csv`, all or none of them.
  func write(to folder: OutputFolder, facts: [String] = []) throws {
    let (picture, page, table) = (
      Data(ProjectionPicture(self).svg.utf8), ProjectionPage.html(self, facts: facts), Data(csv.utf8)
    )
    try folder.write([
      ("tsne.svg", { try OutputFolder.write(picture, to: $0) }),
      ("tsne.html", { try OutputFolder.write(page, to: $0) }),
      ("tsne.csv", { try OutputFolder.write(table, to: $0) }),
    ])
  }

  /// Of so many pictures those that a page shows, at most 600, spread evenly.
  static func shown(of count: Int) -> [Int] {
    let most = min(600, count)
    return (0..<most).map { $0 * count / most }
  }
}
