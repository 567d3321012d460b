import CPixels
import Foundation
import Tensor
import Testing
import _TestSupport

@testable import Vision

/// What Pillow reads in the files of Fixtures/formats.
private struct FormatGoldens: Decodable {
  struct Picture: Decodable {
    let shape: [Int]
    let values: [UInt8]

    var pixels: Tensor<Float> { Tensor(values, shape: shape).cast(to: Float.self) }
  }

  struct File: Decodable {
    let file: String
    let shape: [Int]
    let values: [UInt8]

    var pixels: Tensor<Float> { Picture(shape: shape, values: values).pixels }
  }

  let pictures: [File]
  let orientations: [Picture]

  static let folder = Goldens.folder.appendingPathComponent("formats")

  static func load() throws -> FormatGoldens {
    let file = Goldens.folder.appendingPathComponent("formats.json")
    return try JSONDecoder().decode(FormatGoldens.self, from: Data(contentsOf: file))
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }
}

@Suite struct ImageFormatTests {
  @Test func decodesWhatPillowDecodes() throws {
    let goldens = try FormatGoldens.load().pictures
    expectEqual(goldens.count, 23)
    for golden in goldens {
      let image = try Image(contentsOf: FormatGoldens.folder.appendingPathComponent(golden.file))
      expectEqual(image.pixels.shape, golden.shape, "\(golden.file)")
      // Where 16 bits become 8, Pillow cuts and libpng rounds; JPEG decoders may round differently.
      let tolerance: Float = golden.file.contains("16") || golden.file.hasSuffix("jpg") ? 1 : 0
      let error = distance(image.pixels.cast(to: Float.self), golden.pixels)
      #expect(error <= tolerance, "\(golden.file)")
    }
  }

  /// A small TIFF header with two entries, the second of which is the orientation.
  private func exif(_ number: UInt8, littleEndian: Bool) -> [UInt8] {
    littleEndian
      ? Array("II*\0".utf8) + [
        8, 0, 0, 0, 2, 0, 0x0F, 1, 3, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, number, 0, 0, 0, 0, 0, 0, 0,
      ]
      : Array("MM\0*".utf8) + [
        0, 0, 0, 8, 0, 2, 1, 0x0F, 0, 3, 0, 0, 0, 1, 0, 2, 0, 0, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, number, 0, 0, 0, 0, 0, 0,
      ]
  }

  @Test(arguments: [true, false]) func turnsPicturesUprightAsPillowDoes(littleEndian: Bool) throws {
    let goldens = try FormatGoldens.load().orientations
    let plain = Image(Tensor(goldens[0].values, shape: goldens[0].shape))
    let file = try JPEG.encode(plain, quality: 100)
    let stored = try JPEG.decode(file)
    for (number, golden) in zip(1..., goldens) {
      let data = exif(UInt8(number), littleEndian: littleEndian)
      let upright = plain.upright(from: Orientation(exif: data[...]))
      expectEqual(distance(upright.pixels.cast(to: Float.self), golden.pixels), 0, "\(number)")
      let segment = Array("Exif\0\0".utf8) + data
      let turned = try JPEG.decode(file[..<2] + [0xFF, 0xE1, 0, UInt8(segment.count + 2)] + segment + file[2...])
      let expected = stored.upright(from: Orientation(number: number))
      expectEqual(distance(turned.unitPixels, expected.unitPixels), 0, "\(number)")
    }
  }

  @Test(arguments: [true, false]) func damagedEXIFDataSayNothing(littleEndian: Bool) {
    let good = exif(6, littleEndian: littleEndian)
    expectEqual(Orientation(exif: good[...]), Orientation(number: 6))
    for count in 0..<28 { expectEqual(Orientation(exif: good[..<count]), nil) }
    for number: UInt8 in [0, 9, 255] {
      expectEqual(Orientation(exif: exif(number, littleEndian: littleEndian)[...]), nil)
    }
    var far = good
    far.replaceSubrange(4..<8, with: [0xFF, 0xFF, 0xFF, 0xFF])
    expectEqual(Orientation(exif: far[...]), nil)
    var generator = RandomGenerator(seed: 3)
    for _ in 0..<1000 {
      var damaged = good
      for _ in 0..<3 {
        damaged[Int.random(in: 0..<good.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      _ = Orientation(exif: damaged[...])
    }
  }

  @Test(arguments: ["rgb.png", "palette4.png", "turned.png", "lossy.webp", "alpha.webp", "turned.webp"])
  func refusesEveryTruncation(name: String) throws {
    let bytes = try FormatGoldens.bytes(name)
    // WebP fills up to an even number of bytes.
    for count in 0..<bytes.count - 1 {
      let error = #expect(throws: ImageError.self, "\(name) cut to \(count) of \(bytes.count) bytes") {
        try Image(decoding: Array(bytes.prefix(count)), name: name)
      }
      expectEqual(error?.description.hasPrefix("\(name): "), true)
    }
    let error = #expect(throws: ImageError.self) { try Image(decoding: bytes.dropLast(14), name: name) }
    let form = ImageFormat(beginning: bytes)!
    expectEqual(error, .corrupt(file: name, format: form, reason: "the file ends early"))
  }

  /// Gives the chunks of a PNG the checksums of what is in them, so that damage goes further than to their check.
  private func mendChecksums(_ bytes: inout [UInt8]) {
    var position = PNG.signature.count
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { (length: Int, byte: UInt8) -> Int in
        length << 8 + Int(byte)
      }
      let end = position + 8 + length
      guard end + 4 <= bytes.count else { return }
      var sum = ~UInt32(0)
      for byte in bytes[position + 4..<end] {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
      }
      for place in 0..<4 { bytes[end + place] = UInt8(truncatingIfNeeded: ~sum >> UInt32(24 - 8 * place)) }
      position = end + 4
    }
  }

  @Test func survivesDamage() throws {
    let files = try FormatGoldens.load().pictures.map { try FormatGoldens.bytes($0.file) }
    var generator = RandomGenerator(seed: 1)
    for round in 0..<5000 {
      var damaged = files[round % files.count]
      for _ in 0..<3 {
        damaged[Int.random(in: 8..<damaged.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if damaged.starts(with: PNG.signature) { mendChecksums(&damaged) }
      do {
        let image = try Image(decoding: damaged, name: "damaged")
        #expect(image.width > 0)
      } catch {
        #expect(error is ImageError)
      }
    }
  }

  @Test func damagedPixelsAreAnError() throws {
    var png = try FormatGoldens.bytes("rgb.png")
    let data = try #require((0..<png.count - 4).first { png[$0...].starts(with: Array("IDAT".utf8)) })
    png[data + 8] ^= 1
    #expect(
      "\(#expect(throws: ImageError.self) { try Image(decoding: png, name: "a.png") } as Any)"
        .contains("a.png: truncated or damaged PNG image: "))
    var webP = try FormatGoldens.bytes("lossless.webp")
    webP[20] ^= 1
    let error = #expect(throws: ImageError.self) { try Image(decoding: webP, name: "a.webp") }
    expectEqual(error, .malformed(file: "a.webp", format: .webP, reason: "its header makes no sense"))
  }

  @Test func refusesAbsurdSizes() throws {
    var png = try FormatGoldens.bytes("rgb.png")
    png.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    let (most, side) = (Int(Int32.max), 16_383)
    #expect(throws: ImageError.tooLarge(file: "bomb", width: most, height: most)) {
      try Image(decoding: png, name: "bomb")
    }
    for (size, text): ([UInt8], String) in [
      ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "4294967295×4294967295"), ([0, 0, 0, 0, 0, 0, 0, 5], "0×5"),
    ] {
      png.replaceSubrange(16..<24, with: size)
      #expect(throws: ImageError.malformed(file: "bomb", format: .png, reason: "\(text) is no size in pixels")) {
        try Image(decoding: png, name: "bomb")
      }
    }
    var webP = try FormatGoldens.bytes("lossy.webp")
    webP.replaceSubrange(26..<30, with: [0xFF, 0x3F, 0xFF, 0x3F])
    #expect(throws: ImageError.tooLarge(file: "bomb", width: side, height: side)) {
      try Image(decoding: webP, name: "bomb")
    }
  }

  @Test func namesWhatCannotBeRead() throws {
    func reason(_ bytes: [UInt8]) -> String {
      let error = #expect(throws: ImageError.self) { try Image(decoding: bytes, name: "x") }
      guard case .unsupported("x", let reason) = error else { return "\(error as Any)" }
      return reason
    }
    let media: [UInt8] = [0, 0, 0, 24] + Array("ftypheic".utf8)
    for (name, bytes) in [
      ("GIF", Array("GIF89a".utf8)), ("BMP", Array("BM".utf8)), ("TIFF", Array("II*\0".utf8)),
      ("TIFF", Array("MM\0*".utf8)), ("HEIC or AVIF", media),
    ] {
      expectEqual(reason(bytes), "it begins like a \(name) file; save it as JPEG, PNG or WebP")
    }
    for text in ["hello", "RIFF....WAVE", "\u{89}PNG"] {
      expectEqual(reason(Array(text.utf8)), "it does not begin like a JPEG, PNG or WebP file")
    }
    expectEqual(
      reason(try FormatGoldens.bytes("animated.webp")), "it is an animated WebP image; save one picture of it")
    #expect(throws: ImageError.empty(file: "x")) { try Image(decoding: [], name: "x") }
  }

  @Test(arguments: ImageFormat.allCases) func missingLibraryNamesThePackage(format: ImageFormat) {
    func load(_ name: String) throws {
      switch format {
      case .jpeg: _ = try TurboJPEG(library: name)
      case .png: _ = try LibPNG(library: name)
      case .webP: _ = try LibWebP(library: name)
      }
    }
    let missing = #expect(throws: ImageError.self) { try load("libnowhere.so.0") }
    let text = "\(missing as Any)"
    #expect(text.contains("libnowhere.so.0, needed for \(format.rawValue) files: install it with `apt install"))
    #expect(text.contains(["libturbojpeg0", "libpng16-16", "libwebp7"][ImageFormat.allCases.firstIndex(of: format)!]))
    let other = #expect(throws: ImageError.self) { try load("libm.so.6") }
    #expect("\(other as Any)".contains("it has no function"))
    expectEqual(missing?.isMissingLibrary, true)
    expectEqual(ImageError.empty(file: "x").isMissingLibrary, false)
  }

  /// As a C compiler lays out libpng's structure on every machine with pointers of 64 bits.
  @Test func pngImageHasTheSizeOfLibpngs() {
    expectEqual(MemoryLayout<ck_png_image>.size, 104)
    expectEqual(MemoryLayout<ck_png_image>.offset(of: \.message), 36)
  }
}
