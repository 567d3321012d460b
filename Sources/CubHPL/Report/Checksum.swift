/// The checksums inside PNG, zlib and TensorBoard's files.
enum Checksum {
  /// CRC-32 as in PNG: polynomial 0xEDB88320, reflected.
  static func crc32(_ bytes: [UInt8]) -> UInt32 { crc(bytes, crcTable) }

  /// CRC-32C (Castagnoli): polynomial 0x82F63B78, reflected.
  static func crc32c(_ bytes: [UInt8]) -> UInt32 { crc(bytes, castagnoliTable) }

  private static func crc(_ bytes: [UInt8], _ table: [UInt32]) -> UInt32 {
    table.withUnsafeBufferPointer { table in
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

  private static let crcTable = table(0xEDB8_8320)
  private static let castagnoliTable = table(0x82F6_3B78)

  private static func table(_ polynomial: UInt32) -> [UInt32] {
    (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? polynomial ^ (crc >> 1) : crc >> 1 }
    }
  }
}
