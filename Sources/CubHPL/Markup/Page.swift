import Foundation

/// A whole page around a body: for light and dark, any width, with the program's style and nothing from elsewhere.
struct Page {
  let title: String
  /// Rules beside the program's own.
  var styles: [String] = []
  let body: [Markup]

  /// The file's bytes.
  var html: Data {
    let head: [Markup] = [
      .tag("meta", ["charset": "utf-8"]),
      .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .tag("meta", ["name": "color-scheme", "content": "light dark"]),
      .tag("title", [:], "\(title) – \(Program.name)"),
      .tag("style", [:], .rules(([Page.style] + styles).joined(separator: "\n"))),
    ]
    let page = Markup.tag(
      "html", ["lang": "en"], .tag("head", [:], head), .tag("body", [:], .tag("main", [:], body)))
    return Data("<!DOCTYPE html>\n\(page)".utf8)
  }
}

/// The singular or the plural with its number: `1 class`, `5,864 classes`.
func counted(_ number: Int, _ singular: String, _ plural: String) -> String {
  "\(grouped(number)) \(number == 1 ? singular : plural)"
}
