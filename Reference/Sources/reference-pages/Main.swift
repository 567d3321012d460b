import Foundation

/// Turns an archive of DocC into pages that a browser opens from the disk, without a server and without scripts.
@main struct Main {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      print("usage: reference-pages ARCHIVE FOLDER")
      exit(2)
    }
    do {
      let site = try Site(archive: URL(fileURLWithPath: arguments[1]))
      try site.write(to: URL(fileURLWithPath: arguments[2]))
      print("\(site.pages.count) pages, from \(arguments[2])/index.html on")
    } catch {
      FileHandle.standardError.write(Data("reference-pages: \(error)\n".utf8))
      exit(1)
    }
  }
}
