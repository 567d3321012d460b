import CPixels
import Tensor

/// Reading PNG data through libpng, which is loaded at run time (Debian package `libpng16-16`).
enum PNG {
  /// The bytes that every file begins with.
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Decodes a PNG as ``Image/init(decoding:name:)`` says.
  static func decode(_ bytes: [UInt8], name: String) throws -> Image {
    let library = try LibPNG.shared()
    let file = try PNGChunks(bytes, name: name)
    guard file.width * file.height <= Image.maximumPixels else {
      throw ImageError.tooLarge(file: name, width: file.width, height: file.height)
    }
    var picture = ck_png_image()
    picture.version = 1
    // The library keeps both addresses from one call to the next.
    let decoded = try withUnsafeMutablePointer(to: &picture) { picture in
      try file.essential.withUnsafeBytes { data in
        defer { library.free(picture) }
        guard library.beginRead(picture, data.baseAddress!, data.count) != 0 else {
          throw ImageError.malformed(file: name, format: .png, reason: library.message(picture))
        }
        let hasAlpha = picture.pointee.format & LibPNG.Format.alpha != 0
        picture.pointee.format = hasAlpha ? LibPNG.Format.rgba : LibPNG.Format.rgb
        picture.pointee.flags |= LibPNG.sixteenBitSRGB
        var status: CInt = 0
        let decoded = Tensor<UInt8>(shape: [file.height, file.width, hasAlpha ? 4 : 3]) { buffer in
          status = library.finishRead(picture, nil, buffer.baseAddress!, 0, nil)
        }
        guard status != 0 else {
          throw ImageError.corrupt(file: name, format: .png, reason: library.message(picture))
        }
        return decoded
      }
    }
    return Image(decoded.sliced(along: 2, 0..<3)).upright(from: file.exif.flatMap(Orientation.init(exif:)))
  }
}

/// The parts of a PNG file.
private struct PNGChunks {
  let width: Int
  let height: Int
  /// The file without its ancillary chunks: without them the library neither corrects colours nor inflates texts.
  private(set) var essential = PNG.signature
  private(set) var exif: ArraySlice<UInt8>?

  /// Takes a file apart that begins with the signature; throws ``ImageError`` where it ends early.
  init(_ bytes: [UInt8], name: String) throws {
    func number(at offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 + Int($1) } }
    let header = PNG.signature.count
    guard bytes.count >= header + 25, number(at: header) == 13, bytes[(header + 4)...].starts(with: "IHDR".utf8) else {
      throw ImageError.malformed(file: name, format: .png, reason: "it has no header")
    }
    (width, height) = (number(at: header + 8), number(at: header + 12))
    let sides = 1...Int(Int32.max)
    guard sides.contains(width), sides.contains(height) else {
      throw ImageError.malformed(file: name, format: .png, reason: "\(width)×\(height) is no size in pixels")
    }
    var position = header
    while true {
      guard bytes.count - position >= 12, bytes.count - position - 12 >= number(at: position) else {
        throw ImageError.corrupt(file: name, format: .png, reason: "the file ends early")
      }
      let end = position + 12 + number(at: position)
      let type = bytes[position + 4..<position + 8]
      // A small first letter marks what a reader may leave out.
      if type.first! & 0x20 == 0 { essential += bytes[position..<end] }
      if type.elementsEqual("eXIf".utf8) { exif = bytes[position + 8..<end - 4] }
      if type.elementsEqual("IEND".utf8) { return }
      position = end
    }
  }
}
