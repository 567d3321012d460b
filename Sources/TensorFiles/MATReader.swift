import Tensor

/// The types of the data elements that a MATLAB file of version 5 is made of.
enum MATType: UInt64 {
  case int8 = 1
  case uint8, int16, uint16, int32, uint32, single
  case double = 9
  case int64 = 12
  case uint64, matrix, compressed, utf8, utf16, utf32
}

/// A data element: its type, its bytes, and where it begins among those it was read from.
struct MATElement: Sendable {
  let type: MATType
  let bytes: FileBytes
  let start: Int
}

/// Reads data elements one after the other.
struct MATReader {
  private let bytes: FileBytes
  private var position: Int

  init(_ bytes: FileBytes, from position: Int) {
    self.bytes = bytes
    self.position = position
  }

  var isAtEnd: Bool { position == bytes.count }
  var bytesLeft: Int { bytes.count - position }

  /// The next element; padding after it is skipped.
  ///
  /// Up to four bytes of data may stand in the tag itself, whose upper half then is their count.
  mutating func next() throws(FormatProblem) -> MATElement {
    let start = position
    guard bytesLeft >= 8 else {
      throw FormatProblem("is cut short at byte \(start): an element has eight bytes or more")
    }
    let tag = bytes.number(at: start, size: 4)
    let isSmall = tag >> 16 != 0
    let number = isSmall ? tag & 0xFFFF : tag
    let count = Int(isSmall ? tag >> 16 : bytes.number(at: start + 4, size: 4))
    guard let type = MATType(rawValue: number) else {
      throw FormatProblem("is damaged: there is no type \(number), which it has at byte \(start)")
    }
    guard !isSmall || count <= 4 else {
      throw FormatProblem("is damaged: the small element at byte \(start) has \(count) bytes, more than 4")
    }
    let data = isSmall ? start + 4 : start + 8
    guard count <= bytes.count - data else {
      throw FormatProblem(
        "is cut short or damaged: the element at byte \(start) has \(count) bytes, and \(bytes.count - data) are left")
    }
    let padded = isSmall ? start + 8 : type == .compressed ? data + count : data + (count + 7) / 8 * 8
    position = min(padded, bytes.count)
    return MATElement(type: type, bytes: bytes[data..<data + count], start: start)
  }

  /// The next element, which must be of one of these types; `what` names it in the error.
  mutating func next(_ types: MATType..., as what: String) throws(FormatProblem) -> FileBytes {
    let element = try next()
    guard types.contains(element.type) else {
      throw FormatProblem("is damaged: \(what) at byte \(element.start) cannot be \(element.type)")
    }
    return element.bytes
  }
}
