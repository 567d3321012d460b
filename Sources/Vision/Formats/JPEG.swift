import Tensor

/// Reading and writing JPEG data through libturbojpeg, which is loaded at run time (Debian package `libturbojpeg0`).
///
/// Every function may be called from any number of threads at once.
public enum JPEG {
  /// Throws ``ImageError/libraryMissing(library:format:reason:)`` when no JPEG can be written here: ask before long work.
  public static func requireLibrary() throws { _ = try TurboJPEG.shared() }

  /// Decodes a JPEG to RGB; grey becomes RGB, CMYK is converted, and EXIF's orientation turns it upright.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: what errors call the picture, usually its path.
  /// - Throws: ``ImageError``; a truncated picture is an error, never a half-grey picture.
  public static func decode(_ bytes: [UInt8], name: String = "JPEG data") throws -> Image {
    let library = try TurboJPEG.shared()
    guard !bytes.isEmpty else { throw ImageError.empty(file: name) }
    guard bytes.starts(with: [0xFF, 0xD8]) else {
      throw ImageError.malformed(file: name, format: .jpeg, reason: "it does not begin with the bytes FF D8")
    }
    guard let handle = library.initDecompress() else {
      throw ImageError.unreadable(file: name, reason: library.message(nil))
    }
    defer { _ = library.destroy(handle) }

    var (width, height, subsampling, colorSpace) = (CInt(0), CInt(0), CInt(0), CInt(0))
    let length = CUnsignedLong(bytes.count)
    let header = library.decompressHeader(handle, bytes, length, &width, &height, &subsampling, &colorSpace)
    guard header == 0 || isHarmless(library, handle) else {
      throw ImageError.malformed(file: name, format: .jpeg, reason: library.message(handle))
    }
    guard width > 0, height > 0 else {
      throw ImageError.malformed(file: name, format: .jpeg, reason: "it has no pixels")
    }
    guard Int(width) * Int(height) <= Image.maximumPixels else {
      throw ImageError.tooLarge(file: name, width: Int(width), height: Int(height))
    }

    let isCMYK = colorSpace == TurboJPEG.ColorSpace.cmyk || colorSpace == TurboJPEG.ColorSpace.ycck
    let format = isCMYK ? TurboJPEG.PixelFormat.cmyk : TurboJPEG.PixelFormat.rgb
    let channels = isCMYK ? 4 : 3
    var status: CInt = 0
    let decoded = Tensor<UInt8>(shape: [Int(height), Int(width), channels]) { buffer in
      let flags = TurboJPEG.Flag.accurateDCT | TurboJPEG.Flag.limitScans
      status = library.decompress(
        handle, bytes, length, buffer.baseAddress!, width, width * CInt(channels), height, format, flags)
    }
    guard status == 0 || isHarmless(library, handle) else {
      throw ImageError.corrupt(file: name, format: .jpeg, reason: library.message(handle))
    }
    // Adobe's programs store CMYK inverted, and say with APP14 that they wrote the file.
    let isAdobe = segment(0xEE, named: "Adobe", in: bytes) != nil
    let image = isCMYK ? Image(cmyk: decoded, inverted: isAdobe) : Image(decoded)
    return image.upright(from: segment(0xE1, named: "Exif\0\0", in: bytes).flatMap(Orientation.init(exif:)))
  }

  /// Encodes a picture as a JPEG without chrominance subsampling.
  ///
  /// - Parameters:
  ///   - image: the picture; a side may have at most 65,500 pixels.
  ///   - quality: 1 (smallest) to 100 (best); other values trap.
  /// - Throws: ``ImageError``.
  public static func encode(
    _ image: Image, quality: Int = 95, file: StaticString = #fileID, line: UInt = #line
  ) throws -> [UInt8] {
    guard (1...100).contains(quality) else {
      trap("JPEG quality \(quality) is not in 1...100", file: file, line: line)
    }
    let library = try TurboJPEG.shared()
    guard let handle = library.initCompress() else { throw ImageError.notEncodable(reason: library.message(nil)) }
    defer { _ = library.destroy(handle) }
    guard max(image.width, image.height) <= 65_500 else {
      throw ImageError.notEncodable(reason: "\(image.width)×\(image.height) pixels, a side may have 65500")
    }
    let (width, height) = (CInt(image.width), CInt(image.height))
    var data: UnsafeMutablePointer<UInt8>?
    var length: CUnsignedLong = 0
    let status = image.pixels.withUnsafeScalars { scalars in
      library.compress(
        handle, scalars.baseAddress!, width, width * 3, height, TurboJPEG.PixelFormat.rgb, &data, &length,
        TurboJPEG.Subsampling.none, CInt(quality), TurboJPEG.Flag.accurateDCT)
    }
    defer { if let data { library.free(data) } }
    guard status == 0, let data else { throw ImageError.notEncodable(reason: library.message(handle)) }
    return [UInt8](UnsafeBufferPointer(start: data, count: Int(length)))
  }

  /// Whether the last failure is a remark about a complete picture, which every reader shows as it is.
  ///
  /// The library reports truncation as a warning as well, so warnings are errors unless they are on this list.
  private static func isHarmless(_ library: TurboJPEG, _ handle: TurboJPEG.Handle) -> Bool {
    guard library.errorCode(handle) == TurboJPEG.warning else { return false }
    let message = library.message(handle)
    return ["extraneous bytes", "Adobe color transform", "Invalid SOS parameters"].contains { message.contains($0) }
  }

  /// What follows the name in the first segment before the pixels that has this marker and begins with this name.
  private static func segment(_ marker: UInt8, named name: String, in bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xFF, bytes[position + 1] != 0xDA {
      let isFill = bytes[position + 1] == 0xFF
      let length = isFill ? 0 : Int(bytes[position + 2]) << 8 + Int(bytes[position + 3])
      let content = bytes[(position + 4)...].prefix(max(0, length - 2))
      if bytes[position + 1] == marker, content.starts(with: name.utf8) { return content.dropFirst(name.utf8.count) }
      position += isFill ? 1 : 2 + length
    }
    return nil
  }
}
