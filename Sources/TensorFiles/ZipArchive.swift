import CFiles
import Foundation
import Tensor

/// The table of contents of a zip file: stored and deflated members, with the large-file extension.
struct ZipArchive: Sendable {
  struct Member: Sendable {
    var name: String
    var isDeflated: Bool
    var checksum: UInt32
    /// The number of bytes once decompressed.
    var size: Int
    /// The member's own header and the stored or compressed bytes.
    var header: Int
    var range: Range<Int>
  }

  let file: FileBytes
  let members: [Member]

  /// Reads the table of contents at a file's end.
  init(_ file: FileBytes) throws(FormatProblem) {
    self.file = file
    let directory = try ZipArchive.directory(of: file)
    var reader = FileReader(file, at: directory.range.lowerBound, end: directory.range.upperBound)
    var members: [Member] = []
    var names: Set<String> = []
    for _ in 0..<directory.count {
      let member = try ZipArchive.member(&reader, of: file, end: directory.range.lowerBound)
      guard names.insert(member.name).inserted else { throw FormatProblem("holds '\(member.name)' twice") }
      members.append(member)
    }
    guard reader.isAtEnd else {
      throw FormatProblem("has a table of contents longer than its \(directory.count) entries")
    }
    let ordered = members.sorted { $0.header < $1.header }
    for (member, next) in zip(ordered, ordered.dropFirst()) where member.range.upperBound > next.header {
      throw FormatProblem("'\(member.name)' and '\(next.name)' overlap")
    }
    self.members = members
  }

  /// Where the table of contents lies, and how many entries it has.
  private static func directory(of file: FileBytes) throws(FormatProblem) -> (range: Range<Int>, count: Int) {
    guard file.count >= 22 else { throw FormatProblem("is no zip file: \(file.count) bytes are too few") }
    let first = max(0, file.count - 22 - 0xFFFF)
    var end = file.count - 22
    // Byte by byte, so one comparison for almost all of them.
    file.withUnsafeBytes { bytes in
      while end >= first {
        if bytes[end] == 0x50, file.number(at: end, size: 4) == 0x0605_4B50,
          Int(file.number(at: end + 20, size: 2)) == file.count - end - 22
        {
          break
        }
        end -= 1
      }
    }
    guard end >= first else { throw FormatProblem("is no zip file, or cut short: it has no table of contents") }
    var reader = FileReader(file, at: end + 4, end: end + 22)
    let disks = (try reader.take(2), try reader.take(2))
    var (here, count) = (try reader.take(2), try reader.take(2))
    var (size, start) = (try reader.take(4), try reader.take(4))
    if end >= 20, file.number(at: end - 20, size: 4) == 0x0706_4B50 {
      let record = file.number(at: end - 12, size: 8)
      guard record <= UInt64(end - 20), end - 20 - Int(record) >= 56,
        file.number(at: Int(record), size: 4) == 0x0606_4B50
      else { throw FormatProblem("has a damaged table of contents (zip64)") }
      end = Int(record)
      reader = FileReader(file, at: end + 24, end: end + 56)
      (here, count) = (try reader.take(8), try reader.take(8))
      (size, start) = (try reader.take(8), try reader.take(8))
    }
    guard disks == (0, 0), here == count else {
      throw FormatProblem("is one part of several; only whole zip files are read")
    }
    guard start <= UInt64(end), size == UInt64(end) - start, count <= size / 46 else {
      throw FormatProblem("has a damaged table of contents: \(count) entries in \(size) bytes at \(start)")
    }
    return (Int(start)..<end, Int(count))
  }

  private static func member(_ reader: inout FileReader, of file: FileBytes, end: Int) throws(FormatProblem) -> Member {
    guard try reader.take(4) == 0x0201_4B50 else { throw FormatProblem("has a damaged table of contents") }
    try reader.skip(4)
    let (flags, method) = (try reader.take(2), try reader.take(2))
    try reader.skip(4)
    let checksum = UInt32(try reader.take(4))
    var (compressed, size) = (try reader.take(4), try reader.take(4))
    let (nameCount, extraCount, commentCount) = (try reader.take(2), try reader.take(2), try reader.take(2))
    try reader.skip(8)
    var header = try reader.take(4)
    let name = try reader.takeName(Int(nameCount), isUTF8: flags & 0x800 != 0)
    try reader.takeExtra(Int(extraCount), &size, &compressed, &header)
    try reader.skip(Int(commentCount))

    guard flags & 1 == 0 else { throw FormatProblem("holds '\(name)' encrypted") }
    guard method == 0 || method == 8 else {
      throw FormatProblem("holds '\(name)' compressed by method \(method), not deflate")
    }
    guard method == 8 || size == compressed else { throw FormatProblem("gives '\(name)' two sizes") }
    guard header <= UInt64(end), size <= UInt64(Int.max) else { throw FormatProblem("has '\(name)' outside the file") }
    let start = try dataStart(Int(header), name, method, of: file, end: end)
    guard compressed <= UInt64(end - start) else { throw FormatProblem("has '\(name)' outside the file") }
    return Member(
      name: name, isDeflated: method == 8, checksum: checksum, size: Int(size), header: Int(header),
      range: start..<start + Int(compressed))
  }

  /// Where a member's bytes begin, after its own header, which must agree.
  private static func dataStart(
    _ header: Int, _ name: String, _ method: UInt64, of file: FileBytes, end: Int
  ) throws(FormatProblem) -> Int {
    var reader = FileReader(file, at: header, end: end)
    guard try reader.take(4) == 0x0403_4B50 else { throw FormatProblem("has no member '\(name)' where its table says") }
    try reader.skip(2)
    let (flags, localMethod) = (try reader.take(2), try reader.take(2))
    try reader.skip(16)
    let (nameCount, extraCount) = (try reader.take(2), try reader.take(2))
    guard localMethod == method, try reader.takeName(Int(nameCount), isUTF8: flags & 0x800 != 0) == name else {
      throw FormatProblem("calls '\(name)' something else at the member itself")
    }
    try reader.skip(Int(extraCount))
    return reader.position
  }

  /// A member's bytes: those of the file where it is stored, decompressed otherwise; not yet checked.
  func bytes(of member: Member) throws -> FileBytes {
    let part = file[member.range]
    guard member.isDeflated else { return part }
    let zlib = try Zlib.shared.get()
    return try part.withUnsafeBytes { try zlib.inflated($0, count: member.size) }
  }

  /// Compares a member's bytes with its checksum.
  static func check(_ bytes: FileBytes, of member: Member) throws(FormatProblem) {
    let checksum = bytes.withUnsafeBytes(crc32)
    guard checksum == member.checksum else { throw FormatProblem("'\(member.name)' is damaged: its checksum differs") }
  }
}
