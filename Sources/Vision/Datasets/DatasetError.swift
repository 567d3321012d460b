/// What can be wrong with a data set, naming the file and the line where there is one.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder lacks what makes a CUB-200-2011 folder, or does not exist (`missing` is empty).
  ///
  /// `hint` may name a folder that has it all.
  case notCUB(folder: String, missing: [String], hint: String?)
  /// A list cannot be opened or read.
  case unreadable(file: String, reason: String)
  /// A list has no lines.
  case empty(file: String)
  /// A line is not UTF-8 text.
  case notText(file: String, line: Int)
  /// A line does not have the form it must have.
  case malformed(file: String, line: Int, content: String, expected: String)
  /// A line repeats what an earlier line has said.
  case duplicate(file: String, line: Int, what: String, firstLine: Int)
  /// A line is about an image that `images.txt` does not list.
  case unknownImage(file: String, line: Int, id: Int)
  /// `images.txt` lists an image that the file with labels leaves out.
  case missingLabel(file: String, id: Int, listedIn: String, line: Int)
  /// A label is not among the classes.
  case unknownClass(file: String, line: Int, id: Int, classes: String)
  /// An image lies in the folder of one class and is labelled as another.
  case contradiction(file: String, line: Int, path: String, className: String)
  /// A path leads out of the folder of images.
  case unsafePath(file: String, line: Int, path: String)
  /// A listed image does not exist.
  case missingImage(file: String, line: Int, path: String)
  /// A class has too few pictures.
  case tooFewImages(className: String, count: Int, needed: Int, place: String)
  /// There are too few classes.
  case tooFewClasses(dataset: String, count: Int, needed: Int)
  /// A folder cannot be written.
  case unwritable(folder: String, reason: String)

  /// One line: where, what is wrong and what to do.
  public var description: String {
    switch self {
    case .notCUB(let folder, let missing, let hint):
      "\(folder): not a CUB-200-2011 folder: "
        + (missing.isEmpty ? "there is no such folder" : "it has no \(missing.joined(separator: ", no "))")
        + (hint.map { "; did you mean \($0)?" } ?? "")
    case .unreadable(let file, let reason): "\(file): cannot read: \(reason)"
    case .empty(let file): "\(file): the list is empty"
    case .notText(let file, let line): "\(file):\(line): not UTF-8 text"
    case .malformed(let file, let line, let content, let expected):
      "\(file):\(line): expected \(expected), found \"\(shortened(content))\""
    case .duplicate(let file, let line, let what, let firstLine):
      "\(file):\(line): \(shortened(what)) is on line \(firstLine) already"
    case .unknownImage(let file, let line, let id): "\(file):\(line): image \(id) is not in images.txt"
    case .missingLabel(let file, let id, let listedIn, let line):
      "\(file): no label for image \(id) (\(listedIn), line \(line))"
    case .unknownClass(let file, let line, let id, let classes): "\(file):\(line): class \(id) is not in \(classes)"
    case .contradiction(let file, let line, let path, let className):
      "\(file):\(line): image \(shortened(path)) is labelled \(shortened(className)) but lies in another class's folder"
    case .unsafePath(let file, let line, let path):
      "\(file):\(line): the path \"\(shortened(path))\" leads out of the folder of images"
    case .missingImage(let file, let line, let path):
      "\(file):\(line): there is no image file \(path); remove the line or skip broken images"
    case .tooFewImages(let className, let count, let needed, let place):
      "\(place): class \(shortened(className)) has \(count) \(count == 1 ? "picture" : "pictures"), at least \(needed) "
        + "are needed; add pictures or remove the class"
    case .tooFewClasses(let dataset, let count, let needed):
      "\(dataset): \(count) \(count == 1 ? "class" : "classes"), at least \(needed) are needed"
    case .unwritable(let folder, let reason): "\(folder): cannot write: \(reason)"
    }
  }
}

/// Text from a file, fit for one line of an error: no control characters, at most 80 characters.
private func shortened(_ text: String) -> String {
  let visible = String(String.UnicodeScalarView(text.unicodeScalars.prefix(81).map { $0.value < 32 ? "?" : $0 }))
  return visible.count > 80 ? visible.prefix(79) + "…" : visible
}
