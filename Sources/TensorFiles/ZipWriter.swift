import CFiles
import Tensor

/// Writes a zip file of stored or deflated members.
struct ZipWriter {
  private struct Entry {
    var name: [UInt8]
    var checksum: UInt32
    var size: Int
    /// The number of bytes in the file.
    var stored: Int
    var isDeflated: Bool
    var start: Int
  }

  private var entries: [Entry] = []
  private let limit: Int
  private let compressor: Zlib?

  /// Sizes, places and counts from `limit` on are written in the large-file extension; members are deflated where there is a
  /// compressor.
  init(wideFrom limit: Int, compressor: Zlib?) {
    self.limit = limit
    self.compressor = compressor
  }

  /// Appends an array as a member of its own.
  ///
  /// Throws where the name takes more bytes than the format can say.
  mutating func add(_ array: NumPyArray, as name: String, to file: inout AtomicFile) throws {
    guard name.utf8.count <= 0xFFFF else {
      throw FormatProblem("would get an array whose name takes \(name.utf8.count) bytes, more than 65535")
    }
    var entry = Entry(
      name: Array(name.utf8), checksum: 0, size: 0, stored: 0, isDeflated: compressor != nil, start: file.position)
    try array.forEachPart { part in
      entry.checksum = ck_crc32(entry.checksum, part.count, part.baseAddress)
      entry.size += part.count
    }
    let deflated = try compressor.map { try $0.deflated { feed in try array.forEachPart(feed) } }
    entry.stored = deflated?.count ?? entry.size
    let isWide = max(entry.size, entry.stored) >= limit
    var header = Self.little(0x0403_4B50, 4) + Self.common(entry, isWide: isWide, (isWide, isWide))
    let extra =
      isWide ? Self.little(1, 2) + Self.little(16, 2) + Self.little(entry.size, 8) + Self.little(entry.stored, 8) : []
    header += Self.little(extra.count, 2) + entry.name + extra
    try file.write(header)
    if let deflated {
      try file.write(deflated)
    } else {
      try array.forEachPart { try file.write($0) }
    }
    entries.append(entry)
  }

  /// Appends the table of contents.
  func finish(_ file: inout AtomicFile) throws {
    let start = file.position
    for entry in entries {
      let numbered = [entry.size, entry.stored, entry.start]
      let wide = numbered.map { $0 >= limit }
      let numbers = zip(numbered, wide).flatMap { $1 ? Self.little($0, 8) : [] }
      let extra = numbers.isEmpty ? [] : Self.little(1, 2) + Self.little(numbers.count, 2) + numbers
      var record = Self.little(0x0201_4B50, 4) + Self.little(0x0300 | 45, 2)
      record += Self.common(entry, isWide: !extra.isEmpty, (wide[0], wide[1]))
      record += Self.little(extra.count, 2) + Self.little(0, 2) + Self.little(0, 2) + Self.little(0, 2)
      record += Self.little(0o100644 << 16, 4) + Self.little(wide[2] ? 0xFFFF_FFFF : entry.start, 4)
      try file.write(record + entry.name + extra)
    }
    let (end, count) = (file.position, entries.count)
    let isWide = end >= limit || count >= 0xFFFF
    if isWide {
      var record = Self.little(0x0606_4B50, 4) + Self.little(44, 8) + Self.little(45, 2) + Self.little(45, 2)
      record += Self.little(0, 4) + Self.little(0, 4) + Self.little(count, 8) + Self.little(count, 8)
      record += Self.little(end - start, 8) + Self.little(start, 8)
      try file.write(record)
      try file.write(Self.little(0x0706_4B50, 4) + Self.little(0, 4) + Self.little(end, 8) + Self.little(1, 4))
    }
    let short = isWide ? 0xFFFF : count
    var record = Self.little(0x0605_4B50, 4) + Self.little(0, 4) + Self.little(short, 2) + Self.little(short, 2)
    record += Self.little(isWide ? 0xFFFF_FFFF : end - start, 4) + Self.little(isWide ? 0xFFFF_FFFF : start, 4)
    try file.write(record + Self.little(0, 2))
  }

  /// What a member's header and its entry in the table share: version to the name's length; 1 January 1980, midnight.
  ///
  /// `elsewhere` says which of the sizes, whole and stored, stands in the large-file extension.
  private static func common(_ entry: Entry, isWide: Bool, _ elsewhere: (Bool, Bool)) -> [UInt8] {
    let flags = entry.name.allSatisfy { $0 < 0x80 } ? 0 : 0x800
    let size = elsewhere.0 ? 0xFFFF_FFFF : entry.size
    let stored = elsewhere.1 ? 0xFFFF_FFFF : entry.stored
    return little(isWide ? 45 : 20, 2) + little(flags, 2) + little(entry.isDeflated ? 8 : 0, 2) + little(0, 2)
      + little(0x21, 2) + little(Int(entry.checksum), 4) + little(stored, 4) + little(size, 4)
      + little(entry.name.count, 2)
  }

  private static func little(_ number: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
