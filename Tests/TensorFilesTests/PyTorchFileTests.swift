import Foundation
import Tensor
import Testing
import _TestSupport

@testable import TensorFiles

/// Files of `torch.save` against those that PyTorch wrote into `Tests/Goldens/files`.
@Suite struct PyTorchFileTests {
  private func file(_ name: String) throws -> Safetensors {
    try Safetensors(pyTorch: goldenFile("\(name).pth").path)
  }

  private func counted(_ count: Int, from first: Float = 0) -> [Float] { (0..<count).map { first + Float($0) } }

  @Test(arguments: ["state", "state-legacy", "state-protocol-4"]) func aStateDictIsRead(_ name: String) throws {
    let file = try file(name)
    expectEqual(
      file.names,
      [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
      ])
    #expect(file.metadata.isEmpty)
    expectEqual(file.shape(of: "0.weight"), [3, 2])
    expectEqual(file.elementType(of: "0.weight"), .float32)
    try expectEqual(file.tensor("0.weight", as: Float.self).scalars, counted(6))
    try expectEqual(file.tensor("1.running_var", as: Float.self).scalars, counted(3, from: 5))
    try expectEqual(file.tensor("1.num_batches_tracked", as: Int.self).item, 6)
  }

  /// Tuples within tuples are freed without recursion.
  @Test func nestingWithoutEndIsRefused() throws {
    let magic = try Data(contentsOf: goldenFile("views-legacy.pth")).prefix(15)
    let tuples = [UInt8](repeating: 0x85, count: 300_000)
    let pickle = [0x80, 2, UInt8(ascii: "N")] + tuples + [UInt8(ascii: ".")]
    #expect(throws: TensorFileError.self) { try Safetensors(pyTorch: magic + pickle) }
  }

  @Test(arguments: ["types", "types-legacy"]) func everyTypeIsRead(_ name: String) throws {
    let file = try file(name)
    expectEqual(Set(file.names), Set(ElementType.allCases.map(\.rawValue)))
    for type in ElementType.allCases {
      expectEqual(file.elementType(of: type.rawValue), type)
      expectEqual(file.shape(of: type.rawValue), [2, 3])
      let values = try file.tensor(type.rawValue, convertingTo: Float.self).scalars
      switch type {
      case .bool: expectEqual(values, [1, 0, 1, 0, 1, 0])
      case .uint8: expectEqual(values, counted(6))
      default: expectEqual(values, counted(6, from: -2), "\(type)")
      }
    }
    #expect(throws: TensorFileError.self) { try file.tensor("float16", as: Float.self) }
  }

  @Test(arguments: ["views", "views-legacy"]) func viewsAreReadInOrder(_ name: String) throws {
    let file = try file(name)
    let whole = Tensor(counted(24), shape: [4, 6])
    let expected: [(String, Tensor<Float>)] = [
      ("whole", whole), ("transposed", whole.transposed()), ("column", whole.select(along: 1, 1)), ("row", whole[2]),
      ("slice", whole.sliced(along: 0, 1..<3).sliced(along: 1, 2..<5)),
      ("every-other", Tensor([0, 3, 12, 15], shape: [2, 2])), ("number", Tensor(2.5)), ("empty", .zeros([0, 3])),
      ("permuted", Tensor(counted(24), shape: [2, 3, 4]).permuted([2, 0, 1])),
      ("half", Tensor(counted(6), shape: [2, 3]).transposed()), ("far", Tensor([1, 3], shape: [1, 2])),
    ]
    expectEqual(Set(file.names), Set(expected.map(\.0)))
    for (name, tensor) in expected {
      let found = try file.tensor(name, convertingTo: Float.self)
      expectEqual(found.shape, tensor.shape, "\(name)")
      expectEqual(found.scalars, tensor.scalars, "\(name)")
    }
    // Written as safetensors they are the same.
    try withTemporaryFile { path in
      try file.write(to: path)
      let copy = try Safetensors(contentsOf: path)
      for (name, tensor) in expected {
        try expectEqual(copy.tensor(name, convertingTo: Float.self).scalars, tensor.scalars, "\(name)")
        expectEqual(copy.elementType(of: name), file.elementType(of: name))
      }
    }
  }

  @Test func containersBecomeNamesAndMetadata() throws {
    let file = try file("checkpoint")
    expectEqual(file.names, ["state_dict.weight", "optimizer.state.0.momentum"])
    expectEqual(
      file.metadata,
      [
        "epoch": "7", "arch": "resnet50", "best": "0.25", "amp": "None", "done": "True", "milestones.0": "30",
        "milestones.1": "60", "optimizer.state.0.step": "12", "optimizer.param_groups.0.betas.0": "0.9",
        "optimizer.param_groups.0.betas.1": "0.99", "shape.0": "2", "shape.1": "3", "large": "1099511627776",
        "negative": "-5",
      ])
  }

  @Test(arguments: [
    ("bad-attack", "asks for 'posix.system'"), ("bad-attack-legacy", "asks for 'posix.system'"),
    ("bad-numpy", "asks for 'numpy"), ("bad-module", "asks for 'torch.nn.modules.linear.Linear'"),
    ("bad-int16", "asks for 'torch.ShortStorage'"), ("bad-expanded", "repeats elements in tensor 'weight'"),
  ])
  func anythingElseIsRefusedByName(_ name: String, _ reason: String) {
    let error = #expect(throws: TensorFileError.self) { try file(name) }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.contains("\(name).pth: ") && message.contains(reason), "\(message)")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/swift-hpl-was-here"))
  }

  @Test(arguments: ["state", "state-legacy", "types", "views-legacy"]) func everyCutIsRefused(_ name: String) throws {
    let bytes = try Data(contentsOf: goldenFile("\(name).pth"))
    for count in 0..<bytes.count {
      #expect(throws: TensorFileError.self, "\(count)") { try Safetensors(pyTorch: bytes.prefix(count)) }
    }
  }

  @Test func aDamagedStorageIsFoundWhenItIsRead() throws {
    var bytes = try Data(contentsOf: goldenFile("state.pth"))
    let whole = try Safetensors(pyTorch: bytes).tensor("0.weight", as: Float.self)
    let pattern = whole.scalars.withUnsafeBytes { Data($0) }
    let place = try #require(bytes.range(of: pattern))
    bytes[place.lowerBound] ^= 1
    let file = try Safetensors(pyTorch: bytes, source: "damaged.pth")
    let error = #expect(throws: TensorFileError.self) { try file.tensor("0.weight", as: Float.self) }
    expectEqual(error.map { "\($0)".contains("damaged.pth") && "\($0)".contains("checksum") }, true)
    try expectEqual(file.tensor("0.bias", as: Float.self).count, 3)
  }

  /// A list that holds itself, and lists that hold one another 2⁴⁰ times.
  @Test func containersWithoutEndAreRefused() {
    let header = Self.legacyHeader
    let itself: [UInt8] = [0x80, 2, 0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E]
    var doubled: [UInt8] = [0x80, 2, 0x5D, 0x71, 0]
    for _ in 0..<40 { doubled += [0x5D, 0x28, 0x68, 0, 0x68, 0, 0x65, 0x71, 0] }
    doubled += [0x2E]
    // The first value of the second program stays below the others, so it is a tuple of everything.
    for program in [itself, [0x80, 2, 0x28] + doubled[2..<doubled.count - 1] + [0x74, 0x2E]] {
      let error = #expect(throws: TensorFileError.self) {
        try Safetensors(pyTorch: Data(header + program + [0x80, 2, 0x5D, 0x2E]))
      }
      expectEqual(error.map { "\($0)".contains("nests its containers") }, true)
    }
  }

  /// A key of 100,000 letters over a list of 1,000 values: a small file, but names of 100 MB.
  @Test func namesThatMultiplyAreRefused() {
    let key = [UInt8](repeating: 0x6B, count: 100_000)
    let length = (0..<4).map { UInt8(truncatingIfNeeded: key.count >> (8 * $0)) }
    let nothings = [UInt8](repeating: 0x4E, count: 1000)
    let program: [UInt8] = [0x80, 2, 0x7D, 0x58] + length + key + [0x5D, 0x28] + nothings + [0x65, 0x73, 0x2E]
    let error = #expect(throws: TensorFileError.self) {
      try Safetensors(pyTorch: Data(Self.legacyHeader + program + [0x80, 2, 0x5D, 0x2E]))
    }
    expectEqual(error.map { "\($0)".contains("names of more than 64 MiB") }, true)
  }

  @Test func otherFilesAreNamedAsSuch() {
    for (bytes, reason) in [
      (Data(), "no file of torch.save"), (Data("PK\u{3}\u{4}".utf8), "no zip file"),
      (Data(Self.legacyHeader), "cut short"),
    ] {
      let error = #expect(throws: TensorFileError.self) { try Safetensors(pyTorch: bytes, source: "x.pth") }
      expectEqual(error.map { "\($0)".contains(reason) }, true, "\(reason)")
    }
    let error = #expect(throws: TensorFileError.self) { try Safetensors(pyTorch: goldenFile("stored.npz").path) }
    expectEqual(error.map { "\($0)".contains("not one of torch.save") }, true)
  }

  /// What a file of the older kind begins with, up to its content.
  private static let legacyHeader: [UInt8] =
    [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    + [0x80, 2, 0x4D, 0xE9, 3, 0x2E]
    + [0x80, 2, 0x7D, 0x55, 13] + Array("little_endian".utf8) + [0x88, 0x73, 0x2E]
}
