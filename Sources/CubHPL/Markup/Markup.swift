import Foundation

/// A piece of HTML or SVG as a value; text and attributes are made safe in one place, where it is written.
enum Markup: Sendable {
  case text(String)
  case element(String, [Attribute], [Markup])
  /// Pieces one behind the other.
  case pieces([Markup])
  /// The content of `style` and `script`, which no text from outside is part of but by `json`.
  case rules(String)

  /// An attribute; without a value it is left out.
  struct Attribute: Sendable {
    let name: String
    let value: String?
  }

  /// An element with its content.
  static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: Markup...
  ) -> Markup { tag(name, attributes, content) }

  static func tag(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: [Markup]) -> Markup {
    .element(name, attributes.map { Attribute(name: $0.key, value: $0.value) }, content)
  }

  /// A script of our own.
  static func script(_ code: String) -> Markup { .element("script", [], [.rules(code)]) }

  /// Data for scripts, which find it by its id; text in it cannot end the element.
  static func json(_ id: String, _ value: some Encodable) throws -> Markup {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    let safe = text.replacing("<", with: "\\u003c").replacing(">", with: "\\u003e").replacing("&", with: "\\u0026")
    return .element(
      "script", [Attribute(name: "type", value: "application/json"), Attribute(name: "id", value: id)], [.rules(safe)])
  }

  static let nothing = Markup.pieces([])

  var isNothing: Bool {
    if case .pieces(let pieces) = self { pieces.allSatisfy(\.isNothing) } else { false }
  }

  /// The first element with some attributes before its own.
  func adding(_ attributes: KeyValuePairs<String, String?>) -> Markup {
    guard case .element(let name, let own, let content) = self else { return self }
    return .element(name, attributes.map { Attribute(name: $0.key, value: $0.value) } + own, content)
  }

  /// The same with other content before that of the element.
  func beginning(with first: Markup) -> Markup {
    guard case .element(let name, let attributes, let content) = self else { return self }
    return .element(name, attributes, [first] + content)
  }
}

extension Markup: ExpressibleByStringInterpolation {
  init(stringLiteral text: String) { self = .text(text) }
}

extension Markup: CustomStringConvertible {
  /// The text of a file, with a line for each element that stands for itself.
  var description: String {
    var text = ""
    write(to: &text)
    return text
  }

  /// Elements of HTML that have no content and no end.
  private static let empty: Set = ["br", "img", "input", "meta"]
  /// Elements that are written on lines of their own.
  private static let blocks: Set = [
    "html", "head", "body", "main", "header", "section", "meta", "style", "script", "details", "div", "figure",
    "figcaption", "table", "thead", "tbody", "tr", "p", "h1", "h2", "h3", "dl", "dt", "ol", "ul", "nav", "svg", "g",
    "line", "circle", "path", "rect", "text",
  ]

  private func write(to text: inout String) {
    switch self {
    case .text(let own): text += escaped(own)
    case .rules(let rules): text += "\n\(rules)\n"
    case .pieces(let pieces): for piece in pieces { piece.write(to: &text) }
    case .element(let name, let attributes, let content):
      let isBlock = Self.blocks.contains(name)
      if isBlock, !text.isEmpty, text.utf8.last != UInt8(ascii: "\n") { text += "\n" }
      text += "<\(name)"
      for case let (name, value?) in attributes.map({ ($0.name, $0.value) }) {
        text += " \(name)=\"\(escaped(value))\""
      }
      if content.isEmpty, Self.drawn.contains(name) {
        text += "/>"
      } else {
        text += ">"
        for piece in content { piece.write(to: &text) }
        if !Self.empty.contains(name) { text += "</\(name)>" }
      }
      if isBlock { text += "\n" }
    }
  }

  /// Elements of SVG that end at once where they have no content.
  private static let drawn: Set = ["line", "circle", "path", "rect"]
}

/// A text made safe for the content and the quoted attributes of HTML and SVG.
///
/// Control characters other than tab and newline, which no HTML file may contain, become the replacement character.
private func escaped(_ text: String) -> String {
  var output = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": output += "&amp;"
    case "<": output += "&lt;"
    case ">": output += "&gt;"
    case "\"": output += "&quot;"
    case "'": output += "&#39;"
    case "\t", "\n": output.unicodeScalars.append(scalar)
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": output += "\u{FFFD}"
    default: output.unicodeScalars.append(scalar)
    }
  }
  return output
}
