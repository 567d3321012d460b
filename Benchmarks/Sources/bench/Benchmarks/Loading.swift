import Foundation
import Tensor
import Vision

/// Pictures of 500 × 375 from JPEG files through the augmentation of training (a random crop resized to 224 × 224, a flip,
/// normalised), in batches of 32 by two workers; the time is that of one picture.
let loading = Benchmark("loader", sizes: [224]) { size in
  let (count, batch) = (256, 32)
  let folder = TemporaryFolder()
  let files = (0..<64).map { number in
    let file = folder.url.appendingPathComponent("\(number).jpg")
    try! picture(number).write(to: file, quality: 90)
    return file
  }
  let samples = (0..<count).map { ImageDataset.Sample(source: .file(files[$0 % files.count]), label: 0) }
  let dataset = ImageDataset(name: "loader", classNames: ["any"], samples: samples)
  let loader = Loader(dataset, transform: Pipeline.training(size: size), seed: 1, workers: 2)
  let indices = stride(from: 0, to: count, by: batch).map { Array($0..<$0 + batch) }
  return Work(repetitions: count) {
    withExtendedLifetime(folder) { try! loader.forEach(indices) { keep($0.images) } }
  }
}

/// A folder that goes away with its last owner.
private final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString)")

  init() { try! FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// Waves with a little grain, so that a file has the size of a photograph's.
private func picture(_ number: Int) -> Image {
  let (height, width) = (375, 500)
  let pixels = Tensor<UInt8>(shape: [height, width, 3]) { elements in
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          let wave = sin(Double(x) / Double(7 + channel) + Double(number)) * cos(Double(y) / Double(11 + number))
          let grain = (x * 31 + y * 17 + channel * 7 + number * 13) % 23
          elements[(y * width + x) * 3 + channel] = UInt8(116 + 60 * wave + Double(grain))
        }
      }
    }
  }
  return Image(pixels)
}
