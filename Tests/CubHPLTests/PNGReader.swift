/// A second, obvious implementation for the tests: decodes what `PNG` may write, checking every length and checksum.
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
    let rows = try inflated(chunks[1].content)
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

  /// Stored blocks and the fixed Huffman code.
  private static func inflated(_ zlib: [UInt8]) throws -> [UInt8] {
    var position = 16
    func bit() -> Int {
      defer { position += 1 }
      return Int(zlib[position / 8] >> UInt8(position % 8)) & 1
    }
    func bits(_ count: Int) -> Int { (0..<count).reduce(0) { $0 | bit() << $1 } }
    func code(_ count: Int) -> Int { (0..<count).reduce(0) { value, _ in value << 1 | bit() } }
    func symbol() -> Int {
      let seven = code(7)
      if seven < 24 { return 256 + seven }
      let eight = seven << 1 | bit()
      if eight < 192 { return eight - 48 }
      if eight < 200 { return 280 + eight - 192 }
      return (eight << 1 | bit()) - 400 + 144
    }
    var output: [UInt8] = []
    var isLast = false
    while !isLast {
      isLast = bit() == 1
      switch bits(2) {
      case 0:
        position = (position + 7) / 8 * 8
        let count = bits(16)
        guard bits(16) == 65535 - count else { throw Malformed(reason: "stored length") }
        output += zlib[position / 8..<position / 8 + count]
        position += count * 8
      case 1:
        var next = symbol()
        while next != 256 {
          if next < 256 {
            output.append(UInt8(next))
          } else {
            let length = lengthBases[next - 257] + bits(lengthExtras[next - 257])
            let which = code(5)
            let distance = distanceBases[which] + bits(max(0, which / 2 - 1))
            for _ in 0..<length { output.append(output[output.count - distance]) }
          }
          next = symbol()
        }
      default: throw Malformed(reason: "block type")
      }
    }
    let end = (position + 7) / 8
    guard zlib.count == end + 4, number(zlib[end...]) == adler(output) else { throw Malformed(reason: "Adler-32") }
    return output
  }

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthExtras = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12289, 16385, 24577,
  ]

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  private static func crc(_ bytes: [UInt8]) -> Int {
    var crc = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= Int(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return crc ^ 0xFFFF_FFFF
  }

  private static func adler(_ bytes: [UInt8]) -> Int {
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65521
      high = (high + low) % 65521
    }
    return high << 16 | low
  }
}
