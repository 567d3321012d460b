import TensorFiles

/// What can be wrong with a data set, naming the file and the line where there is one.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No data set is recognised in the folder, which was searched for these files, or which does not exist (there are none).
  ///
  /// `hint` may name a folder that was meant.
  case notRecognized(folder: String, lookedFor: [String], hint: String?)
  /// The folder lacks what a data set of this form has, or does not exist (`missing` is empty).
  ///
  /// `hint` may name a folder that has it all.
  case incomplete(folder: String, form: String, missing: [String], hint: String?)
  /// A list cannot be opened or read.
  case unreadable(file: String, reason: String)
  /// A list has no lines.
  case empty(file: String)
  /// A line is not UTF-8 text.
  case notText(file: String, line: Int)
  /// A line does not have the form it must have.
  case malformed(file: String, line: Int, content: String, expected: String)
  /// A file is read, but what is in it makes no sense.
  case wrongContent(file: String, problem: String)
  /// A list has another number of lines than it says.
  case wrongCount(file: String, stated: Int, found: Int)
  /// A line contradicts an earlier one.
  case conflict(file: String, line: Int, claim: String, firstLine: Int)
  /// A class is in the lists for training and for testing.
  case sharedClass(file: String, line: Int, className: String, other: String)
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
    case .notRecognized(let folder, let lookedFor, let hint):
      "\(folder): "
        + (lookedFor.isEmpty
          ? "there is no such folder" : "no data set is recognised: it has no \(lookedFor.joined(separator: ", no "))")
        + (hint.map { "; did you mean \($0)?" } ?? "")
    case .wrongContent(let file, let problem): "\(file): \(shortened(problem, to: 200))"
    case .wrongCount(let file, let stated, let found):
      "\(file): says that it has \(stated) pictures and has \(found); it is cut short, or its first line is to be corrected"
    case .conflict(let file, let line, let claim, let firstLine):
      "\(file):\(line): \(shortened(claim)), but line \(firstLine) says otherwise"
    case .sharedClass(let file, let line, let className, let other):
      "\(file):\(line): class \(shortened(className)) is in \(other) too; training and test need different classes"
    case .incomplete(let folder, let form, let missing, let hint):
      "\(folder): not \(form): "
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
      "\(file):\(line): there is no image file \(path); take it off the list or skip broken images"
    case .tooFewImages(let className, let count, let needed, let place):
      "\(place): class \(shortened(className)) has \(count) \(count == 1 ? "picture" : "pictures"), at least \(needed) "
        + "are needed; add pictures or remove the class"
    case .tooFewClasses(let dataset, let count, let needed):
      "\(dataset): \(count) \(count == 1 ? "class" : "classes"), at least \(needed) are needed"
    case .unwritable(let folder, let reason): "\(folder): cannot write: \(reason)"
    }
  }
}
