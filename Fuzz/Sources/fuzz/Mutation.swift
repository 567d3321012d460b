import Foundation
import Tensor
import TensorFiles

/// Breaks files in ways that readers meet: flipped bits, lying numbers, cuts, copies, words in wrong places.
struct Mutation {
  var generator: RandomGenerator

  /// A mutated copy of one of the files; sometimes of two.
  mutating func mutated(_ files: [[UInt8]], for format: FuzzedFormat) -> [UInt8] {
    var bytes = files[below(files.count)]
    for _ in 0...below(4) {
      if bytes.isEmpty { break }
      change(&bytes, files)
    }
    if below(2) == 0 { format.repairLength(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], _ files: [[UInt8]]) {
    let position = below(bytes.count)
    switch below(11) {
    case 0: bytes[position] ^= 1 << UInt8(below(8))
    case 1: bytes[position] = UInt8(below(256))
    case 2: bytes.removeSubrange(position..<position + below(min(16, bytes.count - position) + 1))
    case 3: bytes.removeSubrange(position...)
    case 4:
      let size = [1, 2, 4, 8][below(4)]
      let number = Self.numbers[below(Self.numbers.count)]
      for k in 0..<size where position + k < bytes.count {
        bytes[position + k] = UInt8(truncatingIfNeeded: number >> UInt64(8 * k))
      }
    case 5: bytes.insert(contentsOf: Array(Self.words[below(Self.words.count)].utf8), at: position)
    case 6: replaceNumber(&bytes, from: position)
    case 7:
      let length = below(min(64, bytes.count - position) + 1)
      bytes.insert(contentsOf: Array(bytes[position..<position + length]), at: below(bytes.count))
    case 8:
      let other = files[below(files.count)]
      let from = below(other.count)
      let part = other[from..<min(other.count, from + below(64))]
      bytes.replaceSubrange(position..<min(bytes.count, position + part.count), with: part)
    case 9: bytes.append(contentsOf: [UInt8](repeating: UInt8(below(256)), count: below(40)))
    default: bytes.swapAt(position, below(bytes.count))
    }
  }

  /// Puts another number in the place of the next one that is written in digits.
  private mutating func replaceNumber(_ bytes: inout [UInt8], from position: Int) {
    let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
    guard let start = bytes[position...].firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    let number = below(3) == 0 ? UInt64(below(64)) : Self.numbers[below(Self.numbers.count)]
    bytes.replaceSubrange(start..<end, with: Array("\(number)".utf8))
  }

  private mutating func below(_ count: Int) -> Int { Int(truncatingIfNeeded: generator.next() % UInt64(count)) }

  private static let numbers: [UInt64] = [
    0, 1, 2, 7, 8, 16, 127, 128, 255, 256, 65535, 65536, 1 << 31, 0xFFFF_FFFF, 1 << 32, 1 << 40, 1 << 60, 1 << 62,
    UInt64(Int.max), 1 << 63, .max, .max - 7,
  ]

  private static let words = [
    "{", "}", "[", "]", "(", ")", ",", ":", "\"", "'", "\\", "\\u0000", "\\ud800", "\\udc00", "\u{FEFF}", " ", "\n",
    "\"dtype\":\"F16\",", "\"shape\":[],", "\"data_offsets\":[0,0]", "\"__metadata__\":{},", "BOOL", "BF16", "I32",
    "U8",
    "'descr': '<f4', ", "'fortran_order': True, ", "'shape': (), ", "|b1", ">f8", "<i4", "-", "1e9", "0.5", "null",
    "true",
    "\u{2}.", "]q\0", "h\0a", "(", "t", "R", "Q", "cos\nsystem\n", "ctorch\nFloatStorage\n", "K\u{7F}", "N", "\u{0})",
    "[[[[[[[[", "((((((((", "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", ".npy", "é",
  ]
}

/// A format whose reader is fuzzed.
enum FuzzedFormat: String, CaseIterable {
  case safetensors, npy, npz, pth, mat

  /// Files to begin with; `goldens` is the folder `Tests/Goldens/files`.
  func files(goldens: URL) throws -> [[UInt8]] {
    if self == .safetensors { return Self.safetensorsFiles }
    let all = try FileManager.default.contentsOfDirectory(at: goldens, includingPropertiesForKeys: nil)
    return try all.filter { $0.pathExtension == rawValue }.sorted { $0.path < $1.path }.map {
      try Array(Data(contentsOf: $0))
    }
  }

  /// Opens a file and reads all that is in it, in its own type and converted; says whether the file was accepted.
  ///
  /// Every refusal must be a `TensorFileError`; anything else ends the program.
  func read(_ bytes: [UInt8]) -> Bool {
    do {
      switch self {
      case .safetensors:
        check(try Safetensors(data: Data(bytes)))
      case .pth: check(try Safetensors(pyTorch: Data(bytes)))
      case .npy: check(try NumPyArray(data: Data(bytes)))
      case .npz:
        let file = try NumPyArchive(data: Data(bytes))
        for name in file.names { check(try file.array(name)) }
      case .mat:
        let file = try MATFile(data: Data(bytes))
        for name in try file.names { check(try file.value(name)) }
      }
      return true
    } catch let error as TensorFileError {
      precondition(!error.description.isEmpty)
      return false
    } catch {
      fatalError("not a TensorFileError: \(error)")
    }
  }

  private func check(_ value: MATValue) {
    switch value {
    case .numbers(let numbers): precondition(numbers.scalars.count == numbers.shape.reduce(1, *))
    case .text(let rows): precondition(rows.count <= 1 || !rows[0].isEmpty)
    case .cells(let cells, let shape):
      precondition(cells.count == shape.reduce(1, *))
      for cell in cells { check(cell) }
    case .structures(let fields, let shape):
      for values in fields.values {
        precondition(values.count == shape.reduce(1, *))
        for value in values { check(value) }
      }
    }
  }

  private func check(_ file: Safetensors) {
    for name in file.names {
      check(file.shape(of: name)!, file.elementType(of: name)!) {
        try file.tensor(name, as: $0)
      } _: {
        try file.tensor(name, convertingTo: $0)
      }
    }
  }

  private func check(_ array: NumPyArray) {
    check(array.shape, array.elementType) {
      try array.tensor(as: $0)
    } _: {
      try array.tensor(convertingTo: $0)
    }
  }

  private func check(
    _ shape: [Int], _ type: ElementType, _ tensor: (Float.Type) throws -> Tensor<Float>,
    _ converted: (Int.Type) throws -> Tensor<Int>
  ) {
    let count = shape.reduce(1, *)
    precondition(count >= 0)
    do {
      let floats = try tensor(Float.self)
      precondition(type == .float32 && floats.shape == shape && floats.scalars.count == count)
      _ = floats.description
    } catch {
      precondition(error is TensorFileError, "not a TensorFileError: \(error)")
    }
    do {
      let integers = try converted(Int.self)
      precondition(integers.shape == shape && integers.scalars.count == count)
    } catch {
      precondition(error is TensorFileError, "not a TensorFileError: \(error)")
    }
  }

  /// Makes the header's length right again, so that a change in the header is looked at.
  func repairLength(_ bytes: inout [UInt8]) {
    switch self {
    case .safetensors:
      guard bytes.count > 8, let end = bytes.lastIndex(of: UInt8(ascii: "}")), end >= 8 else { return }
      for k in 0..<8 { bytes[k] = UInt8(truncatingIfNeeded: (end - 7) >> (8 * k)) }
    case .npy:
      guard bytes.count > 12, let end = bytes.lastIndex(of: UInt8(ascii: "\n")), end >= 12 else { return }
      let length = end + 1 - (bytes[6] == 1 ? 10 : 12)
      for k in 0..<2 { bytes[8 + k] = UInt8(truncatingIfNeeded: length >> (8 * k)) }
    case .npz, .mat: break
    case .pth: repairChecksums(&bytes)
    }
  }

  /// Gives every stored member of a zip file the checksum of its bytes, so that the pickle in it is looked at.
  private func repairChecksums(_ bytes: inout [UInt8]) {
    func number(_ at: Int, _ size: Int) -> Int { (0..<size).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    var entry = 0
    while entry + 46 <= bytes.count {
      guard number(entry, 4) == 0x0201_4B50 else {
        entry += 1
        continue
      }
      let (header, size) = (number(entry + 42, 4), number(entry + 20, 4))
      if header + 30 <= bytes.count {
        let start = header + 30 + number(header + 26, 2) + number(header + 28, 2)
        if start + size <= bytes.count {
          let checksum = checksum(bytes[start..<start + size])
          for k in 0..<4 { bytes[entry + 16 + k] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * k)) }
        }
      }
      entry += 46
    }
  }

  /// CRC-32 as zip files use it, bit by bit.
  private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  private static var safetensorsFiles: [[UInt8]] {
    func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
      let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { [UInt8]($0) }
      return length + Array(header.utf8) + data
    }
    let types: [(String, Int)] = [
      ("F16", 2), ("BF16", 2), ("F32", 4), ("F64", 8), ("I32", 4), ("I64", 8), ("U8", 1), ("BOOL", 1),
    ]
    var all = types.map { name, size -> [UInt8] in
      let header = #"{"x":{"dtype":"\#(name)","shape":[2,3],"data_offsets":[0,\#(6 * size)]}}"#
      let data = (0..<6 * size).map { byte -> UInt8 in name == "BOOL" ? UInt8(byte % 2) : UInt8(byte * 37 % 256) }
      return file(header, data)
    }
    all.append(
      file(
        #"{"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#
          + #""a.bias":{"dtype":"F64","shape":[],"data_offsets":[8,16]},"empty\u00e9":{"dtype":"I64","shape":[0,5],"#
          + #""data_offsets":[16,16]}}   "#, [UInt8](repeating: 64, count: 16)))
    all.append(file("{}", []))
    return all
  }
}
