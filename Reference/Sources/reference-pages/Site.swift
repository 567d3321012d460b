import Foundation

/// The pages of an archive of DocC, by where they lie.
struct Site {
  let name: String
  let pages: [String: RenderNode]
  /// The articles, and what else ends so, by their last name.
  private let lastNames: [String: String]

  /// Reads all pages of an archive.
  init(archive: URL) throws {
    let data = archive.appendingPathComponent("data")
    let decoder = JSONDecoder()
    let files = FileManager.default.enumerator(at: data, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
    var pages: [String: RenderNode] = [:]
    for file in files where file.pathExtension == "json" {
      let parts = file.deletingPathExtension().pathComponents.dropFirst(data.pathComponents.count + 1)
      let path = parts.isEmpty ? "index" : parts.joined(separator: "/")
      pages[path] = try decoder.decode(RenderNode.self, from: Data(contentsOf: file))
    }
    guard let landing = pages["index"] else { throw SiteError.empty(data.path) }
    name = landing.metadata.title
    self.pages = pages
    let articlesLast = pages.keys.sorted().sorted { a, b in
      pages[a]!.metadata.role != "article" && pages[b]!.metadata.role == "article"
    }
    lastNames = Dictionary(articlesLast.map { ($0.split(separator: "/").last.map(String.init) ?? "", $0) }) { $1 }
  }

  /// The page that a link leads to: by its address in the archive, or, from a page of the repository to another, by the name
  /// of the file.
  func path(of url: String) -> String? {
    if url == "/documentation" { return "index" }
    if url.hasPrefix("/documentation/") {
      let path = String(url.dropFirst("/documentation/".count))
      return pages[path] == nil ? nil : path
    }
    guard url.hasSuffix(".md"), let name = url.dropLast(3).split(separator: "/").last else { return nil }
    return lastNames[name.lowercased()]
  }

  /// Writes a file for each page, and the style sheet.
  func write(to folder: URL) throws {
    for (path, node) in pages {
      let file = folder.appendingPathComponent(path + ".html")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      let html = try PageWriter(node: node, path: path, site: self).html()
      try Data(html.utf8).write(to: file)
    }
    try Data(styleSheet.utf8).write(to: folder.appendingPathComponent("style.css"))
  }
}

/// Why there are no pages.
enum SiteError: Error, CustomStringConvertible {
  case empty(String)
  /// The archive holds something that no page here can show.
  case unknown(_ kind: String, _ name: String, page: String)

  var description: String {
    switch self {
    case .empty(let folder): "\(folder): no documentation.json; is it an archive of `docc merge`?"
    case .unknown(let kind, let name, let page): "\(page): no way to show the \(kind) '\(name)'"
    }
  }
}
