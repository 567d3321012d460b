import Foundation
import Tensor
import Testing

/// Files of named tensors: there and back, and every way in which one can be broken.
@Suite struct SafetensorsTests {
  @Test func everythingComesBack() throws {
    var file = Safetensors(metadata: ["made by": "a \"test\"", "note": "zwei\nZeilen, größer"])
    file.set(Tensor<Float>([[1, -2.5], [.infinity, 0]]), for: "float")
    file.set(Tensor<Double>([.pi]), for: "double/with \"quotes\"")
    file.set(Labels([-1, .max]), for: "labels")
    file.set(Tensor<UInt8>([0, 255]), for: "bytes")
    file.set(Tensor<Bool>([true, false, true]), for: "mask")
    file.set(Tensor<Float>(3), for: "number")
    let read = try roundTrip(file)
    #expect(read.metadata == file.metadata)
    #expect(Set(read.names) == Set(file.names))
    let float: Tensor<Float> = try read.tensor("float")
    #expect(float.shape == [2, 2] && float.scalars == [1, -2.5, .infinity, 0])
    #expect(try read.tensor("double/with \"quotes\"", as: Double.self).scalars == [.pi])
    #expect(try read.tensor("labels", as: Int.self).scalars == [-1, .max])
    #expect(try read.tensor("bytes", as: UInt8.self).scalars == [0, 255])
    #expect(try read.tensor("mask", as: Bool.self).scalars == [true, false, true])
    #expect(read.shape(of: "number") == [])
  }

  @Test func emptyTensorsComeBackWhereverTheyLie() throws {
    var file = Safetensors()
    file.set(Tensor<Float>.zeros([0, 3]), for: "z")
    file.set(Tensor<Float>([1, 2]), for: "m")
    file.set(Tensor<Float>.zeros([2, 0]), for: "a")
    let read = try roundTrip(file)
    #expect(read.names == ["z", "m", "a"])
    #expect(read.shape(of: "z") == [0, 3])
    #expect(try read.tensor("m", as: Float.self).scalars == [1, 2])
  }

  @Test func viewsAreWrittenInOrder() throws {
    var file = Safetensors()
    file.set(Tensor<Float>([[1, 2], [3, 4]]).transposed(), for: "x")
    #expect(try roundTrip(file).tensor("x", as: Float.self).scalars == [1, 3, 2, 4])
  }

  @Test func rewritingGivesTheSameBytes() throws {
    var file = Safetensors(metadata: Dictionary(uniqueKeysWithValues: (0..<9).map { ("key \($0)", "\($0)") }))
    for name in ["zebra", "apple", "mango"] { file.set(Tensor<Float>([1, 2, 3]), for: name) }
    let (first, second) = (try Scratch(), try Scratch())
    try file.write(to: first.path)
    try Safetensors(contentsOf: first.path).write(to: second.path)
    #expect(try first.bytes == second.bytes)
    try file.write(to: second.path)  // over a file that exists
    #expect(try first.bytes == second.bytes)
  }

  /// As `safetensors.numpy.save` of Python's package wrote it.
  @Test func aFileOfThePythonPackageIsRead() throws {
    let scratch = try Scratch(base64: pythonFile)
    let file = try Safetensors(contentsOf: scratch.path)
    #expect(file.metadata == ["format": "np"])
    #expect(try file.tensor("weight", as: Float.self).scalars == [1, 2.5, -3, 0])
    #expect(file.shape(of: "weight") == [2, 2])
    #expect(try file.tensor("labels", as: Int.self).scalars == [7, -8])
    #expect(try file.tensor("mask", as: Bool.self).scalars == [true, false])
  }

  @Test func whatIsNotThereThrows() throws {
    var file = Safetensors()
    file.set(Tensor<Float>([1]), for: "x")
    #expect(throws: SafetensorsError.self) { try file.tensor("y", as: Float.self) }
    let error = #expect(throws: SafetensorsError.self) { try file.tensor("x", as: Double.self) }
    #expect(error?.description == "tensors in memory: tensor 'x' holds float32, not float64")
  }

  @Test func aMissingFileIsNamed() {
    let error = #expect(throws: SafetensorsError.self) { try Safetensors(contentsOf: "/nowhere/x.safetensors") }
    #expect(error?.description == "/nowhere/x.safetensors: no such file")
  }

  @Test func aFolderThatIsMissingIsNamed() {
    let error = #expect(throws: SafetensorsError.self) { try Safetensors().write(to: "/nowhere/x.safetensors") }
    #expect(error?.file == "/nowhere/x.safetensors")
    #expect(error?.problem.contains("cannot be written") == true)
  }

  static let brokenHeaders: [(header: String, problem: String)] = [
    (#"[1, 2]"#, "is no JSON object"),
    (#"{"x": "#, "is no JSON object"),
    (#"{"x": 3}"#, "tensor 'x' lacks dtype, shape or data_offsets"),
    (#"{"x": {"dtype": "F32", "shape": [2]}}"#, "lacks dtype"),
    (#"{"x": {"dtype": "F32", "shape": ["2"], "data_offsets": [0, 8]}}"#, "lacks dtype"),
    (#"{"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8, 8]}}"#, "lacks dtype"),
    (#"{"x": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}"#, "tensor 'x' has type BF16"),
    (#"{"x": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}"#, "tensor 'x' of shape [3] does not lie at"),
    (#"{"x": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}"#, "does not lie at"),
    (#"{"x": {"dtype": "F32", "shape": [2], "data_offsets": [-8, 0]}}"#, "does not lie at"),
    (#"{"x": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}"#, "does not lie at"),
    (#"{"x": {"dtype": "F32", "shape": [-2, -1], "data_offsets": [0, 8]}}"#, "impossible shape [-2, -1]"),
    (#"{"x": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 0]}}"#, "impossible shape"),
    (
      #"{"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "y": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}"#,
      "tensors 'x' and 'y' overlap"
    ),
    (
      #"{"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "y": {"dtype": "U8", "shape": [2], "data_offsets": [2, 4]}}"#,
      "tensors 'x' and 'y' overlap"
    ),
    (#"{"x": {"dtype": "BOOL", "shape": [8], "data_offsets": [0, 8]}}"#, "holds bytes that are no BOOL"),
    (#"{"__metadata__": {"a": 1}}"#, "__metadata__ is not made of texts"),
    (#"{"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#, "4 bytes after its last tensor"),
    (#"{"x": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}"#, "a gap before tensor 'x'"),
  ]

  @Test(arguments: brokenHeaders.indices) func aBrokenHeaderIsNamed(_ index: Int) throws {
    let (header, problem) = Self.brokenHeaders[index]
    let bytes = length(UInt64(header.utf8.count)) + Array(header.utf8) + [1, 2, 3, 4, 5, 6, 7, 8]
    try expectError(bytes, containing: problem)
  }

  @Test func filesThatAreCutShortAreNamed() throws {
    try expectError([], containing: "0 bytes are too few for a header")
    try expectError([1, 2, 3], containing: "3 bytes are too few for a header")
    try expectError(length(100) + Array("{}".utf8), containing: "its header of 100 bytes does not fit")
    try expectError(length(1 << 60) + Array("{}".utf8), containing: "its header of \(1 << 60) bytes does not fit")
    try expectError(length(.max) + Array("{}".utf8), containing: "does not fit")
    var file = Safetensors()
    file.set(Tensor<Float>([1, 2, 3]), for: "x")
    let scratch = try Scratch()
    try file.write(to: scratch.path)
    let whole = try scratch.bytes
    for count in 0..<whole.count { try expectError(Array(whole[..<count]), containing: "") }
  }

  private func length(_ count: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } }

  private func expectError(_ bytes: [UInt8], containing problem: String, at location: SourceLocation = #_sourceLocation)
    throws
  {
    let scratch = try Scratch(bytes)
    let error = #expect(throws: SafetensorsError.self, sourceLocation: location) {
      try Safetensors(contentsOf: scratch.path)
    }
    let message = error?.description ?? ""
    #expect(message.hasPrefix("\(scratch.path): "), sourceLocation: location)
    #expect(problem.isEmpty || message.contains(problem), "\(message)", sourceLocation: location)
  }

  private func roundTrip(_ file: Safetensors) throws -> Safetensors {
    let scratch = try Scratch()
    try file.write(to: scratch.path)
    return try Safetensors(contentsOf: scratch.path)
  }
}

/// A file that is gone when nobody refers to it any more.
private final class Scratch {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).safetensors").path

  init(_ bytes: [UInt8] = []) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
  convenience init(base64: String) throws { try self.init(Array(Data(base64Encoded: base64)!)) }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  var bytes: [UInt8] { get throws { Array(try Data(contentsOf: URL(fileURLWithPath: path))) } }
}

private let pythonFile =
  "2AAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJucCJ9LCJsYWJlbHMiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzJd"
  + "LCJkYXRhX29mZnNldHMiOlswLDE2XX0sIndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwyXSwiZGF0YV9vZmZzZXRz"
  + "IjpbMTYsMzJdfSwibWFzayI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlszMiwzNF19fSAgICAH"
  + "AAAAAAAAAPj/////////AACAPwAAIEAAAEDAAAAAAAEA"
