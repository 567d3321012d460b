import Foundation
import Synchronization
import Tensor
import Testing
import Vision

/// The picture that Fixtures/make_goldens.py makes as well.
func picture(height: Int, width: Int) -> Image {
  let scalars = (0..<height * width * 3).map { index in
    let (y, x, c) = (index / (width * 3), index / 3 % width, index % 3)
    return UInt8((3 * y * y + 7 * x * (c + 1) + x * y) % 256)
  }
  return Image(Tensor(scalars, shape: [height, width, 3]))
}

/// A picture of one colour.
func plain(_ color: [UInt8], height: Int = 8, width: Int = 8) -> Image {
  Image(Tensor((0..<height * width).flatMap { _ in color }, shape: [height, width, 3]))
}

/// A data set in memory: `classes` classes of `each` pictures, every picture another one.
func pictures(classes: Int = 3, each: Int = 4, height: Int = 10, width: Int = 12) -> ImageDataset {
  let samples = (0..<classes * each).map { index in
    let color = [UInt8(index * 10 % 256), UInt8(index * 7 % 256), UInt8(255 - index % 256)]
    let half = plain(color, height: height, width: width / 2).unitPixels
    let rest = plain(color.reversed(), height: height, width: width - width / 2).unitPixels
    let image = Image(unitPixels: Tensor.concatenated([half, rest], along: 1))
    return ImageDataset.Sample(source: .memory(image, name: "picture \(index)"), label: index % classes)
  }
  return ImageDataset(name: "pictures", classNames: (0..<classes).map { "class \($0)" }, samples: samples)
}

/// The largest distance between two tensors, infinite when their shapes differ.
func distance(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Float {
  a.shape == b.shape ? abs(a - b).max().item : .infinity
}

/// Runs `body` with a new empty folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("VisionTests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The names in a folder, sorted.
func names(in folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}

/// Numbers from Pillow and PyTorch.
struct Goldens: Decodable {
  struct Resize: Decodable {
    let region: [Int]
    let size: [Int]
    let values: [Float]
  }

  struct Picture: Decodable {
    let file: String
    let values: [UInt8]
  }

  let resize: [Resize]
  let evaluation: [Float]
  let jpeg: [Picture]

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

  static func load() throws -> Goldens {
    try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: folder.appendingPathComponent("goldens.json")))
  }
}

/// A number that many threads count up.
final class Counter: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .sequentiallyConsistent) }

  func increment() { count.add(1, ordering: .sequentiallyConsistent) }
}
