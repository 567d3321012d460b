import Foundation
import Tensor
import Testing
import _TestSupport

@testable import TensorFiles

/// A file with a checksum is read as it was written, or not at all.
@Suite struct FileChecksumTests {
  private func withFile<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  private func bytes(_ body: (String) throws -> Void) throws -> Data {
    try withFile { path in
      try body(path)
      return try Data(contentsOf: URL(fileURLWithPath: path))
    }
  }

  private var tensors: Safetensors {
    var file = Safetensors(metadata: ["title": "\"hpl.crc32\":\"00000000\"", "a": "x"])
    file.set(Tensor<Float>([1, 2, 3]), for: "weight")
    file.set(Labels([4, 5]), for: "hpl.crc32")
    return file
  }

  @Test func aSafetensorsFileHasOneWhereAskedFor() throws {
    let (plain, checked) = (
      try bytes { try tensors.write(to: $0) }, try bytes { try tensors.write(to: $0, withChecksum: true) }
    )
    let (first, second) = (try Safetensors(data: plain), try Safetensors(data: checked))
    #expect(!first.hasChecksum && second.hasChecksum)
    expectEqual(second.metadata, tensors.metadata)
    expectEqual(first.metadata, tensors.metadata)
    #expect(second.names == tensors.names && plain.count < checked.count)
    try expectEqual(bytes { try second.write(to: $0) }, plain, "what was read is written without it again")
  }

  @Test func everyFlippedBitOfASafetensorsFileIsFound() throws {
    let good = try bytes { try tensors.write(to: $0, withChecksum: true) }
    for bit in 0..<8 * good.count {
      var bad = good
      bad[bit / 8] ^= 1 << (bit % 8)
      // A flip in the name of the checksum makes a file without one, which the program does not take for its own.
      #expect((try? Safetensors(data: bad).hasChecksum) != true, "bit \(bit)")
    }
    var bad = good
    bad[good.count - 1] ^= 1
    let error = #expect(throws: TensorFileError.self) { try Safetensors(data: bad, source: "x.safetensors") }
    expectEqual(error?.description.hasPrefix("x.safetensors: does not fit its checksum: it is damaged, or"), true)
  }

  @Test func everyFlippedBitOfAJSONFileIsFound() throws {
    struct Content: Encodable { let numbers = [1, 2.5e-3], text = "ü \" \n", nested = ["checksum": true] }
    let good = try JSONText.encoded(Content())
    try withFile { (path: String) throws in
      func read(_ data: Data) throws -> JSONText {
        try data.write(to: URL(fileURLWithPath: path))
        return try JSONText(contentsOf: path)
      }
      #expect(try read(good).hasChecksum)
      for bit in 0..<8 * good.count {
        var bad = good
        bad[bit / 8] ^= 1 << (bit % 8)
        #expect((try? read(bad).hasChecksum) != true, "bit \(bit)")
      }
      var bad = good
      bad[good.firstIndex(of: UInt8(ascii: "2"))!] = UInt8(ascii: "3")
      let error = #expect(throws: TensorFileError.self) { try read(bad) }
      expectEqual(error?.description.contains("checksum: does not fit the rest: the file is damaged"), true)
    }
  }

  @Test(arguments: [
    (#"{"a": 1, "a": 2}"#, "line 1, a: 'a' stands there twice"),
    ("{\"a\": [\n{\"b\": 1,\n\"\\u0062\": 2}]}", "line 3, a[0].b: 'b' stands there twice"),
    (#"{"a": [1, 2,]}"#, "line 1, a[2]"), (#"{"a": 1,}"#, "line 1: it lacks '\"'"), ("[01]", "line 1, [0]"),
    ("[1.]", "a digit"), ("[1e]", "a digit"), ("[-]", "a digit"), ("[+1]", "a digit"), ("[NaN]", "a digit"),
    ("[nul]", "a value"), ("[1] 2", "nothing but spaces"), ("", "a value"), ("\"\u{1}\"", "control character"),
    ("[\"\\x\"]", "unknown escape"), (String(repeating: "[", count: 100_000), "more than 64 levels"),
    (#"{"checksum": "1234"}"#, "checksum: is no text of 8 digits"), (#"{"checksum": 12345678}"#, "checksum"),
  ])
  func mistakesHaveLineAndKey(_ text: String, _ message: String) {
    let error = #expect(throws: TensorFileError.self) { try JSONText(text, source: "x.json") }
    expectEqual(
      error?.description.hasPrefix("x.json: "), true,
      "\(error as Any)")
    expectEqual(
      error?.description.contains(message), true,
      "\(error as Any)")
  }

  @Test(arguments: [#" {"a": [-0.5e+3, 1E5, 0, true, false, null, "é\u00e9"], "": {}} "#, "[]", "1", "\"x\""])
  func whatIsJSONPasses(_ text: String) throws {
    #expect(try !JSONText(text, source: "").hasChecksum)
  }

  @Test func aFileThatIsTooLargeIsNotRead() throws {
    try withFile { (path: String) throws in
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
      truncate(path, 1 << 40)
      let error = #expect(throws: TensorFileError.self) { try JSONText(contentsOf: path) }
      expectEqual(error?.description.contains("1099511627776 bytes are too many"), true)
    }
  }
}
