import Foundation
import Tensor
import Vision

/// The result of `search` as one HTML file that needs nothing else.
enum SearchPage {
  private static let side = 160
  private static let style = """
    .found { list-style: none; padding: 0; display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); }
    .found li { display: flex; flex-direction: column; gap: 4px; font-variant-numeric: tabular-nums; }
    .found code { font-size: 0.8rem; color: var(--quiet); }
    .name { overflow-wrap: anywhere; }
    img { width: 100%; max-width: 160px; height: auto; border-radius: 6px; }
    """

  static func html(query: Image, name: String, hits: [SearchCommand.Hit], model: TrainedModel) throws -> Data {
    let items = try hits.enumerated().compactMap { index, hit -> Markup? in
      guard let source = hit.source else { return nil }
      let similarity = fixed(Double(hit.similarity), 4)
      let label = "Number \(index + 1), similarity \(similarity): \(hit.name)"
      return .tag(
        "li", [:], try element(source.image(), label: label), .tag("span", [:], .text(similarity)), .code(hit.name))
    }
    let header = Markup.tag(
      "header", [:],
      .tag("p", ["class": "eyebrow"], "\(model.state.title), seed \(model.state.seed)"),
      .tag("h1", ["class": "name"], "Nearest to \(URL(fileURLWithPath: name).lastPathComponent)"),
      try element(query, label: "Query: \(name)"))
    let part = ReportPart(
      id: "found", name: "Found", heading: "\(counted(hits.count, "picture", "pictures")), the nearest first",
      body: [
        .caption("The number is the cosine similarity of the embeddings: 1 is the same, 0 has nothing in common."),
        .tag("ol", ["class": "found"], items),
      ])
    return Page(title: "Nearest to \(name)", styles: [style], body: [header, part.markup]).html
  }

  private static func element(_ image: Image, label: String) throws -> Markup {
    var unused = RandomGenerator(seed: 0)
    let small = ResizedCenterCrop(size: side, shorterSide: side)(image, using: &unused)
    let data = Data(try JPEG.encode(Image(unitPixels: small), quality: 85)).base64EncodedString()
    return .tag(
      "img",
      [
        "src": "data:image/jpeg;base64,\(data)", "width": "\(side)", "height": "\(side)", "alt": label, "title": label,
      ])
  }
}
