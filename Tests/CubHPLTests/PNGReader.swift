@testable import TensorFiles

/// Decodes what `PNG` may write, checking every length and checksum; zlib checks its own.
enum PNGReader {
  struct Malformed: Error {
    let reason: String
  }

  static func decoded(_ file: [UInt8]) throws -> (rgb: [UInt8], width: Int, height: Int) {
    guard file.prefix(8) == [137, 80, 78, 71, 13, 10, 26, 10] else { throw Malformed(reason: "signature") }
    var chunks: [(name: String, content: [UInt8])] = []
    var offset = 8
    while offset < file.count {
      let length = number(file[offset..<offset + 4])
      let body = Array(file[offset + 4..<offset + 8 + length])
      guard number(file[offset + 8 + length..<offset + 12 + length]) == crc(body) else {
        throw Malformed(reason: "CRC")
      }
      chunks.append((String(decoding: body.prefix(4), as: UTF8.self), Array(body.dropFirst(4))))
      offset += 12 + length
    }
    guard chunks.map(\.name) == ["IHDR", "IDAT", "IEND"], chunks[0].content.suffix(5) == [8, 2, 0, 0, 0] else {
      throw Malformed(reason: "chunks")
    }
    let width = number(chunks[0].content[0..<4])
    let height = number(chunks[0].content[4..<8])
    let rows = try chunks[1].content.withUnsafeBytes { stream in
      try Zlib.shared.get().inflated(stream: stream).withUnsafeBytes { Array($0) }
    }
    guard rows.count == height * (width * 3 + 1) else { throw Malformed(reason: "size") }
    return (try unfiltered(rows, width: width), width, height)
  }

  private static func unfiltered(_ rows: [UInt8], width: Int) throws -> [UInt8] {
    var rgb: [UInt8] = []
    for start in stride(from: 0, to: rows.count, by: width * 3 + 1) {
      guard rows[start] == 1 else { throw Malformed(reason: "filter") }
      var row = Array(rows[start + 1..<start + 1 + width * 3])
      for column in row.indices.dropFirst(3) { row[column] &+= row[column - 3] }
      rgb += row
    }
    return rgb
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  private static func crc(_ bytes: [UInt8]) -> Int {
    var crc = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= Int(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return crc ^ 0xFFFF_FFFF
  }
}
