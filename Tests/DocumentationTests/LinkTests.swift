import Foundation
import Testing
import _TestSupport

/// Links and pictures in the documentation lead somewhere.
@Suite struct LinkTests {
  @Test(arguments: Page.all)
  func relativeLinksExist(_ page: Page) throws {
    for (index, line) in page.prose.enumerated() {
      let inline = line.matches(of: /\]\(([^)\s]+)[^)]*\)/).map { String($0.1) }
      let tags = line.matches(of: /(?:src|srcset|href)="([^"]+)"/).map { String($0.1) }
      for target in inline + tags where !target.contains("://") && !target.hasPrefix("mailto:") {
        let problem = problem(with: target, on: page)
        expectEqual(problem, nil, "\(page.path):\(index + 1): \(target): \(problem ?? "")")
      }
    }
  }

  private func problem(with target: String, on page: Page) -> String? {
    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let url = parts[0].isEmpty ? nil : page.folder.appendingPathComponent(parts[0]).standardizedFileURL
    if let url, !FileManager.default.fileExists(atPath: url.path) { return "no such file" }
    guard parts.count == 2 else { return nil }
    let path = url.map { String($0.path.dropFirst(packageFolder.standardizedFileURL.path.count + 1)) } ?? page.path
    return Page(path: path).anchors.contains(parts[1]) ? nil : "no such heading"
  }
}
