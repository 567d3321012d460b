import Foundation
import Tensor

extension Safetensors {
  /// Opens a file that PyTorch's `torch.save` wrote: `.pth` or `.pt`, of the present kind (a zip file) or the one before 1.6.
  ///
  /// Read are tensors and parameters in dictionaries, lists and tuples, with any strides and shared memory. Names join the
  /// keys with dots, so `{"state_dict": {"fc.bias": …}}` gives `state_dict.fc.bias`; text and numbers become metadata under
  /// their names. Nothing in the file is run. As with other files only what is asked for is read, and large files are mapped.
  ///
  /// Throws `TensorFileError` where the file cannot be read, is damaged, or names anything but containers and tensors.
  public init(pyTorch path: String) throws {
    try self.init(pyTorch: FileBytes(contentsOf: path), source: path)
  }

  /// Reads a file of `torch.save` in memory; `source` names it in messages.
  ///
  /// Throws `TensorFileError` as for a file on disk.
  public init(pyTorch data: Data, source: String = "data in memory") throws {
    try self.init(pyTorch: FileBytes(data), source: source)
  }

  init(pyTorch file: FileBytes, source: String) throws(TensorFileError) {
    do throws(FormatProblem) {
      let pool = Unpickler.Pool()
      defer { withExtendedLifetime(pool) {} }
      let content =
        file.count >= 4 && file.number(at: 0, size: 4) == 0x0403_4B50
        ? try PyTorchContent(zip: ZipArchive(file), pool) : try PyTorchContent(legacy: file, pool)
      var entries = PyTorchEntries(content, source: source)
      try entries.add(content.root, name: "", depth: 0)
      self.init(source: source, metadata: entries.metadata, tensors: entries.tensors)
    } catch {
      throw error.error(in: source)
    }
  }
}

/// What lies in a file of `torch.save`: a pickle, and the memory that its tensors refer to.
private struct PyTorchContent {
  let root: PickleValue
  private(set) var storages: [String: PyTorchStorage] = [:]

  /// The kind since PyTorch 1.6: `NAME/data.pkl`, and a member `NAME/data/KEY` for each storage.
  init(zip: ZipArchive, _ pool: Unpickler.Pool) throws(FormatProblem) {
    let members = Dictionary(uniqueKeysWithValues: zip.members.map { ($0.name, $0) })
    let pickles = zip.members.filter { $0.name.hasSuffix("/data.pkl") }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw FormatProblem("is a zip file, but not one of torch.save: it has \(pickles.count) members 'data.pkl'")
    }
    let folder = pickle.name.dropLast("data.pkl".count)
    func bytes(_ member: ZipArchive.Member) throws(FormatProblem) -> FileBytes {
      guard !member.isDeflated else { throw FormatProblem("holds '\(member.name)' compressed; torch.save stores it") }
      return zip.file[member.range]
    }
    let program = try bytes(pickle)
    try ZipArchive.check(program, of: pickle)
    var unpickler = Unpickler(program, pool: pool)
    root = try unpickler.read()
    if let order = members[folder + "byteorder"] {
      let text = try bytes(order).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
      guard text == "little" else { throw FormatProblem("has its bytes in the order '\(text)', which is not read") }
    }
    for (name, member) in members where name.hasPrefix(folder + "data/") {
      storages[String(name.dropFirst(folder.count + 5))] = PyTorchStorage(try bytes(member), member: member)
    }
  }

  /// What a file of the older kind begins with: a pickle of the number 0x1950A86A20F9469CFC6C.
  private static let magic: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  /// The kind before: five pickles (a number, a version, the machine, the content, the storages' keys), then the storages.
  init(legacy file: FileBytes, _ pool: Unpickler.Pool) throws(FormatProblem) {
    let magic = PyTorchContent.magic
    guard file.count >= magic.count, file[0..<magic.count].withUnsafeBytes({ Array($0) }) == magic else {
      throw FormatProblem("is no file of torch.save: neither a zip file nor one of the older kind")
    }
    var position = magic.count
    func next() throws(FormatProblem) -> PickleValue {
      var unpickler = Unpickler(file, at: position, pool: pool)
      let value = try unpickler.read()
      position = unpickler.position
      return value
    }
    guard try next().asInt == 1001 else { throw FormatProblem("is of an unknown version of torch.save") }
    let machine = try next().asDictionary?.entries.first { $0.key.asText == "little_endian" }
    guard case .bool(true)? = machine?.value else {
      throw FormatProblem("does not have its bytes in little-endian order")
    }
    root = try next()
    guard case .list(let keys) = try next() else { throw FormatProblem("is damaged: it has no list of storages") }
    var types = PyTorchStorageTypes()
    try types.add(root, depth: 0)
    for key in keys.items {
      guard let key = key.asText, let type = types.found[key], storages[key] == nil else {
        throw FormatProblem("is damaged: it lists a storage that no tensor uses, or one twice")
      }
      guard file.count - position >= 8 else { throw FormatProblem("is cut short before storage '\(key)'") }
      let count = file.number(at: position, size: 8)
      position += 8
      guard count <= UInt64((file.count - position) / type.size) else {
        throw FormatProblem("is cut short: storage '\(key)' has \(count) elements")
      }
      let end = position + Int(count) * type.size
      storages[key] = PyTorchStorage(file[position..<end], member: nil)
      position = end
    }
    guard position == file.count else { throw FormatProblem("has \(file.count - position) bytes after its storages") }
  }
}

/// The limit for a walk through containers: they can hold one another many times over.
private struct WalkLimit {
  private var steps = 0

  mutating func step(_ depth: Int) throws(FormatProblem) {
    steps += 1
    guard steps <= 1 << 20, depth <= 64 else { throw FormatProblem("nests its containers too deeply or too often") }
  }
}

/// The type of each storage that tensors refer to.
private struct PyTorchStorageTypes {
  private(set) var found: [String: ElementType] = [:]
  private var limit = WalkLimit()

  mutating func add(_ value: PickleValue, depth: Int) throws(FormatProblem) {
    try limit.step(depth)
    switch value {
    case .tensor(let tensor):
      let type = tensor.storage.type
      guard found.updateValue(type, forKey: tensor.storage.key) ?? type == type else {
        throw FormatProblem("gives storage '\(tensor.storage.key)' two types")
      }
    case .tuple(let list), .list(let list): for item in list.items { try add(item, depth: depth + 1) }
    case .dictionary(let dictionary): for entry in dictionary.entries { try add(entry.value, depth: depth + 1) }
    default: break
    }
  }
}

/// Tensors and texts by their dotted names.
private struct PyTorchEntries {
  private let content: PyTorchContent
  private let source: String
  private(set) var tensors: [(name: String, value: any Storable)] = []
  private(set) var metadata: [String: String] = [:]
  private var names: Set<String> = []
  private var limit = WalkLimit()
  /// The bytes that names may still take: a small file can give a long one to each of many values.
  private var room = 64 << 20

  init(_ content: PyTorchContent, source: String) { (self.content, self.source) = (content, source) }

  mutating func add(_ value: PickleValue, name: String, depth: Int) throws(FormatProblem) {
    try limit.step(depth)
    room -= name.utf8.count
    guard room >= 0 else { throw FormatProblem("gives its values names of more than 64 MiB together") }
    func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }
    switch value {
    case .tensor(let tensor):
      try claim(name)
      tensors.append((name, try content.tensor(tensor, name, source)))
    case .tuple(let list), .list(let list):
      for (index, item) in list.items.enumerated() { try add(item, name: path("\(index)"), depth: depth + 1) }
    case .dictionary(let dictionary):
      for (key, value) in dictionary.entries {
        guard let key = key.asText ?? key.asInt.map(String.init) else {
          throw FormatProblem("has a key in '\(name)' that is neither text nor an integer")
        }
        try add(value, name: path(key), depth: depth + 1)
      }
    case .none: try note("None", name)
    case .bool(let value): try note(value ? "True" : "False", name)
    case .int(let value): try note("\(value)", name)
    case .float(let value): try note("\(value)", name)
    case .text(let value): try note(value, name)
    case .global, .storage: throw FormatProblem("holds a function or a bare storage under '\(name)'")
    }
  }

  private mutating func note(_ text: String, _ name: String) throws(FormatProblem) {
    try claim(name)
    metadata[name] = text
  }

  private mutating func claim(_ name: String) throws(FormatProblem) {
    guard !name.isEmpty, name != "__metadata__" else {
      throw FormatProblem("holds a value without a name, no dictionary")
    }
    guard names.insert(name).inserted else { throw FormatProblem("holds '\(name)' twice") }
  }
}

extension PyTorchContent {
  /// A tensor whose elements are known to lie inside its storage.
  fileprivate func tensor(
    _ tensor: PickleTensor, _ name: String, _ source: String
  ) throws(FormatProblem) -> PyTorchTensor {
    let storage = tensor.storage
    guard let memory = storages[storage.key] else {
      throw FormatProblem("lacks storage '\(storage.key)', where tensor '\(name)' lies")
    }
    let (bytes, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.size)
    guard !overflow, bytes == memory.bytes.count else {
      throw FormatProblem(
        "is damaged: storage '\(storage.key)' should have \(storage.count) elements of \(storage.type.rawValue), "
          + "and has \(memory.bytes.count) bytes")
    }
    guard tensor.strides.count == tensor.shape.count, tensor.offset >= 0, tensor.strides.allSatisfy({ $0 >= 0 }),
      let size = storedByteCount(tensor.shape, size: storage.type.size)
    else { throw FormatProblem("gives tensor '\(name)' a shape or strides that no tensor has") }
    guard size <= bytes else {
      throw FormatProblem("repeats elements in tensor '\(name)'; save it after .contiguous()")
    }
    if size > 0 {
      var last = tensor.offset
      for (length, stride) in zip(tensor.shape, tensor.strides) {
        let (span, tooLong) = (length - 1).multipliedReportingOverflow(by: stride)
        let (sum, tooFar) = last.addingReportingOverflow(span)
        guard !tooLong, !tooFar, sum < storage.count else {
          throw FormatProblem("lets tensor '\(name)' reach outside its storage")
        }
        last = sum
      }
      guard last < storage.count else { throw FormatProblem("lets tensor '\(name)' reach outside its storage") }
    }
    return PyTorchTensor(storage: memory, view: tensor, byteCount: size, source: source)
  }
}
