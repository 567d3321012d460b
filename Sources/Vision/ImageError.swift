/// What can be wrong with a picture, always with the name of its file.
public enum ImageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The JPEG library could not be loaded at run time.
  case libraryMissing(library: String, reason: String)
  /// The file cannot be opened or read.
  case unreadable(file: String, reason: String)
  /// The file has no bytes.
  case empty(file: String)
  /// The file does not begin like a JPEG, or its header makes no sense.
  case notJPEG(file: String, reason: String)
  /// The header is good, the data after it is truncated or damaged.
  case corrupt(file: String, reason: String)
  /// The header asks for more pixels than ``JPEG/maximumPixels``.
  case tooLarge(file: String, width: Int, height: Int)
  /// The picture cannot be encoded as a JPEG.
  case notEncodable(reason: String)
  /// The file cannot be written.
  case unwritable(file: String, reason: String)

  /// One line: which file, what is wrong, and where there is a remedy, the remedy.
  public var description: String {
    switch self {
    case .libraryMissing(let library, let reason):
      "cannot load \(library), needed for JPEG files: install it with `apt install libturbojpeg0` (\(reason))"
    case .unreadable(let file, let reason): "\(file): cannot read the image: \(reason)"
    case .empty(let file): "\(file): the image file is empty (zero bytes)"
    case .notJPEG(let file, let reason): "\(file): not a JPEG image: \(reason)"
    case .corrupt(let file, let reason): "\(file): truncated or damaged JPEG image: \(reason)"
    case .tooLarge(let file, let width, let height):
      "\(file): image of \(width)×\(height) pixels, more than the \(JPEG.maximumPixels) allowed"
    case .notEncodable(let reason): "cannot encode the image as JPEG: \(reason)"
    case .unwritable(let file, let reason): "\(file): cannot write: \(reason)"
    }
  }
}
