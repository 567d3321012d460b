import Tensor

/// Reads the part of Python's pickle format that weights are written in, and runs nothing.
///
/// A pickle is a program for a machine with a stack. This machine makes containers, text and numbers; of the functions that
/// a program may call it knows those that put tensors together (`PickleGlobal`) and refuses any other by name.
struct Unpickler {
  private let file: FileBytes
  /// Where the next byte is; after `read`, behind the pickle.
  private(set) var position: Int
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private let pool: Pool

  /// All containers made, emptied at the end, because one that holds itself would never be freed.
  final class Pool {
    fileprivate var lists: [PickleList] = []
    fileprivate var dictionaries: [PickleDictionary] = []

    deinit {
      for list in lists { list.items = [] }
      for dictionary in dictionaries { dictionary.entries = [] }
    }
  }

  /// Begins to read at a position; the containers live as long as the pool.
  init(_ file: FileBytes, at position: Int = 0, pool: Pool) {
    (self.file, self.position, self.pool) = (file, position, pool)
  }

  /// Reads one pickle to its end.
  mutating func read() throws(FormatProblem) -> PickleValue {
    while true {
      let start = position
      let code = try takeByte()
      if code == UInt8(ascii: ".") {
        guard stack.count == 1, marks.isEmpty else { throw damaged("ends with \(stack.count) values", at: start) }
        return stack[0]
      }
      try step(code, at: start)
    }
  }

  private mutating func step(_ code: UInt8, at start: Int) throws(FormatProblem) {
    switch code {
    case 0x80:  // PROTO
      let version = try takeByte()
      guard (2...5).contains(version) else { throw FormatProblem("is a pickle of version \(version); 2 to 5 are read") }
    case 0x95: _ = try takeNumber(8)  // FRAME
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop(start)
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "J"): stack.append(.int(Int(Int32(truncatingIfNeeded: try takeNumber(4)))))
    case UInt8(ascii: "K"): stack.append(.int(Int(try takeByte())))
    case UInt8(ascii: "M"): stack.append(.int(Int(try takeNumber(2))))
    case 0x8A: stack.append(.int(try takeLong(start)))
    case UInt8(ascii: "G"): stack.append(.float(Double(bitPattern: try takeNumber(8).byteSwapped)))
    case UInt8(ascii: "X"), UInt8(ascii: "T"): stack.append(.text(try takeText(try takeNumber(4))))
    case 0x8C, UInt8(ascii: "U"): stack.append(.text(try takeText(UInt64(try takeByte()))))
    case 0x8D: stack.append(.text(try takeText(try takeNumber(8))))
    case UInt8(ascii: ")"): stack.append(.tuple(makeList([])))
    case 0x85, 0x86, 0x87:
      let count = Int(code) - 0x84
      guard stack.count - (marks.last ?? 0) >= count else { throw damaged("takes too many values", at: start) }
      let items = Array(stack.suffix(count))
      stack.removeLast(count)
      stack.append(.tuple(makeList(items)))
    case UInt8(ascii: "t"): stack.append(.tuple(makeList(try popToMark(start))))
    case UInt8(ascii: "]"), UInt8(ascii: "l"):
      stack.append(.list(makeList(code == UInt8(ascii: "l") ? try popToMark(start) : [])))
    case UInt8(ascii: "}"): stack.append(.dictionary(makeDictionary()))
    case UInt8(ascii: "d"):
      let items = try popToMark(start)
      let dictionary = makeDictionary()
      try add(items, to: dictionary, start)
      stack.append(.dictionary(dictionary))
    case UInt8(ascii: "a"), UInt8(ascii: "e"):
      let items = code == UInt8(ascii: "a") ? [try pop(start)] : try popToMark(start)
      guard case .list(let list) = stack.last else { throw damaged("appends to no list", at: start) }
      list.items += items
    case UInt8(ascii: "s"), UInt8(ascii: "u"):
      var items: [PickleValue] = []
      if code == UInt8(ascii: "s") {
        let value = try pop(start)
        items = [try pop(start), value]
      } else {
        items = try popToMark(start)
      }
      guard case .dictionary(let dictionary) = stack.last else {
        throw damaged("sets items of no dictionary", at: start)
      }
      try add(items, to: dictionary, start)
    case UInt8(ascii: "q"): try remember(Int(try takeByte()), start)
    case UInt8(ascii: "r"): try remember(Int(try takeNumber(4)), start)
    case 0x94: try remember(memo.count, start)
    case UInt8(ascii: "h"): try recall(Int(try takeByte()), start)
    case UInt8(ascii: "j"): try recall(Int(try takeNumber(4)), start)
    case UInt8(ascii: "c"): stack.append(.global(try global(module: try takeLine(), name: try takeLine())))
    case 0x93:  // STACK_GLOBAL
      guard let name = try pop(start).asText, let module = try pop(start).asText else {
        throw damaged("names a function without text", at: start)
      }
      stack.append(.global(try global(module: module, name: name)))
    case UInt8(ascii: "R"):
      let arguments = try pop(start)
      guard case .global(let function) = try pop(start), let arguments = arguments.asTuple else {
        throw damaged("calls something that is no function", at: start)
      }
      stack.append(try call(function, arguments, start))
    case UInt8(ascii: "b"): try build(start)
    case UInt8(ascii: "Q"): stack.append(.storage(try storage(try pop(start), start)))
    default:
      throw FormatProblem(
        "uses a part of the pickle format (0x\(String(code, radix: 16)) at byte \(start)) that weights do not need")
    }
  }
}

// What the machine does.
extension Unpickler {
  private func global(module: String, name: String) throws(FormatProblem) -> PickleGlobal {
    if let global = PickleGlobal(module: module, name: name) { return global }
    throw FormatProblem(
      "asks for '\(module).\(name)', which is no container or tensor that can be read; nothing of it was run. "
        + "Save the state_dict alone, with tensors of a usual type")
  }

  private func call(
    _ function: PickleGlobal, _ arguments: [PickleValue], _ start: Int
  ) throws(FormatProblem) -> PickleValue {
    switch function {
    case .orderedDictionary:
      let dictionary = makeDictionary()
      if arguments.isEmpty { return .dictionary(dictionary) }
      guard arguments.count == 1, case .list(let pairs) = arguments[0] else {
        throw damaged("makes an OrderedDict of something else than pairs", at: start)
      }
      for pair in pairs.items {
        guard let pair = pair.asTuple, pair.count == 2 else {
          throw damaged("has no pair in an OrderedDict", at: start)
        }
        dictionary.entries.append((pair[0], pair[1]))
      }
      return .dictionary(dictionary)
    case .size:
      guard arguments.count == 1, arguments[0].asSizes != nil else {
        throw damaged("has a wrong torch.Size", at: start)
      }
      return arguments[0]
    case .rebuildTensor, .rebuildTensorV2:
      let counts = function == .rebuildTensor ? 4...4 : 6...7
      guard counts.contains(arguments.count), case .storage(let storage) = arguments[0],
        let offset = arguments[1].asInt, let shape = arguments[2].asSizes, let strides = arguments[3].asSizes
      else { throw damaged("rebuilds a tensor from something else", at: start) }
      return .tensor(PickleTensor(storage: storage, offset: offset, shape: shape, strides: strides))
    case .rebuildParameter:
      guard arguments.count == 3, case .tensor = arguments[0] else {
        throw damaged("makes a parameter of something else than a tensor", at: start)
      }
      return arguments[0]
    case .storage: throw damaged("makes a storage where only its type belongs", at: start)
    }
  }

  /// Drops what `state_dict()` hangs onto its dictionary, the versions of the modules.
  private mutating func build(_ start: Int) throws(FormatProblem) {
    let state = try pop(start)
    guard case .dictionary = stack.last, let attributes = state.asDictionary,
      attributes.entries.allSatisfy({ $0.key.asText == "_metadata" })
    else { throw damaged("sets attributes other than a state_dict's _metadata", at: start) }
  }

  /// `('storage', type, key, device, count)`; old files add the place in another storage, or None.
  private func storage(_ id: PickleValue, _ start: Int) throws(FormatProblem) -> PickleStorage {
    guard let parts = id.asTuple, (5...6).contains(parts.count), parts[0].asText == "storage",
      case .global(.storage(let type)) = parts[1], let key = parts[2].asText, let count = parts[4].asInt, count >= 0
    else { throw damaged("describes a storage wrongly", at: start) }
    if parts.count == 6 {
      guard case .none = parts[5] else {
        throw FormatProblem("holds storage '\(key)' as a part of another, which is not read")
      }
    }
    return PickleStorage(key: key, type: type, count: count)
  }

  private func makeList(_ items: [PickleValue]) -> PickleList {
    let list = PickleList()
    list.items = items
    pool.lists.append(list)
    return list
  }

  private func makeDictionary() -> PickleDictionary {
    let dictionary = PickleDictionary()
    pool.dictionaries.append(dictionary)
    return dictionary
  }

  private func add(
    _ items: [PickleValue], to dictionary: PickleDictionary, _ start: Int
  ) throws(FormatProblem) {
    guard items.count % 2 == 0 else { throw damaged("has a key without a value", at: start) }
    for i in stride(from: 0, to: items.count, by: 2) { dictionary.entries.append((items[i], items[i + 1])) }
  }

  private mutating func pop(_ start: Int) throws(FormatProblem) -> PickleValue {
    guard stack.count > (marks.last ?? 0) else { throw damaged("takes a value that is not there", at: start) }
    return stack.removeLast()
  }

  private mutating func popToMark(_ start: Int) throws(FormatProblem) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw damaged("takes values up to a mark that is not there", at: start) }
    let items = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return items
  }

  private mutating func remember(_ index: Int, _ start: Int) throws(FormatProblem) {
    guard stack.count > (marks.last ?? 0) else { throw damaged("remembers a value that is not there", at: start) }
    memo[index] = stack[stack.count - 1]
  }

  private mutating func recall(_ index: Int, _ start: Int) throws(FormatProblem) {
    guard let value = memo[index] else { throw damaged("recalls a value that it never had", at: start) }
    stack.append(value)
  }

  private func damaged(_ what: String, at position: Int) -> FormatProblem {
    FormatProblem("is damaged: its pickle \(what) at byte \(position)")
  }
}

// What the machine reads.
extension Unpickler {
  private mutating func takeByte() throws(FormatProblem) -> UInt8 { UInt8(try takeNumber(1)) }

  private mutating func takeNumber(_ size: Int) throws(FormatProblem) -> UInt64 {
    guard size <= file.count - position else { throw FormatProblem("is cut short: its pickle has no end") }
    position += size
    return file.number(at: position - size, size: size)
  }

  private mutating func takeText(_ count: UInt64) throws(FormatProblem) -> String {
    guard count <= UInt64(file.count - position) else { throw FormatProblem("is cut short: its pickle has no end") }
    let start = position
    position += Int(count)
    guard let text = file[start..<position].withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else {
      throw FormatProblem("holds text that is no UTF-8 at byte \(start)")
    }
    return text
  }

  private mutating func takeLine() throws(FormatProblem) -> String {
    let start = position
    while try takeByte() != UInt8(ascii: "\n") {}
    let end = position - 1
    position = start
    let text = try takeText(UInt64(end - start))
    position = end + 1
    return text
  }

  /// A little-endian two's complement number of up to 8 bytes.
  private mutating func takeLong(_ start: Int) throws(FormatProblem) -> Int {
    let size = Int(try takeByte())
    guard size <= 8 else { throw FormatProblem("holds a number of \(size) bytes at byte \(start), too many to read") }
    let number = try takeNumber(size)
    if size == 0 { return 0 }
    let unused = UInt64(64 - 8 * size)
    return Int(truncatingIfNeeded: Int64(bitPattern: number << unused) >> Int64(unused))
  }
}
