import Foundation

/// The panels of a projection as one HTML file that needs nothing else: no network, no script.
enum ProjectionPage {
  /// - Parameter facts: sentences for the end: the command, the models, what the groups are.
  static func html(_ projections: Projections, facts: [String] = []) -> Data {
    var pictures = ReportPictures()
    let section = ProjectionSection(projections: projections).markup(&pictures)
    let intro: Markup = """
      \(counted(projections.names.count, "picture", "pictures")) on the plane by t-SNE: pictures that lie close together are close for \
      the model.
      """
    let head: [Markup] = [
      .tag("p", ["class": "eyebrow"], "\(Program.name) \(Program.version)"),
      .tag("h1", [:], .text(projections.title)), .tag("p", ["class": "facts"], intro),
    ]
    return Page(
      title: projections.title, styles: [ProjectionSection.style, pictures.styles],
      body: head + [section] + facts.map { .caption(.text($0)) }
    ).html
  }
}
