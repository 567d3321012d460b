import Collectives
import Foundation
import Tensor
import Vision

/// The pictures that a command on a checkpoint embeds, with a name for each.
struct NamedPictures {
  let pictures: ImageDataset
  let names: [String]

  /// All pictures in a folder and the folders in it; each is decoded once, by one rank, to find the broken ones.
  ///
  /// Throws `BrokenDataError` for the first of these, unless they are to be skipped.
  init(
    folder: String, skippingBroken: Bool, over group: Group, meter: Meter = .silent, note: (String) -> Void
  ) throws {
    let (all, paths, leftOut) = try group.agree { try ImageDataset.pictures(in: URL(fileURLWithPath: folder)) }
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
  }

  /// The pictures that a model, whose file is `path`, was tested on: among which it looked for their classes.
  init(
    testing model: TrainedModel, of path: String, over group: Group, meter: Meter = .silent, note: (String) -> Void
  ) throws {
    let data = try TrainingData(of: [(path, model.state)], over: group, meter: meter, note: note)
    pictures = data.gallery ?? data.test
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

  init(pictures: ImageDataset, names: [String]) { (self.pictures, self.names) = (pictures, names) }

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
      names: kept.map { names[$0] })
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
