import ClassTree
import Vision

/// The classes of the training half: those that train, and those that choose the epoch.
struct TrainingClasses {
  let train: ImageDataset
  let validation: ImageDataset?
  /// The groups that the data itself, or `--taxonomy`, gives the classes that train; with `--hierarchy` these differ from those of
  /// `train`.
  let taxonomy: ClassHierarchy?
  /// Pictures of some of the classes that train, to see how well the network knows these; nil where validation classes take their
  /// place, or where there is nothing to find.
  let probe: ImageDataset?

  /// What the probe is, for a person.
  var probeWords: String? {
    probe.map {
      "\($0.classCount) of the \(grouped(train.classCount)) classes that are trained on, \(counted($0.count, "picture", "pictures")) as "
        + "they are in a test, among each other: how well the network knows them, not how it does on unseen classes"
    }
  }
}

extension ImageDataset {
  /// An eighth of the classes, two at least, spread evenly, with 1,000 pictures at most; nil where none would have another one of
  /// its class to find.
  fileprivate var probe: ImageDataset? {
    let chosen = spread(classCount, atMost: min(max(2, classCount / 8), 500))
    let each = 1000 / max(1, chosen.count)
    let indices = indicesByClass
    let shown = chosen.enumerated().flatMap { label, index in
      indices[index].prefix(each).map {
        Sample(source: samples[$0].source, label: label, boundingBox: samples[$0].boundingBox)
      }
    }
    guard chosen.count > 1, chosen.contains(where: { indices[$0].count > 1 }) else { return nil }
    return ImageDataset(name: name, classNames: chosen.map { classNames[$0] }, samples: shown)
  }
}

extension TrainingData {
  /// Divides the training half by `--validation-classes`, or for a fold (from 0) holds that one out.
  ///
  /// Throws `UsageError` where too few classes are left on either side.
  func classes(_ settings: Settings, fold: Int?) throws -> TrainingClasses {
    let count = train.classCount
    var held = try settings.validation.heldOut(of: count)
    if let fold, let folds = settings.recipe?.folds {
      guard count >= 2 * folds else {
        throw UsageError.conflict(
          "--protocol mlrc: \(folds) folds need at least \(2 * folds) training classes, and there are \(count)")
      }
      held = Array(fold * count / folds..<(fold + 1) * count / folds)
    }
    let isHeld = Set(held)
    let kept = train.subset(classes: (0..<count).filter { !isHeld.contains($0) })
    return TrainingClasses(
      train: hierarchy.map { kept.grouped(by: $0.subset(named: kept.classNames)) } ?? kept,
      validation: held.isEmpty ? nil : train.subset(classes: held), taxonomy: kept.taxonomy,
      probe: held.isEmpty ? kept.probe : nil)
  }

  /// Reads the file of `--hierarchy`: for all classes of the training half, or for those that are left where some are held out.
  ///
  /// Throws `HierarchyFileError` where it is of other classes or no hierarchy.
  static func hierarchy(
    _ path: String, _ validation: ValidationClasses, train: ImageDataset
  ) throws -> ClassHierarchy {
    let held = Set(try validation.heldOut(of: train.classCount))
    let left = train.classNames.indices.filter { !held.contains($0) }.map { train.classNames[$0] }
    let found = try ClassHierarchy(contentsOf: path)
    guard !found.levels.isEmpty else {
      throw HierarchyFileError(file: path, key: "levels", problem: "there is none; --hierarchy needs at least one")
    }
    return try ClassHierarchy(contentsOf: path, classes: found.classes.count == left.count ? left : train.classNames)
  }
}

extension ClassHierarchy {
  /// The hierarchy of some of the classes, by their names.
  fileprivate func subset(named names: [String]) -> ClassHierarchy {
    let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    return subset(classes: names.map { places[$0]! })
  }
}

extension ImageDataset {
  /// The same pictures with other groups of their classes.
  fileprivate func grouped(by taxonomy: ClassHierarchy) -> ImageDataset {
    ImageDataset(name: name, classNames: classNames, samples: samples, taxonomy: taxonomy)
  }
}
