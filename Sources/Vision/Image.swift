import Foundation
import Tensor

/// A picture: 8-bit RGB pixels as a tensor.
public struct Image: Sendable {
  /// The most pixels (width × height) a file may have: a header cannot make the program allocate gigabytes.
  public static let maximumPixels = 100_000_000

  /// The most bytes that the file of a picture may have: nothing larger is read.
  public static let maximumBytes = 1 << 28

  /// The pixels, [height, width, 3], red first, 0...255.
  public let pixels: Tensor<UInt8>

  /// Rows of pixels.
  public var height: Int { pixels.shape[0] }

  /// Columns of pixels.
  public var width: Int { pixels.shape[1] }

  /// Makes a picture of its pixels.
  ///
  /// - Parameter pixels: [height, width, 3], at least one pixel; other shapes trap.
  public init(_ pixels: Tensor<UInt8>, file: StaticString = #fileID, line: UInt = #line) {
    guard pixels.rank == 3, pixels.shape[2] == 3, pixels.count > 0 else {
      trap("Image needs pixels of shape [height, width, 3], not \(pixels.shape)", file: file, line: line)
    }
    self.pixels = pixels
  }

  /// Makes a picture of floating-point pixels, rounded to 8 bits.
  ///
  /// - Parameter unitPixels: [height, width, 3], 0...1 (beyond is clamped); other shapes trap.
  public init(unitPixels: Tensor<Float>, file: StaticString = #fileID, line: UInt = #line) {
    self.init((unitPixels * 255).cast(to: UInt8.self), file: file, line: line)
  }

  /// The pixels as Float in 0...1, [height, width, 3]: what transforms work on.
  public var unitPixels: Tensor<Float> { pixels.cast(to: Float.self) * (1 / 255) }

  /// Makes a picture of CMYK pixels by `channel = (1 − ink)·(1 − black)`, as most viewers without profiles do.
  ///
  /// - Parameters:
  ///   - cmyk: [height, width, 4].
  ///   - inverted: whether 255 means no ink, as Adobe's programs write it.
  init(cmyk: Tensor<UInt8>, inverted: Bool) {
    let stored = cmyk.cast(to: Float.self) * (1 / 255)
    let paper = inverted ? stored : 1 - stored
    self.init(unitPixels: paper.sliced(along: 2, 0..<3) * paper.sliced(along: 2, 3..<4))
  }
}

extension Image {
  /// Reads a JPEG, PNG or WebP file, as ``init(decoding:name:)`` does.
  ///
  /// - Throws: ``ImageError`` naming the file.
  public init(contentsOf url: URL) throws {
    let bytes: [UInt8]
    do {
      bytes = try readBytes(of: url, atMost: Image.maximumBytes)
    } catch {
      throw ImageError.unreadable(file: url.path, reason: error.reason)
    }
    self = try Image(decoding: bytes, name: url.path)
  }

  /// Writes a JPEG file under a temporary name and renames it: the file is there whole, or not at all.
  ///
  /// - Throws: ``ImageError`` naming the file.
  public func write(to url: URL, quality: Int = 95) throws {
    try writeAtomically(JPEG.encode(self, quality: quality), to: url)
  }
}
