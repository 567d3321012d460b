import Foundation
import Tensor
import TensorFiles

/// Writes PNG files of 8-bit RGB pictures: small pictures for the report.
enum PNG {
  /// - Parameters:
  ///   - rgb: three bytes a pixel, row by row from the top.
  ///   - width: at least 1.
  ///   - height: at least 1.
  ///   - zlib: what compresses; without it the pixels are stored as they are.
  static func encoded(rgb: [UInt8], width: Int, height: Int, zlib: Zlib? = try? Zlib.shared.get()) -> Data {
    guard width > 0, height > 0, rgb.count == width * height * 3 else {
      fatalError("PNG: \(rgb.count) bytes are not \(width) × \(height) RGB pixels")
    }
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let eightBitRGB: [UInt8] = [8, 2, 0, 0, 0]
    append(chunk: "IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + eightBitRGB, to: &file)
    let rows = filtered(rgb, rowBytes: width * 3)
    let compressed = zlib?.deflated(hasHeader: true) { rows.withUnsafeBytes($0) }
    append(chunk: "IDAT", compressed ?? stored(rows), to: &file)
    append(chunk: "IEND", [], to: &file)
    return Data(file)
  }

  /// Each row as filter type 1 ("sub"): the difference to the pixel on the left.
  private static func filtered(_ rgb: [UInt8], rowBytes: Int) -> [UInt8] {
    let height = rgb.count / rowBytes
    return [UInt8](unsafeUninitializedCapacity: rgb.count + height) { output, count in
      rgb.withUnsafeBufferPointer { input in
        var target = 0
        for start in stride(from: 0, to: input.count, by: rowBytes) {
          output[target] = 1
          target += 1
          for column in 0..<rowBytes {
            let left = column < 3 ? 0 : input[start + column - 3]
            output[target] = input[start + column] &- left
            target += 1
          }
        }
      }
      count = rgb.count + height
    }
  }

  /// A stream as zlib's, of blocks that are not compressed.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: bytes.count, by: 65535) {
      let block = bytes[start..<min(start + 65535, bytes.count)]
      stream.append(block.endIndex == bytes.count ? 1 : 0)
      for number in [UInt16(block.count), ~UInt16(block.count)] {
        stream += [UInt8(number & 0xFF), UInt8(number >> 8)]
      }
      stream += block
    }
    return stream + bigEndian(adler32(bytes))
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    let (low, high) = bytes.reduce((1, 0) as (UInt32, UInt32)) { sums, byte in
      let low = (sums.0 + UInt32(byte)) % 65521
      return (low, (sums.1 + low) % 65521)
    }
    return high << 16 | low
  }

  private static func append(chunk name: String, _ content: [UInt8], to file: inout [UInt8]) {
    let body = Array(name.utf8) + content
    file += bigEndian(UInt32(content.count)) + body + bigEndian(body.withUnsafeBytes(crc32))
  }
}

/// The four bytes of a number, the highest first.
func bigEndian(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }
