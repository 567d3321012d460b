/// Decides which samples come together in the batches of an epoch.
public protocol Sampler: Sendable {
  /// The batches of an epoch, each a list of sample indices; the same for the same epoch.
  func batches(epoch: Int) -> [[Int]]
}

/// Why samples cannot be put into batches as asked.
public enum SamplerError: Error, Equatable, CustomStringConvertible {
  /// The batch size or the number of samples per class is less than 1.
  case notPositive(batch: Int, samplesPerClass: Int)
  /// The batch size is no multiple of the number of samples per class.
  case notDivisible(batch: Int, samplesPerClass: Int)
  /// A batch needs more classes than there are.
  case tooFewClasses(Int, batch: Int, samplesPerClass: Int)
  /// The batch size is no multiple of the number of super classes in a batch, or a part is smaller than the samples of a class.
  case notDivisibleAmongGroups(batch: Int, groups: Int, samplesPerClass: Int)
  /// A batch needs more super classes than there are.
  case tooFewGroups(Int, needed: Int)

  /// The error in one line, with what to do.
  public var description: String {
    switch self {
    case .notPositive(let batch, let samplesPerClass):
      "batch size \(batch) with \(samplesPerClass) samples per class: both must be at least 1"
    case .notDivisible(let batch, let samplesPerClass):
      "batch size \(batch) is no multiple of \(samplesPerClass) samples per class: "
        + "try \(max(batch / samplesPerClass, 1) * samplesPerClass)"
    case .tooFewClasses(let classes, let batch, let samplesPerClass):
      "batch size \(batch) with \(samplesPerClass) samples per class needs \(batch / samplesPerClass) classes, "
        + "but there are \(classes): use at most \(classes * samplesPerClass)"
    case .notDivisibleAmongGroups(let batch, let groups, let samplesPerClass):
      "batch size \(batch) is to have \(groups) equal parts of at least \(samplesPerClass): try "
        + "\(max(batch / groups, samplesPerClass) * groups)"
    case .tooFewGroups(let groups, let needed):
      "a batch needs \(needed) super classes, but there are \(groups)"
    }
  }
}
