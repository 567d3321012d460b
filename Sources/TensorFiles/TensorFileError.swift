import Tensor

/// Why a file of tensors cannot be read or written, or a tensor cannot be taken from it.
public enum TensorFileError: Error, Equatable, CustomStringConvertible {
  /// The operating system refuses to read the file.
  case unreadable(file: String, reason: String)
  /// The operating system refuses to write the file; what was there before is still there.
  case unwritable(file: String, reason: String)
  /// The file breaks the rules of its format, or uses a part of the format that is not supported.
  case malformed(file: String, reason: String)
  /// There is no tensor of that name.
  case missing(file: String, tensor: String)
  /// The tensor is stored in another type; ask for that one, or for a conversion.
  case wrongType(file: String, tensor: String, stored: ElementType, requested: ElementType)
  /// A number of the tensor does not exist in the type asked for.
  case unrepresentable(file: String, tensor: String, reason: String)
  /// A library that only some files need is not installed.
  case libraryMissing(file: String, library: String, package: String, reason: String)

  /// One line: the file, what is wrong in it and, where it helps, what to do.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
    case .unwritable(let file, let reason): "\(file): cannot be written: \(reason)"
    case .malformed(let file, let reason): "\(file): \(reason)"
    case .missing(let file, let tensor): "\(file): has no tensor named '\(tensor)'"
    case .wrongType(let file, let tensor, let stored, let requested):
      "\(file): \(subject(tensor)) holds \(stored.rawValue), not \(requested.rawValue); ask with convertingTo: to convert"
    case .unrepresentable(let file, let tensor, let reason): "\(file): \(subject(tensor)) \(reason)"
    case .libraryMissing(let file, let library, let package, let reason):
      "\(file): needs \(library) (\(reason)); install the package \(package), or store the arrays uncompressed"
    }
  }

  private func subject(_ tensor: String) -> String { tensor.isEmpty ? "the array" : "tensor '\(tensor)'" }
}

/// What is wrong in a file whose name only the caller knows.
struct FormatProblem: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  func error(in file: String) -> TensorFileError { .malformed(file: file, reason: reason) }
}
