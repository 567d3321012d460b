import Collectives
import Foundation
import Tensor
import Vision

extension Need {
  /// A folder of pictures that a command is about.
  static let folder: Need = Need("needs a folder of pictures: without it the model's own are taken, as they were") {
    $0.operand != nil
  }
}

extension Given {
  /// The folder of pictures, or the picture, that a command names; nil for none.
  ///
  /// Throws for an empty name, which would be the folder in which the program runs.
  func pictures(for command: String) throws(UsageError) -> String? {
    guard operand != "" else { throw .conflict("\(command) needs pictures, and '' is no name") }
    return operand
  }
}

/// The pictures that a command on a checkpoint embeds, with a name and a class for each.
struct NamedPictures {
  let pictures: ImageDataset
  let names: [String]
  /// The class of each: that of the data set, or the folder in which it lies.
  let classes: [String]

  /// Which pictures of a test whose queries look in a gallery.
  enum Part { case queries, gallery }

  /// The pictures in the folder that a command names, or else those that its model, whose file is `path`, was tested on.
  init(
    folder: String?, testing model: TrainedModel, of path: String, _ part: Part = .gallery, skippingBroken: Bool,
    over group: Group, meter: Meter, note: (String) -> Void
  ) throws {
    if let folder {
      try self.init(folder: folder, skippingBroken: skippingBroken, over: group, meter: meter, note: note)
    } else {
      try self.init(
        testing: model, of: path, part, advice: "name a folder of pictures", over: group, meter: meter, note: note)
    }
  }

  /// All pictures in a folder and the folders in it; each is decoded once, by one rank, to find the broken ones.
  ///
  /// Throws `BrokenDataError` for the first of these, unless they are to be skipped.
  init(
    folder: String, skippingBroken: Bool, over group: Group, meter: Meter = .silent, note: (String) -> Void
  ) throws {
    let (all, paths, leftOut) = try group.agree {
      try meter.during("looking for pictures in \(folder)") {
        try ImageDataset.pictures(in: URL(fileURLWithPath: folder))
      }
    }
    if let leftOut { note("note: \(leftOut)") }
    note("checking \(counted(all.count, "picture", "pictures"))")
    let broken = try all.brokenImages(over: group, meter: meter)
    if let first = broken.first {
      if !skippingBroken { throw BrokenDataError(first: first, count: broken.count) }
      if broken.count == all.count {
        throw DatasetError.wrongContent(file: folder, problem: "none of its pictures can be read; the first: \(first)")
      }
    }
    if skippingBroken { note("\(counted(broken.count, "broken picture", "broken pictures")) left out") }
    for picture in broken { note("  \(picture)") }
    let left = Set(broken.map(\.index))
    let kept = all.samples.indices.filter { !left.contains($0) }
    names = kept.map { paths[$0] }
    pictures = ImageDataset(name: all.name, classNames: all.classNames, samples: kept.map { all.samples[$0] })
    classes = names.map { name in
      let folder = name.split(separator: "/").dropLast().joined(separator: "/")
      return folder.isEmpty ? all.name : folder
    }
  }

  /// The pictures that a model, whose file is `path`, was tested on: those among which it looked, or those that it looked for.
  init(
    testing model: TrainedModel, of path: String, _ part: Part = .gallery, advice: String = "give --data",
    over group: Group, meter: Meter = .silent, note: (String) -> Void
  ) throws {
    let data = try TrainingData(
      of: [(path, model.state)], advice: advice, over: group, meter: meter, note: note)
    let pictures = part == .gallery ? data.gallery ?? data.test : data.test
    self.pictures = pictures
    classes = pictures.labels.map { pictures.classNames[$0] }
    let prefix = data.source.map { $0.path + "/" } ?? ""
    names = pictures.samples.map { sample in
      let name = sample.source.name
      return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }
  }

  /// Throws `RankError` where ranks have found other names, or opened another model.
  func check(_ model: TrainedModel, over group: Group) throws {
    guard group.size > 1 else { return }
    var sum = PictureChecksum()
    try group.agree { try sum.add(pictures) }
    try RanksError.check("\(names)\(sum.digits)", over: group) { _, _ in ["other pictures"] }
    try model.check(over: group)
  }

  init(pictures: ImageDataset, names: [String], classes: [String]) {
    (self.pictures, self.names, self.classes) = (pictures, names, classes)
  }

  /// The same without some files.
  func without(_ file: URL) -> NamedPictures {
    let path = file.resolvingSymlinksInPath().path
    let kept = names.indices.filter { index in
      guard case .file(let url) = pictures.samples[index].source else { return true }
      return url.resolvingSymlinksInPath().path != path
    }
    let samples = kept.map { pictures.samples[$0] }
    return NamedPictures(
      pictures: ImageDataset(name: pictures.name, classNames: pictures.classNames, samples: samples),
      names: kept.map { names[$0] }, classes: kept.map { classes[$0] })
  }
}

extension TrainedModel {
  /// Opens the file of `--checkpoint`; throws `CheckpointError` without the advice that a run to be resumed needs.
  init(opening path: String, methods: MethodList) throws {
    do {
      try self.init(checkpoint: path, methods: methods)
    } catch CheckpointError.unreadable(let file, let reason) {
      throw CheckpointError.unusable(file: file, reason: reason)
    }
  }
}
