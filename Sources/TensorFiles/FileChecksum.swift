import CFiles
import Tensor

/// A CRC-32 of a whole file that stands in the file itself, as eight hexadecimal digits, for which zeros are counted.
///
/// It finds every single changed bit and every changed run of up to 32 bits.
package struct FileChecksum {
  /// What is counted, and written at first, where the digits are to stand.
  static let blank = [UInt8](repeating: UInt8(ascii: "0"), count: 8)

  private var value: UInt32 = 0

  package init() {}

  /// Goes on with some bytes of the file.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) { value = ck_crc32(value, bytes.count, bytes.baseAddress) }

  package var digits: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The checksum of a file whose own digits stand at `place`.
  static func digits(of file: UnsafeRawBufferPointer, at place: Range<Int>) -> [UInt8] {
    var sum = FileChecksum()
    sum.add(UnsafeRawBufferPointer(rebasing: file[..<place.lowerBound]))
    blank.withUnsafeBytes { sum.add($0) }
    sum.add(UnsafeRawBufferPointer(rebasing: file[place.upperBound...]))
    return Array(sum.digits.utf8)
  }

  /// Whether the digits at `place` are the file's checksum.
  static func isRight(_ file: UnsafeRawBufferPointer, at place: Range<Int>) -> Bool {
    file[place].elementsEqual(digits(of: file, at: place))
  }
}

extension FileChecksum {
  /// The checksum of a file that has none inside, all of which counts; of no more than 4 GiB.
  package static func digits(ofFile path: String) throws -> String {
    let file = try FileBytes(contentsOf: path, atMost: 1 << 32)
    defer { file.releasePages() }
    var sum = FileChecksum()
    file.withUnsafeBytes { sum.add($0) }
    return sum.digits
  }
}
