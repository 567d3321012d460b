import Tensor

/// Reading WebP data through libwebp, which is loaded at run time (Debian package `libwebp7`).
enum WebP {
  /// Decodes a WebP as ``Image/init(decoding:name:)`` says; an animation is refused.
  static func decode(_ bytes: [UInt8], name: String) throws -> Image {
    let library = try LibWebP.shared()
    let file = try WebPChunks(bytes, name: name)
    guard !file.isAnimation else {
      throw ImageError.unsupported(file: name, reason: "it is an animated WebP image; save one picture of it")
    }
    var (width, height) = (CInt(0), CInt(0))
    guard library.size(bytes, bytes.count, &width, &height) != 0, width > 0, height > 0 else {
      throw ImageError.malformed(file: name, format: .webP, reason: "its header makes no sense")
    }
    guard Int(width) * Int(height) <= Image.maximumPixels else {
      throw ImageError.tooLarge(file: name, width: Int(width), height: Int(height))
    }
    var isDecoded = false
    let decoded = Tensor<UInt8>(shape: [Int(height), Int(width), 3]) { buffer in
      isDecoded = library.decodeRGB(bytes, bytes.count, buffer.baseAddress!, buffer.count, width * 3) != nil
    }
    guard isDecoded else {
      throw ImageError.corrupt(file: name, format: .webP, reason: "its pixels cannot be decoded")
    }
    return Image(decoded).upright(from: file.exif.flatMap(Orientation.init(exif:)))
  }
}

/// What the parts of a WebP file say beside the pixels.
private struct WebPChunks {
  private(set) var isAnimation = false
  private(set) var exif: ArraySlice<UInt8>?

  /// Takes a file apart that begins as a WebP; throws ``ImageError`` where it ends early.
  init(_ bytes: [UInt8], name: String) throws {
    func number(at offset: Int) -> Int { bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 + Int($1) } }
    let end = 8 + number(at: 4)
    guard end <= bytes.count else {
      throw ImageError.corrupt(file: name, format: .webP, reason: "the file ends early")
    }
    var position = 12
    while position + 8 <= end {
      let type = bytes[position..<position + 4]
      let content = bytes[(position + 8)..<end].prefix(number(at: position + 4))
      if type.elementsEqual("ANIM".utf8) { isAnimation = true }
      if type.elementsEqual("EXIF".utf8) {
        // Some programs write the name that EXIF data have in a JPEG.
        let prefix = Array("Exif\0\0".utf8)
        exif = content.starts(with: prefix) ? content.dropFirst(prefix.count) : content
      }
      // Contents of an odd length are followed by a byte more.
      position += 8 + content.count + content.count % 2
    }
  }
}
