import Foundation
import Tensor
import Testing
import _TestSupport

@testable import Vision

@Suite struct JPEGTests {
  @Test func decodesWhatPillowDecodes() throws {
    for golden in try Goldens.load().jpeg {
      let image = try Image(contentsOf: Goldens.folder.appendingPathComponent(golden.file))
      expectEqual(image.pixels.shape, [19, 23, 3])
      let expected = Tensor(golden.values, shape: [19, 23, 3]).cast(to: Float.self)
      #expect(distance(image.pixels.cast(to: Float.self), expected) <= 1, "\(golden.file)")
    }
  }

  @Test func greyBecomesRGB() throws {
    let image = try Image(contentsOf: Goldens.folder.appendingPathComponent("grey.jpg"))
    let pixels = image.unitPixels
    expectEqual(distance(pixels.select(along: 2, 0), pixels.select(along: 2, 2)), 0)
  }

  @Test func roundTripStaysClose() throws {
    let smooth = Tensor<Float>.linspace(from: 0, through: 1, count: 32 * 24).reshaped([32, 24, 1]).expanded(to: [
      32, 24, 3,
    ])
    let image = Image(unitPixels: smooth)
    let bytes = try JPEG.encode(image, quality: 98)
    let decoded = try JPEG.decode(bytes)
    expectLess(distance(decoded.unitPixels, image.unitPixels), 0.02)
    try expectLess(JPEG.encode(image, quality: 30).count, bytes.count)
  }

  @Test func encodesViews() throws {
    let image = picture(height: 9, width: 14)
    let turned = Image(image.pixels.permuted([1, 0, 2]))
    let copy = Image(Tensor(turned.pixels.scalars, shape: [14, 9, 3]))
    try expectEqual(JPEG.encode(turned), JPEG.encode(copy))
  }

  @Test func writesWholeFilesOnly() throws {
    try withTemporaryFolder { folder in
      let image = plain([200, 100, 50])
      try image.write(to: folder.appendingPathComponent("a.jpg"))
      try image.write(to: folder.appendingPathComponent("a.jpg"))
      try expectEqual(names(in: folder), ["a.jpg"])
      let target = folder.appendingPathComponent("taken")
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      #expect(throws: ImageError.unwritable(file: target.path, reason: "Is a directory")) {
        try image.write(to: target)
      }
      try expectEqual(names(in: folder), ["a.jpg", "taken"])
      let nowhere = folder.appendingPathComponent("none/a.jpg")
      #expect(throws: ImageError.unwritable(file: nowhere.path, reason: "No such file or directory")) {
        try image.write(to: nowhere)
      }
    }
  }

  @Test func namesFilesThatAreNoPictures() throws {
    try withTemporaryFolder { folder in
      func failure(_ name: String, _ bytes: [UInt8]) throws -> ImageError? {
        let url = folder.appendingPathComponent(name)
        try Data(bytes).write(to: url)
        let error = #expect(throws: ImageError.self) { try Image(contentsOf: url) }
        expectEqual(error?.description.hasPrefix(url.path + ":"), true)
        return error
      }
      let empty = try failure("empty.jpg", [])
      expectEqual(empty?.description.contains("zero bytes"), true)
      let text = try failure("text.jpg", Array("GIF89a, honestly".utf8))
      expectEqual(text?.description.hasSuffix("it begins like a GIF file; save it as JPEG, PNG or WebP"), true)
      let stub = try failure("stub.jpg", [0xFF, 0xD8])
      expectEqual(stub?.description.contains("not a JPEG image"), true)
    }
  }

  @Test(arguments: ["color.jpg", "grey.jpg", "progressive.jpg", "cmyk.jpg"])
  func refusesEveryTruncation(name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: Goldens.folder.appendingPathComponent(name)))
    for count in 0..<bytes.count - 2 {
      #expect(throws: ImageError.self, "\(name) cut to \(count) of \(bytes.count) bytes") {
        try JPEG.decode(Array(bytes.prefix(count)), name: name)
      }
    }
    let error = #expect(throws: ImageError.self) { try JPEG.decode(Array(bytes.dropLast(20)), name: name) }
    guard case .corrupt(name, .jpeg, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func survivesDamage() throws {
    let bytes = [UInt8](try Data(contentsOf: Goldens.folder.appendingPathComponent("color.jpg")))
    var generator = RandomGenerator(seed: 1)
    for _ in 0..<500 {
      var damaged = bytes
      for _ in 0..<3 {
        damaged[Int.random(in: 2..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      do {
        let image = try JPEG.decode(damaged)
        #expect(image.width > 0)
      } catch {
        #expect(error is ImageError)
      }
    }
  }

  @Test func acceptsHarmlessExtraBytes() throws {
    let bytes = [UInt8](try Data(contentsOf: Goldens.folder.appendingPathComponent("color.jpg")))
    let padded = Array(bytes[..<(bytes.count - 2)]) + [0, 0, 0, 0xFF, 0xD9, 1, 2, 3]
    let (image, plain) = (try JPEG.decode(padded), try JPEG.decode(bytes))
    expectEqual(distance(image.unitPixels, plain.unitPixels), 0)
  }

  @Test func refusesAbsurdSizes() throws {
    var bytes = [UInt8](try Data(contentsOf: Goldens.folder.appendingPathComponent("color.jpg")))
    let frame = try #require((0..<bytes.count - 1).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0x00, 0xFF, 0x00])
    #expect(throws: ImageError.tooLarge(file: "bomb", width: 65280, height: 65280)) {
      try JPEG.decode(bytes, name: "bomb")
    }
  }

  @Test func refusesWhatIsNoFile() throws {
    try withTemporaryFolder { folder in
      #expect(throws: ImageError.unreadable(file: folder.path, reason: "not a regular file")) {
        try Image(contentsOf: folder)
      }
      let missing = folder.appendingPathComponent("missing.jpg")
      #expect(throws: ImageError.unreadable(file: missing.path, reason: "No such file or directory")) {
        try Image(contentsOf: missing)
      }
    }
  }

  @Test func refusesToEncodeTooLongSides() {
    #expect(throws: ImageError.self) { try JPEG.encode(Image(.zeros([1, 65_501, 3]))) }
  }

  @Test func wrongShapesTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Image(.zeros([4, 4, 1]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("[height, width, 3], not [4, 4, 1]"))
  }
}
