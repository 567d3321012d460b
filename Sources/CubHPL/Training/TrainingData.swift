import Foundation
import Vision

/// Pictures that cannot be used, found before any training.
struct BrokenDataError: Error, CustomStringConvertible {
  let first: BrokenImage
  let count: Int

  var description: String {
    let others = count > 1 ? " (and \(count - 1) more broken \(count == 2 ? "picture" : "pictures"))" : ""
    return "\(first)\(others); --skip-broken leaves broken pictures out"
  }
}

/// The pictures of one experiment: classes to train on and other classes to test on.
struct TrainingData {
  let title: String
  let train: ImageDataset
  let test: ImageDataset
  /// What `--skip-broken` left out.
  var skipped: [BrokenImage] = []

  /// Reads the folder of `--data`, or draws the embedded birds.
  init(_ settings: Settings, note: (String) -> Void) throws {
    guard let path = settings.data else {
      let birds = TrainingData.embedded()
      (title, (train, test)) = ("Embedded birds", try birds.zeroShotSplit())
      return
    }
    try JPEG.requireLibrary()
    let folder = URL(fileURLWithPath: path)
    var dataset = try CUBFolder.read(folder, requiringFiles: !settings.skipBroken)
    note("checking \(dataset.count) pictures")
    if settings.skipBroken {
      (dataset, skipped) = try dataset.withoutBrokenImages()
      note("\(skipped.count) broken pictures left out")
      for picture in skipped { note("  \(picture)") }
    } else {
      let broken = try dataset.brokenImages()
      if let first = broken.first { throw BrokenDataError(first: first, count: broken.count) }
    }
    (title, (train, test)) = (dataset.name, try dataset.zeroShotSplit())
  }

  /// The whole embedded data set, the classes for training first.
  static func embedded() -> ImageDataset { .birds(seed: 0) }

  /// Identifies which pictures are in which half, whatever folder they lie in: FNV-1a over names and labels.
  var splitChecksum: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for (part, dataset) in [("train", train), ("test", test)] {
      for sample in dataset.samples {
        let file = URL(fileURLWithPath: sample.source.name).lastPathComponent
        for byte in "\(part)/\(dataset.classNames[sample.label])/\(file)\n".utf8 {
          hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
      }
    }
    return String(format: "%016lx", hash)
  }
}
