import Foundation
import Tensor

/// Reading and writing JPEG data through libturbojpeg, which is loaded at run time (Debian package `libturbojpeg0`).
///
/// Every function may be called from any number of threads at once.
public enum JPEG {
  /// The most pixels (width × height) a picture may have: a header cannot make the program allocate gigabytes.
  public static let maximumPixels = 100_000_000

  /// The most bytes that the file of a picture may have: nothing larger is read.
  public static let maximumBytes = 1 << 28

  /// Throws ``ImageError/libraryMissing(library:reason:)`` when no JPEG can be read here: ask before long work.
  public static func requireLibrary() throws { _ = try TurboJPEG.shared() }

  /// Decodes a JPEG to RGB; grey becomes RGB, CMYK is converted, the EXIF orientation is ignored.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: what errors call the picture, usually its path.
  /// - Throws: ``ImageError``; a truncated picture is an error, never a half-grey picture.
  public static func decode(_ bytes: [UInt8], name: String = "JPEG data") throws -> Image {
    let library = try TurboJPEG.shared()
    guard !bytes.isEmpty else { throw ImageError.empty(file: name) }
    guard bytes.starts(with: [0xFF, 0xD8]) else {
      throw ImageError.notJPEG(file: name, reason: "it does not begin with the bytes FF D8")
    }
    guard let handle = library.initDecompress() else {
      throw ImageError.unreadable(file: name, reason: library.message(nil))
    }
    defer { _ = library.destroy(handle) }

    var (width, height, subsampling, colorSpace) = (CInt(0), CInt(0), CInt(0), CInt(0))
    let length = CUnsignedLong(bytes.count)
    let header = library.decompressHeader(handle, bytes, length, &width, &height, &subsampling, &colorSpace)
    guard header == 0 || isHarmless(library, handle) else {
      throw ImageError.notJPEG(file: name, reason: library.message(handle))
    }
    guard width > 0, height > 0 else { throw ImageError.notJPEG(file: name, reason: "it has no pixels") }
    guard Int(width) * Int(height) <= maximumPixels else {
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
      throw ImageError.corrupt(file: name, reason: library.message(handle))
    }
    return isCMYK ? Image(cmyk: decoded, inverted: hasAdobeMarker(bytes)) : Image(decoded)
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

  /// Whether the file has an APP14 "Adobe" segment: its writers store CMYK inverted.
  private static func hasAdobeMarker(_ bytes: [UInt8]) -> Bool {
    var position = 2
    while position + 9 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xEE, bytes[(position + 4)...].starts(with: Array("Adobe".utf8)) { return true }
      if marker == 0xDA { return false }
      let isFill = marker == 0xFF
      position += isFill ? 1 : 2 + Int(bytes[position + 2]) << 8 + Int(bytes[position + 3])
    }
    return false
  }
}
