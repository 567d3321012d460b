import Foundation
import Tensor
import Testing
import _TestSupport

@testable import TensorFiles

/// `.npy` and `.npz` files against those of NumPy in `Tests/Goldens/files`.
@Suite struct NumPyTests {
  @Test(arguments: ["little-", "big-"]) func everyTypeIsRead(_ order: String) throws {
    func array(_ code: String) throws -> NumPyArray {
      try NumPyArray(contentsOf: goldenFile("\(order)\(code).npy").path)
    }
    let numbers = [-3, -1.5, 0, 1.5, 3, 4.5]
    try expectEqual(array("f4").tensor(as: Float.self).scalars, numbers.map { Float($0) })
    try expectEqual(array("f8").tensor(as: Double.self).scalars, numbers)
    try expectEqual(array("i8").tensor(as: Int.self).scalars, [-2, -1, 0, 1, 2, 3])
    try expectEqual(array("i8").tensor(convertingTo: Float.self).scalars, [-2, -1, 0, 1, 2, 3])
    try expectEqual(array("i4").tensor(convertingTo: Int.self).scalars, [-2, -1, 0, 1, 2, 3])
    try expectEqual(array("f2").tensor(convertingTo: Float.self).scalars, numbers.map { Float($0) })
    #expect(try array("f2").elementType == .float16 && array("i4").shape == [2, 3])
    for code in ["f2", "i4", "f8"] {
      #expect(throws: TensorFileError.self) { try array(code).tensor(as: Float.self) }
    }
  }

  @Test func someRowsAreRead() async throws {
    for order in ["little-", "big-"] {
      let array = try NumPyArray(contentsOf: goldenFile("\(order)f4.npy").path)
      let all = try array.tensor(as: Float.self)
      try expectEqual(array.rows(1..<2, as: Float.self).scalars, Array(all.scalars[3..<6]))
      #expect(
        try array.rows(0..<2, as: Float.self).shape == [2, 3] && array.rows(2..<2, as: Float.self).shape == [0, 3])
      #expect(throws: TensorFileError.self) { try array.rows(0..<1, as: Double.self) }
    }
    let fortran = try NumPyArray(contentsOf: goldenFile("fortran-big.npy").path)
    let error = #expect(throws: TensorFileError.self) { try fortran.rows(0..<1, as: Int.self) }
    expectEqual(error?.description.contains("is in Fortran order"), true)
    await #expect(processExitsWith: .failure) {
      _ = try NumPyArray(contentsOf: goldenFile("little-f4.npy").path).rows(1..<3, as: Float.self)
    }
  }

  @Test func bfloat16IsRefused() throws {
    try withTemporaryFile { path in
      let half = Tensor<BFloat16>([1, 2])
      let error = #expect(throws: TensorFileError.self) { try half.write(npy: path) }
      expectEqual(error?.description, "\(path): the array holds bfloat16, which NumPy has not; cast to Float")
      var archive = NumPyArchive()
      archive.set(half, for: "x")
      #expect(throws: TensorFileError.self) { try archive.write(to: path) }
      #expect(!FileManager.default.fileExists(atPath: path))
      try Tensor<Float16>([1, 2]).write(npy: path)
      try expectEqual(Tensor<Float16>(npy: path).scalars, [1, 2])
    }
  }

  @Test func bytesAndBoolsAreRead() throws {
    try expectEqual(Tensor<UInt8>(npy: goldenFile("u1.npy").path).scalars, [0, 1, 2, 3, 4, 5])
    try expectEqual(Tensor<Bool>(npy: goldenFile("b1.npy").path).scalars, [false, true, false, true, false, true])
  }

  @Test func everyShapeOrderAndVersionIsRead() throws {
    let fortran = try Tensor<Float>(npy: goldenFile("fortran.npy").path)
    expectEqual(fortran.shape, [2, 3, 4])
    expectEqual(fortran.scalars, (0..<24).map { Float($0) })
    let big = try NumPyArray(contentsOf: goldenFile("fortran-big.npy").path).tensor(convertingTo: Int.self)
    expectEqual(big.shape, [2, 3])
    expectEqual(big.scalars, [0, 1, 2, 3, 4, 5])
    try expectEqual(Tensor<Double>(npy: goldenFile("number.npy").path).item, 2.5)
    try expectEqual(Tensor<Float>(npy: goldenFile("empty.npy").path).shape, [0, 3])
    for version in 2...3 {
      try expectEqual(Tensor<Float>(npy: goldenFile("version-\(version).npy").path).scalars, [0, 1, 2])
    }
  }

  @Test(arguments: ["little-f4", "little-f8", "little-i8", "u1", "b1", "number", "vector", "empty"])
  func theBytesWrittenAreNumPys(_ name: String) throws {
    let path = goldenFile("\(name).npy").path
    let array = try NumPyArray(contentsOf: path)
    try withTemporaryFile { copy in
      switch array.elementType {
      case .float32: try Tensor<Float>(npy: path).write(npy: copy)
      case .float64: try Tensor<Double>(npy: path).write(npy: copy)
      case .int64: try Tensor<Int>(npy: path).write(npy: copy)
      case .uint8: try Tensor<UInt8>(npy: path).write(npy: copy)
      default: try Tensor<Bool>(npy: path).write(npy: copy)
      }
      try expectEqual(Data(contentsOf: URL(fileURLWithPath: copy)), Data(contentsOf: goldenFile("\(name).npy")))
    }
  }

  @Test func viewsAreWrittenInOrder() throws {
    try withTemporaryFile { path in
      try Labels.range(6).reshaped([2, 3]).transposed().write(npy: path)
      let read = try Labels(npy: path)
      expectEqual(read.shape, [3, 2])
      expectEqual(read.scalars, [0, 3, 1, 4, 2, 5])
    }
  }

  @Test func unknownTypesAreNamed() {
    func problem(_ name: String) -> String? {
      #expect(throws: TensorFileError.self) { try NumPyArray(contentsOf: goldenFile(name).path) }?.description
    }
    expectEqual(problem("complex.npy")?.contains("type '<c8', which is not one of f2, f4"), true)
    expectEqual(problem("record.npy")?.contains("records with fields"), true)
  }

  static let malformed: [(header: String, problem: String)] = [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", ""),
    ("{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"<f4\"}", ""),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2), }", "',' after the only size"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': [2], }", "'('"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", "'}'"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x", "nothing but spaces"),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "a word"),
    ("{'descr': '<f4', 'fortran_order': None, 'shape': (2,)}", "None, not True or False"),
    ("{'descr': '<f4', 'shape': (2,)}", "lacks descr, fortran_order or shape"),
    ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "'descr' twice"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", "unknown"),
    ("{'descr': '|f4', 'fortran_order': False, 'shape': (2,)}", "without a byte order"),
    ("{'descr': '=f4', 'fortran_order': False, 'shape': (2,)}", "without a byte order"),
    ("{'descr': '<f3', 'fortran_order': False, 'shape': (2,)}", "'<f3', which is not one of"),
    ("{'descr': '<O', 'fortran_order': False, 'shape': (2,)}", "'<O', which is not one of"),
    ("{'descr': '', 'fortran_order': False, 'shape': (2,)}", "'', which is not one of"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "is cut short: shape [3] takes 12 bytes"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "holds 4 bytes after its array"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "not negative"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1152921504606846976, 16)}", "impossible shape"),
    ("{'descr': '<f4', 'fortran_order': True, 'shape': (0, 4611686018427387904, 4)}", "impossible shape"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}", "too large"),
    ("{'descr': '<f\\x34', 'fortran_order': False, 'shape': (2,)}", "an escape"),
  ]

  @Test(arguments: malformed) func headersAreReadStrictly(_ header: String, _ problem: String) throws {
    let data =
      Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)) + Data(count: 8)
    if problem.isEmpty {
      try expectEqual(NumPyArray(data: data).tensor(as: Float.self).scalars, [0, 0])
    } else {
      let error = #expect(throws: TensorFileError.self) { try NumPyArray(data: data, source: "f") }
      expectEqual(error?.description.contains(problem), true, "\(error?.description ?? "")")
    }
  }

  @Test func wrongBeginningsAreRefused() throws {
    let good = try Data(contentsOf: goldenFile("vector.npy"))
    func refuse(_ data: Data, _ problem: String) {
      let error = #expect(throws: TensorFileError.self) { try NumPyArray(data: data) }
      expectEqual(error?.description.contains(problem), true, "\(error?.description ?? "")")
    }
    refuse(Data(), "no .npy file")
    refuse(good.dropFirst(), "no .npy file")
    refuse(good.prefix(9), "no .npy file")
    refuse(good.prefix(30), "cut short within its header")
    refuse(good.prefix(6) + [4, 0] + good.dropFirst(8), "version 4.0")
    refuse(good.prefix(6) + [1, 1] + good.dropFirst(8), "version 1.1")
    refuse(good.prefix(6) + [2, 0, 255, 255, 255, 255] + good.dropFirst(12), "4294967295 bytes, which is too many")
    refuse(good.prefix(8) + [255, 255] + good.dropFirst(10), "cut short within its header")
  }
}

/// Archives of arrays.
@Suite struct NumPyArchiveTests {
  @Test(arguments: ["stored", "deflated"]) func arraysOfNumPyAreRead(_ name: String) throws {
    let archive = try NumPyArchive(contentsOf: goldenFile("\(name).npz").path)
    #expect(archive.names == ["weights", "labels", "größe"] && archive.contains("labels"))
    let weights = try archive.array("weights")
    expectEqual(weights.shape, [3, 4])
    expectEqual(weights.elementType, .float32)
    try expectEqual(weights.tensor(as: Float.self).scalars[0], -1)
    try expectEqual(archive.tensor("labels", as: Int.self).scalars, (0..<300).map { $0 % 7 })
    try expectEqual(archive.tensor("größe", convertingTo: Float.self).scalars, [1.5])
    #expect(throws: TensorFileError.self) { try archive.tensor("labels", as: Float.self) }
    let missing = #expect(throws: TensorFileError.self) { try archive.array("x") }
    expectEqual(missing?.description.hasSuffix("has no tensor named 'x'"), true)
  }

  @Test(arguments: [0xFFFF_FFFF, 0], [false, true]) func arraysComeBack(_ limit: Int, _ isCompressed: Bool) throws {
    var archive = NumPyArchive()
    archive.set(Tensor<Float>([[1, 2], [3, 4]]).transposed(), for: "x")
    archive.set(Tensor<Bool>(true), for: "ü")
    archive.set(Tensor<Float>([9]), for: "x2")
    archive.set(Labels([1, 2]), for: "x2")
    try withTemporaryFile { path in
      try archive.write(to: path, isCompressed: isCompressed, wideFrom: limit)
      let read = try NumPyArchive(contentsOf: path)
      expectEqual(read.names, ["x", "ü", "x2"])
      try expectEqual(read.tensor("x", as: Float.self).scalars, [1, 3, 2, 4])
      #expect(try read.tensor("ü", as: Bool.self).item)
      try expectEqual(read.tensor("x2", as: Int.self).scalars, [1, 2])
    }
  }

  @Test func anOpenedArchiveCanBeExtended() throws {
    var archive = try NumPyArchive(contentsOf: goldenFile("deflated.npz").path)
    archive.set(Labels([4]), for: "more")
    try withTemporaryFile { path in
      try archive.write(to: path)
      let read = try NumPyArchive(contentsOf: path)
      expectEqual(read.names, ["weights", "labels", "größe", "more"])
      try expectEqual(read.tensor("labels", as: Int.self).scalars, (0..<300).map { $0 % 7 })
    }
  }

  @Test func aMissingDecompressorIsNamed() {
    let missing = #expect(throws: Zlib.Missing.self) { try Zlib(library: "libnothing.so.1") }
    let message = missing?.error(in: "f.npz").description ?? ""
    #expect(message.hasPrefix("f.npz: needs libnothing.so.1 ("))
    #expect(message.hasSuffix("); install the package zlib1g, or store the arrays uncompressed"))
  }

  /// Numbers that compress well, poorly, and are more than one piece of zlib's output.
  @Test func compressedArraysAreSmallAndComeBack() throws {
    var generator = RandomGenerator(seed: 1)
    let noise = Tensor<Float>.normal([50_000], using: &generator)
    var archive = NumPyArchive()
    archive.set(Tensor<Double>.zeros([400, 1000]), for: "zeros")
    archive.set(noise, for: "noise")
    archive.set(Tensor<Float>([]), for: "nothing")
    try withTemporaryFile { path in
      try archive.write(to: path, isCompressed: true)
      let first = try Data(contentsOf: URL(fileURLWithPath: path))
      expectLess(first.count, 210_000)
      let read = try NumPyArchive(contentsOf: path)
      try expectEqual(read.tensor("zeros", as: Double.self).shape, [400, 1000])
      try expectEqual(read.tensor("noise", as: Float.self).scalars, noise.scalars)
      try expectEqual(read.tensor("nothing", as: Float.self).shape, [0])
      try archive.write(to: path, isCompressed: true)
      try expectEqual(Data(contentsOf: URL(fileURLWithPath: path)), first)
    }
  }

  @Test func damageIsFound() throws {
    func refuse(
      _ name: String, _ problem: String, at location: SourceLocation = #_sourceLocation,
      _ change: (inout [UInt8]) -> Void
    ) throws {
      var bytes = Array(try Data(contentsOf: goldenFile(name)))
      change(&bytes)
      let error = #expect(throws: TensorFileError.self, sourceLocation: location) {
        let archive = try NumPyArchive(data: Data(bytes))
        for name in archive.names { _ = try archive.tensor(name, convertingTo: Double.self) }
      }
      #expect(
        error?.description.contains(problem) == true, "\(error?.description ?? "")", sourceLocation: location)
    }
    let end = { (bytes: [UInt8]) in bytes.count - 22 }
    let table = { (bytes: [UInt8]) in Int(bytes[bytes.count - 6]) | Int(bytes[bytes.count - 5]) << 8 }
    try refuse("stored.npz", "its checksum differs") { $0[table($0) + 16] ^= 1 }
    try refuse("deflated.npz", "damaged") { $0[100] ^= 0x55 }
    try refuse("stored.npz", "no table of contents") { $0.removeLast() }
    try refuse("stored.npz", "too few") { $0.removeSubrange(20...) }
    try refuse("stored.npz", "damaged table of contents") { $0[end($0) + 16] ^= 1 }
    try refuse("stored.npz", "damaged table of contents") {
      $0[end($0) + 8] = 255; $0[end($0) + 10] = 255
    }
    try refuse("stored.npz", "one part of several") { $0[end($0) + 4] = 1 }
    try refuse("stored.npz", "longer than its 2 entries") {
      $0[end($0) + 8] = 2; $0[end($0) + 10] = 2
    }
    try refuse("stored.npz", "encrypted") { $0[table($0) + 8] |= 1 }
    try refuse("stored.npz", "method 12") { $0[table($0) + 10] = 12 }
    try refuse("stored.npz", "two sizes") { $0[table($0) + 24] ^= 1 }
    try refuse("stored.npz", "something else") { $0[table($0) + 46] ^= 1 }
    try refuse("stored.npz", "no member 'weights.npy' where") { $0[table($0) + 42] = 1 }
    try refuse("deflated.npz", "cannot give") {
      $0[table($0) + 26] = 255; $0[table($0) + 27] = 127
    }
    try refuse("deflated.npz", "the compressed bytes are damaged") { $0[table($0) + 24] ^= 1 }
    try refuse("deflated.npz", "outside") { $0[table($0) + 23] = 127 }
    try refuse("stored.npz", ", which is no .npy file") { bytes in
      let name = Array("labels.npy".utf8)
      for start in 0..<bytes.count - name.count where Array(bytes[start..<start + name.count]) == name {
        bytes[start + name.count - 1] = UInt8(ascii: "x")
      }
    }
  }

  @Test func twoMembersOfOneNameAreRefused() throws {
    var archive = NumPyArchive()
    archive.set(Labels([1]), for: "a")
    archive.set(Labels([2]), for: "b")
    try withTemporaryFile { path in
      try archive.write(to: path)
      var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
      for start in 0..<bytes.count - 5 where Array(bytes[start..<start + 5]) == Array("b.npy".utf8) {
        bytes[start] = UInt8(ascii: "a")
      }
      let error = #expect(throws: TensorFileError.self) { try NumPyArchive(data: Data(bytes)) }
      expectEqual(error?.description.contains("holds 'a.npy' twice"), true)
    }
  }
}
