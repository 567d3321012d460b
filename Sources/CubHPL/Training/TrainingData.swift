import ClassTree
import Collectives
import DrawnBirds
import Foundation
import Tensor
import TensorFiles
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
  /// The form of the data, nil for the embedded birds.
  let kind: DatasetKind?
  let train: ImageDataset
  let test: ImageDataset
  /// What the test pictures look among for their class; nil where that is each other.
  let gallery: ImageDataset?
  /// For each test picture the one of the gallery that is the same, where the protocol has queries there.
  let ownItems: [Int?]?
  /// What should be said about the data, such as other counts than published.
  let notes: [String]
  /// The groups of `--hierarchy`.
  let hierarchy: ClassHierarchy?
  /// What `--skip-broken` left out.
  var skipped: [BrokenImage] = []
  /// Where the pictures lie; nil for drawn birds.
  let source: DataSource?
  /// The birds that were drawn instead of the embedded ones.
  let birds: DrawnData?
  /// Identifies what is in the pictures; nil for the embedded birds.
  let pictures: String?
  /// Identifies what is in the file of `--weights`.
  let weightsChecksum: String?

  /// Reads the folder of `--data`, or draws the embedded birds; on every rank, each of which must find the same.
  init(
    _ request: DataRequest, over group: Group = .alone, meter: Meter = .silent, note: (String) -> Void
  ) throws {
    weightsChecksum = try group.agree { try request.weights.map { try FileChecksum.digits(ofFile: $0) } }
    birds = request.birds
    guard let path = request.folder else {
      let drawn = request.birds?.drawn() ?? TrainingData.embedded()
      (title, (train, test)) = (request.birds?.title ?? "Embedded birds", try drawn.zeroShotSplit())
      (kind, gallery, ownItems, notes, source, pictures) = (nil, nil, nil, [], nil, nil)
      let train = train
      hierarchy = try group.agree {
        try request.hierarchy.map { try Self.hierarchy($0, request.validation, train: train) }
      }
      return
    }
    let folder = URL(fileURLWithPath: path)
    var (kind, dataset) = try group.agree {
      let kind = try request.kind ?? DatasetKind.recognize(folder)
      if request.kind == nil { note("\(path): taken for \(kind.title); --dataset says otherwise") }
      let dataset = try meter.during("reading the lists of \(path)") {
        try kind.read(folder, requiringFiles: !request.skipsBroken)
      }
      let grouped = try request.taxonomy.map { try dataset.grouped(by: URL(fileURLWithPath: $0)) } ?? dataset
      return (kind, try request.split.map { try grouped.split(by: $0) } ?? grouped)
    }
    for line in dataset.notes { note("note: \(line)") }
    note("checking \(dataset.count) pictures")
    let all = dataset
    let label = "checking \(counted(all.count, "picture", "pictures"))"
    let own = try group.agree {
      try all.brokenImages(part: group.rank, of: group.size) { meter.tell($0, label) }
    }
    let (pictures, gallery) = try (own.pictures.gathered(over: group), own.gallery.gathered(over: group))
    let broken = pictures + gallery
    if request.skipsBroken {
      skipped = broken
      dataset = try dataset.without(pictures, gallery: gallery)
      note("\(counted(skipped.count, "broken picture", "broken pictures")) left out")
      for picture in skipped { note("  \(picture)") }
    } else if let first = broken.first {
      throw BrokenDataError(first: first, count: broken.count)
    }
    (title, self.kind, train, test) = (dataset.name, kind, dataset.train, dataset.test)
    self.gallery = dataset.gallery
    source = DataSource(
      path, kind, taxonomy: request.taxonomy, split: request.split, skipsBroken: request.skipsBroken)
    let read = dataset
    ownItems = try group.agree { try meter.during("comparing queries and gallery") { try read.ownItems() } }
    let inGallery = ownItems.map {
      "\($0.count { $0 != nil }) of \($0.count) queries are in the gallery, as files with the same bytes, and do not find themselves"
    }
    if let inGallery { note("note: \(inGallery)") }
    notes = dataset.notes + [inGallery].compactMap(\.self)
    let parts = [train, test] + (dataset.gallery.map { [$0] } ?? [])
    let train = dataset.train
    (self.pictures, hierarchy) = try group.agree {
      var sum = PictureChecksum()
      let all = parts.reduce(0) { $0 + $1.count }
      var done = 0
      for part in parts {
        try sum.add(part) { meter.tell(Double(done + $0) / Double(all), "comparing \(all) pictures") }
        done += part.count
      }
      return (sum.digits, try request.hierarchy.map { try Self.hierarchy($0, request.validation, train: train) })
    }
  }

  /// The whole embedded data set, the classes for training first.
  static func embedded() -> ImageDataset { .birds(seed: 0) }

  /// Identifies which pictures are in which part, whatever folder they lie in.
  var splitChecksum: String {
    var text = ""
    for (part, dataset) in [("train", train), ("test", test)] + (gallery.map { [("gallery", $0)] } ?? []) {
      for sample in dataset.samples {
        let file = URL(fileURLWithPath: sample.source.name).lastPathComponent
        text += "\(part)/\(dataset.classNames[sample.label])/\(file)\n"
      }
    }
    return Self.checksum(text)
  }

  /// Identifies the groups of all classes, as far as they come with files; nil where there are none.
  var groupsChecksum: String? {
    guard source != nil, train.taxonomy != nil || test.taxonomy != nil else { return nil }
    return Self.checksum(
      "\([train, test].map { half in half.taxonomy?.levels.map { ($0.groups, $0.parents) } ?? [] })")
  }

  /// Identifies the groups of the training classes.
  var taxonomyChecksum: String { Self.checksum("\(train.taxonomy?.levels.map { ($0.parents, $0.groups) } ?? [])") }

  /// Identifies the groups of `--hierarchy`.
  var hierarchyChecksum: String {
    Self.checksum("\(hierarchy.map { ($0.classes, $0.levels.map { ($0.groups, $0.parents) }) } as Any)")
  }

  /// FNV-1a in 64 bits.
  private static func checksum(_ text: String) -> String {
    let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325) { (hash: UInt64, byte) in
      (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return String(format: "%016lx", hash)
  }
}

extension ImageDataset {
  /// The pictures that cannot be decoded, each of which one rank has tried.
  func brokenImages(over group: Group, meter: Meter = .silent) throws -> [BrokenImage] {
    let own = group.share(of: count)
    return try group.agree {
      try brokenImages(in: own) { meter.tell(Double($0) / Double(own.count), "checking \(own.count) pictures") }
    }.gathered(over: group)
  }
}

extension [BrokenImage] {
  /// Those that all ranks have found.
  fileprivate func gathered(over group: Group) throws -> [BrokenImage] {
    guard group.size > 1 else { return self }
    return try group.gathered(Array<UInt8>(JSONEncoder().encode(self))).flatMap {
      try JSONDecoder().decode([BrokenImage].self, from: Data($0))
    }
  }
}
