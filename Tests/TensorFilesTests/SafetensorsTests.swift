import Foundation
import Tensor
import Testing
import _TestSupport

@testable import TensorFiles

/// Writing and reading `.safetensors` files.
@Suite struct SafetensorsTests {
  @Test func everyTypeComesBack() throws {
    var file = Safetensors(metadata: ["title": "a \"b\" \\ \n\u{1} ü", "empty": ""])
    file.set(Tensor<Float>([[1, -0.0], [.infinity, 0x1p-149]]), for: "float")
    file.set(Tensor<Double>(0.1), for: "number")
    file.set(Labels([.min, .max]), for: "int/ünï \"q\"")
    file.set(Tensor<UInt8>([0, 255]), for: "byte")
    file.set(Tensor<Bool>([true, false, true]), for: "bool")
    file.set(Tensor<Float>.zeros([0, 7]), for: "empty")
    file.set(Tensor<Float>([[1, 2, 3], [4, 5, 6]]).transposed(), for: "transposed")
    try withTemporaryFile { path in
      try file.write(to: path)
      let read = try Safetensors(contentsOf: path)
      expectEqual(read.names, file.names)
      expectEqual(read.metadata, file.metadata)
      expectEqual(read.source, path)
      try expectEqual(read.tensor("float", as: Float.self).scalars, [1, -0.0, .infinity, 0x1p-149])
      try expectEqual(read.tensor("float", as: Float.self).scalars[1].sign, .minus)
      try expectEqual(read.tensor("number", as: Double.self).item, 0.1)
      try expectEqual(read.tensor("int/ünï \"q\"", as: Int.self).scalars, [.min, .max])
      try expectEqual(read.tensor("byte", as: UInt8.self).scalars, [0, 255])
      try expectEqual(read.tensor("bool", as: Bool.self).scalars, [true, false, true])
      expectEqual(read.shape(of: "empty"), [0, 7])
      expectEqual(read.elementType(of: "empty"), .float32)
      try expectEqual(read.tensor("empty", as: Float.self).scalars, [])
      try expectEqual(read.tensor("transposed", as: Float.self).scalars, [1, 4, 2, 5, 3, 6])
      #expect(read.shape(of: "transposed") == [3, 2] && read.contains("byte") && !read.contains("bytes"))

      let first = try Data(contentsOf: URL(fileURLWithPath: path))
      try read.write(to: path)  // while the file is open
      try expectEqual(Data(contentsOf: URL(fileURLWithPath: path)), first)
    }
  }

  /// What nobody would read is not written, and what was there before stays.
  @Test func aHeaderOverTheFormatsLimitIsRefused() throws {
    let file = Safetensors(metadata: ["text": String(repeating: "a", count: 100)])
    try withTemporaryFile { path in
      try file.write(to: path)
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      let size = before.count - 8
      func write(atMost limit: Int) throws {
        try AtomicFile.write(to: path) { try file.write(into: &$0, withChecksum: false, mostHeaderBytes: limit) }
      }
      try write(atMost: size)
      #expect(
        throws: TensorFileError.unwritable(
          file: path,
          reason: "names and metadata take \(size) bytes, and the format allows \(size - 1): take fewer or shorter ones"
        )
      ) { try write(atMost: size - 1) }
      expectEqual(try Data(contentsOf: URL(fileURLWithPath: path)), before)
    }
  }

  @Test func nothingIsConvertedUnasked() throws {
    var file = Safetensors()
    file.set(Tensor<Float>([1.5, -2]), for: "x")
    #expect(throws: TensorFileError.missing(file: "tensors in memory", tensor: "y")) {
      try file.tensor("y", as: Float.self)
    }
    let error = #expect(throws: TensorFileError.self) { try file.tensor("x", as: Double.self) }
    expectEqual(
      error, .wrongType(file: "tensors in memory", tensor: "x", stored: .float32, requested: .float64))
    expectEqual(
      error?.description, "tensors in memory: tensor 'x' holds float32, not float64; ask with convertingTo: to convert")
    try expectEqual(file.tensor("x", convertingTo: Double.self).scalars, [1.5, -2])
    try expectEqual(file.tensor("x", convertingTo: Int.self).scalars, [1, -2])
  }

  @Test func halfPrecisionIsReadOnRequestOnly() throws {
    var file = Safetensors()
    try file.set(Tensor<Float>([1, 65504, 65520, -1e-8, .nan, 0.1]), for: "half", convertingTo: .float16)
    try file.set(Tensor<Float>([1, 3.4e38, 0.1, -.infinity]), for: "brain", convertingTo: .bfloat16)
    try file.set(Labels([-1, 1 << 30]), for: "int", convertingTo: .int32)
    let data = try bytes(of: file)
    expectLess(data.count, 300)
    let read = try Safetensors(data: data)
    expectEqual(read.elementType(of: "half"), .float16)
    expectEqual(read.elementType(of: "brain"), .bfloat16)
    #expect(throws: TensorFileError.self) { try read.tensor("half", as: Float.self) }
    #expect(throws: TensorFileError.self) { try read.tensor("int", as: Int.self) }
    let half = try read.tensor("half", convertingTo: Float.self).scalars
    #expect(half[..<4] == [1, 65504, .infinity, -0.0] && half[4].isNaN && half[5] == 0.099975586)
    try expectEqual(read.tensor("brain", convertingTo: Double.self).scalars, [1, .infinity, 0.10009765625, -.infinity])
    try expectEqual(read.tensor("int", convertingTo: Int.self).scalars, [-1, 1 << 30])
    try expectEqual(read.tensor("int", as: Int32.self).scalars, [-1, 1 << 30])
    try expectEqual(read.tensor("half", as: Float16.self).scalars.prefix(2), [1, 65504])
    try expectEqual(read.tensor("brain", as: BFloat16.self).scalars.first, 1)
    var same = Safetensors()
    for (name, type) in [("half", ElementType.float16), ("brain", .bfloat16), ("int", .int32)] {
      expectEqual(read.elementType(of: name), type)
    }
    same.set(try read.tensor("half", as: Float16.self), for: "half")
    same.set(try read.tensor("brain", as: BFloat16.self), for: "brain")
    same.set(try read.tensor("int", as: Int32.self), for: "int")
    try expectEqual(bytes(of: same), data)
    try expectEqual(bytes(of: read), data)
  }

  @Test func numbersThatDoNotFitAreRefused() throws {
    var file = Safetensors()
    let error = #expect(throws: TensorFileError.self) {
      try file.set(Labels([5, 1 << 31]), for: "x", convertingTo: .int32)
    }
    expectEqual(error?.description, "tensors in memory: tensor 'x' holds 2147483648, which is no Int32")
    #expect(!file.contains("x"))
    for number in [Float.nan, .infinity, -1e20] {
      file.set(Tensor<Float>([0, number]), for: "y")
      #expect(throws: TensorFileError.self) { try file.tensor("y", convertingTo: Int.self) }
    }
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test func everyHalfIsReadAndRoundedAsSwiftDoes() throws {
      let patterns = (0..<65536).map { UInt16($0) }
      let data = patterns.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      let halves = try read("F16", shape: [65536], data).scalars
      let agree = zip(halves, patterns).allSatisfy { number, pattern in
        let expected = Float(Float16(bitPattern: pattern))
        return number.bitPattern == expected.bitPattern || (number.isNaN && expected.isNaN)
      }
      #expect(agree)

      var generator = RandomGenerator(seed: 5)
      let doubles =
        (0..<20000).map { _ in Double(bitPattern: generator.next()) }
        + (0..<20000).map { _ in generator.normal() * 1e-5 } + (0..<20000).map { _ in generator.normal() * 3e4 }
        + [0x1p-24, 0x1p-25, 0x1.8p-25, 0x1.000001p-25, 2049, 2051, 65519.999, 65520]
      let rounded = try roundTrip(Tensor(doubles), .float16).scalars
      let same = zip(rounded, doubles).allSatisfy { $0 == Float(Float16($1)) || ($0.isNaN && $1.isNaN) }
      #expect(same)
      let floats = doubles.map { Float($0) }
      let roundedFloats = try roundTrip(Tensor(floats), .float16).scalars
      let sameFloats = zip(roundedFloats, floats).allSatisfy { $0 == Float(Float16($1)) || ($0.isNaN && $1.isNaN) }
      #expect(sameFloats)
    }
  #endif

  @Test func brainFloatsAreTheUpperHalfRounded() throws {
    var generator = RandomGenerator(seed: 6)
    let floats = (0..<20000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())) }.filter {
      !$0.isNaN
    }
    let expected = floats.map { number -> Float in
      let bits = UInt64(number.bitPattern)
      return Float(bitPattern: UInt32((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000))
    }
    try expectEqual(roundTrip(Tensor(floats), .bfloat16).scalars, expected)
    // Rounding to Float first would give 1 + 2⁻⁷ here.
    try expectEqual(roundTrip(Tensor([1 + 0x1p-8 - 0x1p-40]), .bfloat16).item, 1)
    #expect(try roundTrip(Tensor<Float>([.nan]), .bfloat16).item.isNaN)
  }

  @Test func tensorsTakeOtherNames() throws {
    var file = Safetensors(metadata: ["a": "b"])
    file.set(Tensor<Float>(1), for: "inProj.weight")
    file.set(Tensor<Float>(2), for: "unused")
    let renamed = try file.renamed { $0 == "unused" ? nil : $0.replacing("inProj", with: "in_proj") }
    expectEqual(renamed.names, ["in_proj.weight"])
    expectEqual(renamed.metadata, file.metadata)
    try expectEqual(renamed.tensor("in_proj.weight", as: Float.self).item, 1)
    #expect(!renamed.contains("unused"))
    for name in ["c", "__metadata__"] {
      let error = #expect(throws: TensorFileError.self) { try file.renamed { _ in name } }
      expectEqual(error?.description.hasSuffix("cannot be called '\(name)' as well"), true)
    }
  }

  @Test func aLargeFileIsNotReadAsAWhole() throws {
    try withTemporaryFile { path in
      let size = 1 << 36
      let header =
        #"{"huge":{"dtype":"F32","shape":[1048576,16384],"data_offsets":[0,\#(size)]},"#
        + #""last":{"dtype":"U8","shape":[2],"data_offsets":[\#(size),\#(size + 2)]}}"#
      #expect(FileManager.default.createFile(atPath: path, contents: file(header, [])))
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: UInt64(8 + header.utf8.count + size))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data([3, 4]))
      try handle.close()
      let opened = try Safetensors(contentsOf: path)
      expectEqual(opened.shape(of: "huge"), [1 << 20, 1 << 14])
      try expectEqual(opened.tensor("last", as: UInt8.self).scalars, [3, 4])
    }
  }

  @Test func aMappedFileStaysWhenItIsReplaced() throws {
    try withTemporaryFile { path in
      var file = Safetensors()
      file.set(Tensor<Float>.full([1 << 19], 2), for: "x")
      try file.write(to: path)
      let opened = try Safetensors(contentsOf: path)
      file.set(Tensor<Float>.full([3], 5), for: "x")
      try file.write(to: path)
      try expectEqual(opened.tensor("x", as: Float.self).sum().item, 1_048_576)
      try expectEqual(Safetensors(contentsOf: path).tensor("x", as: Float.self).scalars, [5, 5, 5])
    }
  }

  @Test func emptyTensorsKeepTheirPlace() throws {
    var file = Safetensors()
    file.set(Tensor<Float>.zeros([0, 3]), for: "z")
    file.set(Tensor<Float>([1, 2]), for: "m")
    file.set(Tensor<Float>.zeros([2, 0]), for: "a")
    let read = try Safetensors(data: bytes(of: file))
    expectEqual(read.names, ["z", "m", "a"])
    expectEqual(read.shape(of: "z"), [0, 3])
    try expectEqual(read.tensor("m", as: Float.self).scalars, [1, 2])
  }

  /// As `safetensors.numpy.save` of Python's package wrote it.
  @Test func aFileOfThePythonPackageIsRead() throws {
    let file = try Safetensors(data: #require(Data(base64Encoded: pythonFile)))
    expectEqual(file.metadata, ["format": "np"])
    try expectEqual(file.tensor("weight", as: Float.self).scalars, [1, 2.5, -3, 0])
    expectEqual(file.shape(of: "weight"), [2, 2])
    try expectEqual(file.tensor("labels", as: Int.self).scalars, [7, -8])
    try expectEqual(file.tensor("mask", as: Bool.self).scalars, [true, false])
  }

  @Test func everyCutIsFound() throws {
    var file = Safetensors()
    file.set(Tensor<Float>([1, 2, 3]), for: "x")
    let whole = try bytes(of: file)
    for count in 0..<whole.count {
      #expect(throws: TensorFileError.self) { try Safetensors(data: whole.prefix(count)) }
    }
  }

  @Test func whatCannotBeOpenedOrWrittenIsNamed() throws {
    let missing = #expect(throws: TensorFileError.self) { try Safetensors(contentsOf: "/nowhere/x.safetensors") }
    expectEqual(missing?.description, "/nowhere/x.safetensors: cannot be read: No such file or directory")
    #expect(throws: TensorFileError.unreadable(file: "/tmp", reason: "not a regular file")) {
      try Safetensors(contentsOf: "/tmp")
    }
    let folder = #expect(throws: TensorFileError.self) { try Safetensors().write(to: "/nowhere/x.safetensors") }
    expectEqual(folder?.description, "/nowhere/x.safetensors: cannot be written: No such file or directory")
    try withTemporaryFile { path in
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      #expect(throws: TensorFileError.self) { try Safetensors().write(to: path) }
      let left = try FileManager.default.contentsOfDirectory(atPath: (path as NSString).deletingLastPathComponent)
      #expect(!left.contains { $0.hasPrefix((path as NSString).lastPathComponent + ".") })
    }
  }

  static let x = #""x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}"#
  static let malformed: [(header: String, problem: String)] = [
    ("[]", "is no JSON object"),
    ("", "is no JSON object"),
    (" {\(x)}", "is no JSON object"),
    ("{\(x),\(x)}", "names 'x' twice"),
    ("{\(x),\"\\u0078\":{}}", "names 'x' twice"),
    ("{\(x)", "lacks '}' at its end"),
    ("{\(x),}", "lacks '\"'"),
    ("{\(x)}}", "lacks nothing but spaces"),
    (#"{"__metadata__":{"a":"1","a":"2"},\#(x)}"#, "metadata names 'a' twice"),
    (#"{"__metadata__":{"a":1},\#(x)}"#, "lacks '\"'"),
    (#"{"__metadata__":{},"__metadata__":{},\#(x)}"#, "'__metadata__' twice"),
    (#"{"x":{"dtype":"U8","dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, "'dtype' twice"),
    (#"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"more":[]}}"#, "unknown"),
    (#"{"x":{"dtype":"U8","shape":[2]}}"#, "lacks dtype, shape or two data_offsets"),
    (#"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,1,2]}}"#, "lacks dtype, shape or two data_offsets"),
    (#"{"x":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}"#, "F8_E4M3, which is not one of F16, BF16"),
    (#"{"x":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}"#, "a number that is not negative"),
    (#"{"x":{"dtype":"U8","shape":[2.0],"data_offsets":[0,2]}}"#, "an integer"),
    (#"{"x":{"dtype":"U8","shape":[2e0],"data_offsets":[0,2]}}"#, "an integer"),
    (#"{"x":{"dtype":"U8","shape":[02],"data_offsets":[0,2]}}"#, "leading zero"),
    (#"{"x":{"dtype":"U8","shape":["2"],"data_offsets":[0,2]}}"#, "a number"),
    (#"{"x":{"dtype":"U8","shape":[18446744073709551618],"data_offsets":[0,2]}}"#, "too large"),
    (#"{"x":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, "impossible shape"),
    (#"{"x":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}"#, "impossible shape"),
    (#"{"x":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,2]}}"#, "impossible shape"),
    (#"{"x":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}"#, "cannot lie at [2, 0]"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,2]}}"#, "takes 8 bytes and cannot lie at [0, 2]"),
    (#"{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, "is cut short"),
    (#"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, "holds 1 bytes that belong to no tensor"),
    (#"{"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, "no tensor lies before 'x'"),
    (#"{\#(x),"y":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, "'x' and 'y' overlap"),
    (#"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,9223372036854775807]}}"#, "cannot lie"),
    (#"{"\ud800":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, "half a character"),
    (#"{"\q":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, "unknown escape"),
    ("{\"a\nb\":{}}", "control character"),
    ("{\"x", "ends within the text"),
    ("{\"\\u12", "four hexadecimal digits"),
  ]

  @Test(arguments: malformed) func malformedHeadersAreRefused(_ header: String, _ problem: String) {
    let error = #expect(throws: TensorFileError.self) { try Safetensors(data: file(header, [0, 0]), source: "f") }
    expectEqual(error?.description.hasPrefix("f: "), true)
    expectEqual(error?.description.contains(problem), true, "\(error?.description ?? "")")
  }

  @Test func lyingLengthsAreRefused() {
    let good = file("{\(Self.x)}", [0, 0])
    func refuse(_ data: Data, _ problem: String) {
      let error = #expect(throws: TensorFileError.self) { try Safetensors(data: data) }
      expectEqual(error?.description.contains(problem), true, "\(error?.description ?? "")")
    }
    refuse(Data(), "0 bytes are too few")
    refuse(good.prefix(7), "7 bytes are too few")
    refuse(good.prefix(20), "is cut short or no safetensors file")
    refuse(
      Data([0, 0, 0, 0, 0, 0, 0, 0x10]) + good.dropFirst(8), "1152921504606846976 bytes is over the format's limit")
    refuse(Data(repeating: 255, count: 8) + good.dropFirst(8), "over the format's limit")
    refuse(Data(good.prefix(8).reversed()) + good.dropFirst(8), "over the format's limit")
    refuse(good.dropLast(), "is cut short")
    refuse(good + [0], "belong to no tensor")
  }

  @Test func bytesThatAreNoBoolAreRefused() throws {
    let opened = try Safetensors(
      data: file(#"{"x":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, [1, 2]), source: "f")
    let error = #expect(throws: TensorFileError.self) { try opened.tensor("x", as: Bool.self) }
    expectEqual(error?.description, "f: tensor 'x' holds the byte 2 at 1, which is no bool")
  }

  private func file(_ header: String, _ data: [UInt8]) -> Data {
    Data((0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + Array(header.utf8) + data)
  }

  private func read(_ dtype: String, shape: [Int], _ data: [UInt8]) throws -> Tensor<Float> {
    let header = "{\"x\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":[0,\(data.count)]}}"
    return try Safetensors(data: file(header, data)).tensor("x", convertingTo: Float.self)
  }

  private func roundTrip<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>, _ type: ElementType) throws -> Tensor<Float> {
    var file = Safetensors()
    try file.set(tensor, for: "x", convertingTo: type)
    return try file.tensor("x", convertingTo: Float.self)
  }

  private func bytes(of file: Safetensors) throws -> Data {
    try withTemporaryFile { path in
      try file.write(to: path)
      return try Data(contentsOf: URL(fileURLWithPath: path))
    }
  }
}

private let pythonFile =
  "2AAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJucCJ9LCJsYWJlbHMiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzJd"
  + "LCJkYXRhX29mZnNldHMiOlswLDE2XX0sIndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwyXSwiZGF0YV9vZmZzZXRz"
  + "IjpbMTYsMzJdfSwibWFzayI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlszMiwzNF19fSAgICAH"
  + "AAAAAAAAAPj/////////AACAPwAAIEAAAEDAAAAAAAEA"
