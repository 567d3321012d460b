/// What can be wrong with a picture, always with the name of its file.
public enum ImageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The library that reads this form could not be loaded at run time.
  case libraryMissing(library: String, format: ImageFormat, reason: String)
  /// The file cannot be opened or read.
  case unreadable(file: String, reason: String)
  /// The file has no bytes.
  case empty(file: String)
  /// The file is of no form that can be read.
  case unsupported(file: String, reason: String)
  /// The file's header makes no sense.
  case malformed(file: String, format: ImageFormat, reason: String)
  /// The header is good, the data after it is truncated or damaged.
  case corrupt(file: String, format: ImageFormat, reason: String)
  /// The header asks for more pixels than ``Image/maximumPixels``.
  case tooLarge(file: String, width: Int, height: Int)
  /// The picture cannot be encoded as a JPEG.
  case notEncodable(reason: String)
  /// The file cannot be written.
  case unwritable(file: String, reason: String)

  /// One line: which file, what is wrong, and where there is a remedy, the remedy.
  public var description: String {
    switch self {
    case .libraryMissing(let library, let format, let reason):
      "cannot load \(library), needed for \(format.rawValue) files: install it with `apt install \(format.package)` "
        + "(\(reason))"
    case .unreadable(let file, let reason): "\(file): cannot read the image: \(reason)"
    case .empty(let file): "\(file): the image file is empty (zero bytes)"
    case .unsupported(let file, let reason): "\(file): not an image that can be read: \(reason)"
    case .malformed(let file, let format, let reason): "\(file): not a \(format.rawValue) image: \(reason)"
    case .corrupt(let file, let format, let reason):
      "\(file): truncated or damaged \(format.rawValue) image: \(reason)"
    case .tooLarge(let file, let width, let height):
      "\(file): image of \(width)×\(height) pixels, more than the \(Image.maximumPixels) allowed"
    case .notEncodable(let reason): "cannot encode the image as JPEG: \(reason)"
    case .unwritable(let file, let reason): "\(file): cannot write: \(reason)"
    }
  }

  /// Whether a library is missing, so that no picture is to blame.
  var isMissingLibrary: Bool {
    guard case .libraryMissing = self else { return false }
    return true
  }
}
