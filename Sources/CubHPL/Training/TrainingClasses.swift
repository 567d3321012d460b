import Vision

/// The classes of the training half: those that train, and those that choose the epoch.
struct TrainingClasses {
  let train: ImageDataset
  let validation: ImageDataset?
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
    guard !held.isEmpty else { return TrainingClasses(train: train, validation: nil) }
    let isHeld = Set(held)
    return TrainingClasses(
      train: train.subset(classes: (0..<count).filter { !isHeld.contains($0) }),
      validation: train.subset(classes: held))
  }
}
