import Foundation

/// Pictures as points of the plane, by one model or by several side by side.
struct Projections: Sendable {
  /// What the pictures are of, such as `Embedded birds, test pictures`.
  var title: String
  var panels: [Panel]
  /// Ways to colour the points; the first one is shown first.
  var colorings: [Coloring]
  /// What each picture is called.
  var names: [String]
  /// Small pictures by their numbers: those that the page can show.
  var thumbnails: [Int: ReportContent.Thumbnail] = [:]

  /// The projection of one model's embeddings.
  struct Panel: Codable, Sendable {
    /// The method.
    var title: String
    /// How good the projection is.
    var note: String
    /// The place of each picture.
    var points: [SIMD2<Double>]
  }

  /// Groups of pictures, each with a colour and a shape.
  struct Coloring: Sendable {
    /// What the groups are: `class`, `coarse cluster`.
    var title: String
    /// The group of each picture.
    var groups: [Int]
    var names: [String]
  }

  /// A line for each picture: its name, its groups, and its place in each panel.
  var csv: String {
    let places = panels.flatMap { ["\($0.title) x", "\($0.title) y"] }
    var lines = [(["picture"] + colorings.map(\.title) + places).map(csvCell).joined(separator: ",")]
    for (index, name) in names.enumerated() {
      let groups = colorings.map { $0.names[$0.groups[index]] }
      let numbers = panels.flatMap { [fixed($0.points[index].x, 4), fixed($0.points[index].y, 4)] }
      lines.append((([name] + groups).map(csvCell) + numbers).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The square part of the plane that a panel shows: around all its points, with a margin.
struct ProjectionFrame {
  private let center: SIMD2<Double>
  private let extent: Double

  init(_ points: [SIMD2<Double>]) {
    let least = points.reduce(points.first ?? .zero) { pointwiseMin($0, $1) }
    let greatest = points.reduce(points.first ?? .zero) { pointwiseMax($0, $1) }
    center = (least + greatest) / 2
    extent = max((greatest - least).max() * 1.06, .leastNormalMagnitude)
  }

  /// Where a point lies in the frame: 0 to 1 from left to right and from top to bottom.
  func place(_ point: SIMD2<Double>) -> SIMD2<Double> {
    let place = (point - center) / extent + 0.5
    return SIMD2(place.x, 1 - place.y)
  }
}
