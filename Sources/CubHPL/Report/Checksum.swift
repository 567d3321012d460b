/// The checksums inside PNG and zlib.
enum Checksum {
  /// CRC-32 as in PNG: polynomial 0xEDB88320, reflected.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    crcTable.withUnsafeBufferPointer { table in
      bytes.withUnsafeBufferPointer { bytes in
        var crc: UInt32 = 0xFFFF_FFFF
        for index in 0..<bytes.count { crc = table[Int((crc ^ UInt32(bytes[index])) & 0xFF)] ^ (crc >> 8) }
        return ~crc
      }
    }
  }

  /// Adler-32 as in zlib.
  static func adler32(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { bytes in
      var (low, high): (UInt32, UInt32) = (1, 0)
      var index = 0
      while index < bytes.count {
        let end = min(index + 5552, bytes.count)  // the longest stretch that cannot overflow
        while index < end {
          low &+= UInt32(bytes[index])
          high &+= low
          index += 1
        }
        low %= 65521
        high %= 65521
      }
      return high << 16 | low
    }
  }

  private static let crcTable: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
  }
}
