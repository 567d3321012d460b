import Foundation

/// Writes one page as HTML that needs nothing but the style sheet.
struct PageWriter {
  let node: RenderNode
  /// Where the page lies, without an ending, such as `nn/linear`.
  let path: String
  let site: Site

  /// The whole file.
  func html() throws -> String {
    let title = escaped(node.metadata.title)
    let body = try header() + sections() + lists() + (path == "index" ? articles() : "")
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title>
      <link rel="stylesheet" href="\(root)style.css">
      </head>
      <body>
      \(body)
      </body>
      </html>

      """
  }

  /// The way from the page's folder to the site's.
  private var root: String { path.contains("/") ? String(repeating: "../", count: path.count { $0 == "/" }) : "./" }

  private func header() throws -> String {
    let ancestors = try (node.hierarchy?.paths.first ?? []).map { try inline(reference: $0) }
    let trail = ["<a href=\"\(root)index.html\">\(escaped(site.name))</a>"] + ancestors
    let kind = node.metadata.roleHeading.map { "<p class=\"kind\">\(escaped($0))</p>\n" } ?? ""
    let abstract = try node.abstract.map { "<p class=\"abstract\">\(try inline($0))</p>\n" } ?? ""
    return
      "<nav>\(trail.joined(separator: " › "))</nav>\n\(kind)<h1>\(breakable(node.metadata.title))</h1>\n\(abstract)"
  }

  private func sections() throws -> String {
    try (node.primaryContentSections ?? []).map { section in
      switch section.kind {
      case "declarations":
        return (section.declarations ?? []).map { "<pre class=\"declaration\">\(inline($0.tokens))</pre>\n" }
          .joined()
      case "content": return try blocks(section.content ?? [])
      case "parameters":
        let entries = try (section.parameters ?? []).map {
          "<dt><code>\(escaped($0.name))</code></dt>\n<dd>\(try blocks($0.content))</dd>\n"
        }
        return "<h2>Parameters</h2>\n<dl>\n\(entries.joined())</dl>\n"
      case "mentions":
        let links = try (section.mentions ?? []).map { try inline(reference: $0) }
        return "<p class=\"mentions\">Mentioned in \(links.joined(separator: ", "))</p>\n"
      default: throw SiteError.unknown("section", section.kind, page: path)
      }
    }.joined()
  }

  private func lists() throws -> String {
    let topics = (node.topicSections ?? []) + (node.defaultImplementationsSections ?? [])
    let shown = try topics.map { group in
      let entries = try group.identifiers.map { "<li>\(try entry($0))</li>\n" }
      return (group.title.map { "<h3>\(escaped($0))</h3>\n" } ?? "")
        + "<ul class=\"topics\">\n\(entries.joined())</ul>\n"
    }
    let relations = try (node.relationshipsSections ?? []).map { group in
      let links = try group.identifiers.map { try inline(reference: $0) }
      return "<h3>\(escaped(group.title ?? ""))</h3>\n<p>\(links.joined(separator: ", "))</p>\n"
    }
    return (shown.isEmpty ? "" : "<h2>Topics</h2>\n") + (shown + relations).joined()
  }

  /// What the first page shows beside the libraries.
  private func articles() -> String {
    let articles = site.pages.filter { $0.value.metadata.role == "article" }.sorted { $0.key < $1.key }
    let entries = articles.map { path, node in
      "<li>\(link(to: "/documentation/" + path, escaped(node.metadata.title)))</li>\n"
    }
    return "<h2>Articles</h2>\n<ul class=\"topics\">\n\(entries.joined())</ul>\n"
  }

  /// A line of a list: the page's name or its declaration, and what it is.
  private func entry(_ identifier: String) throws -> String {
    guard let reference = node.references[identifier], let url = reference.url else {
      throw SiteError.unknown("reference", identifier, page: path)
    }
    let name = reference.fragments.map { "<code>\(escaped($0.map(\.text).joined()))</code>" }
    let link = "<a href=\"\(href(url) ?? "")\">\(name ?? escaped(reference.title ?? ""))</a>"
    let abstract = try inline(reference.abstract ?? [])
    return abstract.isEmpty ? link : "\(link)<br>\(abstract)"
  }
}

extension PageWriter {
  private func blocks(_ contents: [Content]) throws -> String { try contents.map(block).joined(separator: "\n") + "\n" }

  private func block(_ content: Content) throws -> String {
    switch content.type {
    case "paragraph": return "<p>\(try inline(content.inlineContent ?? []))</p>"
    case "heading":
      let level = content.level ?? 2
      let anchor = (content.anchor ?? "").lowercased()
      return "<h\(level) id=\"\(escaped(anchor))\">\(escaped(content.text ?? ""))</h\(level)>"
    case "codeListing": return "<pre>\(escaped(content.code?.text ?? ""))</pre>"
    case "unorderedList", "orderedList":
      let tag = content.type == "orderedList" ? "ol" : "ul"
      let items = try (content.items ?? []).map { "<li>\(try blocks($0.content))</li>\n" }
      return "<\(tag)>\n\(items.joined())</\(tag)>"
    case "aside":
      return "<blockquote><b>\(escaped(content.name ?? ""))</b>\n\(try blocks(content.content ?? []))</blockquote>"
    case "table":
      let rows = try (content.rows ?? []).enumerated().map { index, row in
        let tag = index == 0 ? "th" : "td"
        return "<tr>\(try row.map { "<\(tag)>\(try blocks($0))</\(tag)>" }.joined())</tr>\n"
      }
      return "<table>\n\(rows.joined())</table>"
    default: throw SiteError.unknown("block", content.type, page: path)
    }
  }

  private func inline(_ contents: [Content]) throws -> String {
    try contents.map { content in
      switch content.type {
      case "text": return escaped(content.text ?? "")
      case "codeVoice": return "<code>\(escaped(content.code?.text ?? ""))</code>"
      case "emphasis": return "<em>\(try inline(content.inlineContent ?? []))</em>"
      case "strong": return "<strong>\(try inline(content.inlineContent ?? []))</strong>"
      case "reference": return try inline(reference: content.identifier ?? "")
      default: throw SiteError.unknown("text", content.type, page: path)
      }
    }.joined()
  }

  private func inline(_ tokens: [Token]) -> String {
    tokens.map { token in
      let url = token.identifier.flatMap { node.references[$0]?.url }
      return link(to: url, "<span class=\"\(escaped(token.kind))\">\(escaped(token.text))</span>")
    }.joined()
  }

  private func inline(reference identifier: String) throws -> String {
    guard let reference = node.references[identifier] else {
      // Of links in a page's first paragraph DocC keeps nothing but where they lead.
      let name = String(identifier.split(separator: "/").last ?? "")
      if name.hasPrefix("#") { return escaped(String(name.dropFirst()).replacing("-", with: " ")) }
      return link(to: identifier, escaped(name))
    }
    let title = escaped(reference.title ?? identifier)
    return link(to: reference.url, reference.role == "symbol" ? "<code>\(title)</code>" : title)
  }

  private func link(to url: String?, _ text: String) -> String {
    url.flatMap(href).map { "<a href=\"\($0)\">\(text)</a>" } ?? text
  }

  /// Where a link leads from this page; nil where that is only in the repository.
  private func href(_ url: String) -> String? {
    if url.contains("://") { return escaped(url) }
    let parts = url.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let fragment = parts.count == 2 ? "#" + parts[1].lowercased() : ""
    if parts[0].isEmpty { return escaped(fragment) }
    guard let target = site.path(of: parts[0]) else { return nil }
    let encoded = target.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? target
    return escaped(root + encoded + ".html" + fragment)
  }

  /// A name that may be broken between its parts.
  private func breakable(_ name: String) -> String { escaped(name).replacing(":", with: ":<wbr>") }
}

/// Text as HTML shows it.
func escaped(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    .replacing("\"", with: "&quot;")
}
