/// A small zlib compressor for filtered picture rows.
///
/// It uses the fixed Huffman code and looks for repetitions at two distances only, a pixel and a row; bytes that do not
/// get smaller are stored as they are.
enum Zlib {
  /// - Parameter farDistance: the bytes of a row, 4 at least; rows longer than 32768 bytes look back a pixel only.
  static func compressed(_ bytes: [UInt8], farDistance: Int) -> [UInt8] {
    let packed = deflated(bytes, distances: farDistance <= 32768 ? [3, farDistance] : [3])
    let storedCount = bytes.count + 5 * (bytes.count / 65535 + 1)
    let body = packed.count < storedCount ? packed : stored(bytes)
    return [0x78, 0x01] + body + bigEndian(Checksum.adler32(bytes))
  }

  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var start = 0
    repeat {
      let end = min(start + 65535, bytes.count)
      let count = UInt16(end - start)
      output.append(end == bytes.count ? 1 : 0)
      for number in [count, ~count] { output += [UInt8(number & 0xFF), UInt8(number >> 8)] }
      output += bytes[start..<end]
      start = end
    } while start < bytes.count
    return output
  }

  private static func deflated(_ bytes: [UInt8], distances: [Int]) -> [UInt8] {
    var writer = BitWriter()
    writer.write(0b011, count: 3)  // the last block, fixed Huffman code
    let symbols = distances.map(DeflateSymbol.distance)
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        var best = (length: 0, which: 0)
        for (which, distance) in distances.enumerated() where distance <= index {
          let length = matchLength(bytes, at: index, distance: distance)
          if length > best.length { best = (length, which) }
        }
        if best.length >= 3 {
          writer.write(DeflateSymbol.lengths[best.length])
          writer.write(symbols[best.which])
          index += best.length
        } else {
          writer.write(DeflateSymbol.literals[Int(bytes[index])])
          index += 1
        }
      }
    }
    writer.write(DeflateSymbol.end)
    return writer.finished()
  }

  private static func matchLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, distance: Int) -> Int {
    let limit = min(258, bytes.count - index)
    var length = 0
    while length < limit, bytes[index + length] == bytes[index + length - distance] { length += 1 }
    return length
  }
}

/// A code of the fixed Huffman tables with its extra bits, ready to be written from the lowest bit.
private struct DeflateSymbol {
  var bits: UInt64
  var count: Int

  /// Huffman codes go out from their highest bit, extra bits from their lowest.
  init(code: Int, count: Int, extra: Int = 0, extraCount: Int = 0) {
    var bits: UInt64 = 0
    for bit in 0..<count where code >> bit & 1 == 1 { bits |= 1 << UInt64(count - 1 - bit) }
    self.bits = bits | UInt64(extra) << UInt64(count)
    self.count = count + extraCount
  }

  static let literals: [Self] = (0..<256).map { literalOrLength($0) }
  static let end = literalOrLength(256)

  /// By length; the first three are never used.
  static let lengths: [Self] = (0...258).map { length in
    if length < 3 { return end }
    if length == 258 { return literalOrLength(285) }
    let value = length - 3
    let extra = value < 8 ? 0 : value.bitWidth - value.leadingZeroBitCount - 3
    return literalOrLength(257 + 4 * extra + value >> extra, extra: value & (1 << extra - 1), extraCount: extra)
  }

  static func distance(_ distance: Int) -> Self {
    let value = distance - 1
    let extra = value < 4 ? 0 : value.bitWidth - value.leadingZeroBitCount - 2
    return Self(code: 2 * extra + value >> extra, count: 5, extra: value & (1 << extra - 1), extraCount: extra)
  }

  private static func literalOrLength(_ symbol: Int, extra: Int = 0, extraCount: Int = 0) -> Self {
    switch symbol {
    case ..<144: Self(code: 0x30 + symbol, count: 8)
    case ..<256: Self(code: 0x190 + symbol - 144, count: 9)
    case ..<280: Self(code: symbol - 256, count: 7, extra: extra, extraCount: extraCount)
    default: Self(code: 0xC0 + symbol - 280, count: 8, extra: extra, extraCount: extraCount)
    }
  }
}

/// Bytes filled from the lowest bit.
private struct BitWriter {
  private var bytes: [UInt8] = []
  private var pending: UInt64 = 0
  private var pendingCount = 0

  mutating func write(_ symbol: DeflateSymbol) { write(symbol.bits, count: symbol.count) }

  /// Appends at most 32 bits.
  mutating func write(_ bits: UInt64, count: Int) {
    pending |= bits << UInt64(pendingCount)
    pendingCount += count
    while pendingCount >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingCount -= 8
    }
  }

  /// The bytes, the last one padded with zero bits.
  mutating func finished() -> [UInt8] {
    if pendingCount > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
    return bytes
  }
}
