import Foundation
import Vision

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
    if settings.skipBroken {
      note("checking \(dataset.count) pictures")
      (dataset, skipped) = try dataset.withoutBrokenImages()
      note("\(skipped.count) broken pictures left out")
      for picture in skipped { note("  \(picture)") }
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
