import Foundation

/// Turns the paths in a list into files: each is named once and lies inside the folder.
struct PictureList {
  /// The path of the list.
  let file: String
  /// What the paths are relative to.
  let folder: URL
  private var lineOfPath: [String: Int] = [:]

  init(file: String, folder: URL) {
    self.file = file
    self.folder = folder
  }

  /// The file that a line names.
  ///
  /// - Parameter line: the number of the line, or of the entry in a list without lines.
  mutating func url(of path: String, line: Int) throws(DatasetError) -> URL {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(".."), parts.first != "", !path.utf8.contains(0) else {
      throw .unsafePath(file: file, line: line, path: path)
    }
    if let first = lineOfPath.updateValue(line, forKey: path) {
      throw .duplicate(file: file, line: line, what: path, firstLine: first)
    }
    return folder.appendingPathComponent(path)
  }

  /// Throws where there is no such file.
  func requireFile(_ url: URL, line: Int) throws(DatasetError) {
    guard exists(url) else { throw .missingImage(file: file, line: line, path: url.path) }
  }
}

/// Whether there is a file or folder.
func exists(_ url: URL) -> Bool { access(url.path, F_OK) == 0 }

/// Whether there is a folder.
func isFolder(_ url: URL) -> Bool {
  var status = stat()
  return stat(url.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
