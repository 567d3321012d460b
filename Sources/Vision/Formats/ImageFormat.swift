/// The forms of picture files that can be read.
public enum ImageFormat: String, CaseIterable, Sendable {
  /// JPEG, read by libturbojpeg.
  case jpeg = "JPEG"
  /// PNG, read by libpng.
  case png = "PNG"
  /// WebP, read by libwebp.
  case webP = "WebP"

  /// All their names, for texts.
  static let list = "JPEG, PNG or WebP"

  /// The form of a file that begins with these bytes; its name does not count.
  init?(beginning bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xD8]) {
      self = .jpeg
    } else if bytes.starts(with: PNG.signature) {
      self = .png
    } else if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      self = .webP
    } else {
      return nil
    }
  }

  /// What the names of its files end in, in lower case; the first is the usual one.
  var fileEndings: [String] {
    switch self {
    case .jpeg: [".jpg", ".jpeg"]
    case .png: [".png"]
    case .webP: [".webp"]
    }
  }

  /// Debian's package of the library that reads it.
  var package: String {
    switch self {
    case .jpeg: "libturbojpeg0"
    case .png: "libpng16-16"
    case .webP: "libwebp7"
    }
  }

  /// Whether a file is taken for a picture where folders are searched.
  static func isPicture(_ name: String) -> Bool {
    let name = name.lowercased()
    return allCases.contains { $0.fileEndings.contains(where: name.hasSuffix) }
  }

  /// What a file that is of none of these forms is, for the error that refuses it.
  static func refusal(of bytes: [UInt8]) -> String {
    let others = [("GIF8", "GIF"), ("BM", "BMP"), ("II*\0", "TIFF"), ("MM\0*", "TIFF")]
    let isMedia = bytes.dropFirst(4).starts(with: Array("ftyp".utf8))
    let other = others.first { bytes.starts(with: Array($0.0.utf8)) }?.1 ?? (isMedia ? "HEIC or AVIF" : nil)
    guard let other else { return "it does not begin like a \(list) file" }
    return "it begins like a \(other) file; save it as \(list)"
  }
}

extension Image {
  /// Decodes a JPEG, PNG or WebP file to RGB: its first bytes say which it is.
  ///
  /// Grey becomes RGB, CMYK is converted, 16 bits become 8. Opacity, colour profiles and gamma are left out: the colours
  /// count as they are stored, as Pillow's `convert("RGB")` gives them. Where EXIF data say how the camera was held, the
  /// picture is turned upright.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: what errors call the picture, usually its path.
  /// - Throws: ``ImageError``; a truncated picture is an error, never a half-grey picture.
  public init(decoding bytes: [UInt8], name: String) throws {
    switch ImageFormat(beginning: bytes) {
    case .jpeg: self = try JPEG.decode(bytes, name: name)
    case .png: self = try PNG.decode(bytes, name: name)
    case .webP: self = try WebP.decode(bytes, name: name)
    case nil:
      throw bytes.isEmpty
        ? ImageError.empty(file: name) : .unsupported(file: name, reason: ImageFormat.refusal(of: bytes))
    }
  }
}
