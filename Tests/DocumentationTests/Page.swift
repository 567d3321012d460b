import Foundation

/// The package's folder.
let packageFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A Markdown file, as far as the tests look into it.
struct Page: Sendable, CustomStringConvertible {
  /// Relative to the package's folder.
  let path: String
  let blocks: [CodeBlock]
  /// The lines outside code blocks, with inline code removed and code blocks left empty.
  let prose: [String]

  var description: String { path }
  var folder: URL { packageFolder.appendingPathComponent(path).deletingLastPathComponent() }

  /// The pages at the top, in `Documentation`, of the examples, beside the golden fixtures, and in the catalogues of the API
  /// reference, but for the links there to pages of `Documentation`.
  static let all: [Page] = {
    let documentation = names(in: "Documentation").map { "Documentation/\($0)" }
    let catalogues = names(in: "Sources").map { "Sources/\($0)/\($0).docc" }
    let articles = catalogues.flatMap { catalogue in names(in: catalogue).map { "\(catalogue)/\($0)" } }
    let paths =
      names(in: "") + documentation + ["Examples/README.md", "Tests/Goldens/README.md"]
      + articles.filter { !isLink($0) }
    return paths.filter { $0.hasSuffix(".md") }.map { Page(path: $0) }
  }()

  init(path: String) {
    self.path = path
    var blocks: [CodeBlock] = []
    var prose: [String] = []
    var open: CodeBlock?
    for (index, line) in readLines(path).enumerated() {
      if line.trimmingCharacters(in: .whitespaces).hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          let language = line.drop { $0 == " " }.dropFirst(3).trimmingCharacters(in: .whitespaces)
          let label = prose.last?.firstMatch(of: /^\s*<!-- snippet: ([\w-]+) -->\s*$/)
          open = CodeBlock(
            page: path, line: index + 1, language: language, snippet: label.map { String($0.1) }, lines: [])
        }
        prose.append("")
      } else if open != nil {
        open!.lines.append(line)
        prose.append("")
      } else {
        prose.append(line.replacing(/`[^`]*`/, with: ""))
      }
    }
    (self.blocks, self.prose) = (blocks, prose)
  }

  /// The anchors of the headings, as GitHub makes them.
  var anchors: Set<String> {
    let headings = readLines(path).filter { $0.hasPrefix("#") }
    return Set(
      headings.map { heading in
        let text = heading.drop { $0 == "#" }.dropFirst().lowercased().filter {
          $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_"
        }
        return text.replacing(" ", with: "-")
      })
  }

  private static func isLink(_ path: String) -> Bool {
    let url = packageFolder.appendingPathComponent(path)
    return (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) != nil
  }

  private static func names(in folder: String) -> [String] {
    let url = packageFolder.appendingPathComponent(folder)
    return ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
  }
}

/// What stands between two fences.
struct CodeBlock: Sendable, CustomStringConvertible {
  let page: String
  /// The opening fence's line, from 1.
  let line: Int
  let language: String
  /// The name in the comment above the fence.
  let snippet: String?
  fileprivate(set) var lines: [String]

  var description: String { "\(page):\(line)" + (snippet.map { " (\($0))" } ?? "") }
  var text: String { withoutIndentation(lines) }
}

/// The lines of a file in the package; none where it cannot be read.
func readLines(_ path: String) -> [String] {
  let url = packageFolder.appendingPathComponent(path)
  return ((try? String(contentsOf: url, encoding: .utf8)) ?? "").components(separatedBy: "\n")
}

/// The lines joined, without the spaces that all of them begin with.
func withoutIndentation(_ lines: [String]) -> String {
  let margin = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
  return lines.map { String($0.dropFirst(margin)) }.joined(separator: "\n")
}
