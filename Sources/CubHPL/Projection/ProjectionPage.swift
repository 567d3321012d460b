import Foundation

/// The panels of a projection as one HTML file that needs nothing else: no network, no script.
enum ProjectionPage {
  /// - Parameter facts: sentences for the end: the command, the models, what the groups are.
  static func html(_ projections: Projections, facts: [String] = []) -> Data {
    var pictures = ReportPictures()
    let section = ProjectionSection(projections: projections).html(&pictures)
    let notes = facts.map { "<p class=\"caption\">\(escaped($0))</p>" }.joined(separator: "\n")
    let body = """
      <p class="eyebrow">\(Program.name) \(Program.version)</p>
      <h1>\(escaped(projections.title))</h1>
      <p class="facts">\(counted(projections.names.count, "picture", "pictures")) on the plane by t-SNE: pictures that lie \
      close together are close for the model.</p>
      \(section)
      \(notes)
      """
    let text = htmlPage(title: projections.title, styles: [ProjectionSection.style, pictures.styles], body: body)
    return Data(text.utf8)
  }
}
