import Tensor

/// The classes of samples that may have several, or none: what `Labels` are for samples of one class each.
///
/// ```swift
/// let tags = Memberships([[0, 2], [1], []], classes: 3)
/// let mask = tags.mask  // [[true, false, true], [false, true, false], [false, false, false]]
/// ```
public struct Memberships: Sendable, Equatable {
  /// The classes of each sample, in ascending order.
  public let samples: [[Int]]
  /// The number of classes.
  public let classes: Int

  /// Takes the classes of each sample, in any order; one that is named twice counts once.
  ///
  /// Traps for a number that is none of the classes.
  public init(_ samples: [[Int]], classes: Int, file: StaticString = #fileID, line: UInt = #line) {
    for (row, own) in samples.enumerated() {
      require(
        own.allSatisfy((0..<classes).contains), "Memberships: sample \(row) with classes \(own) of \(classes)",
        file: file, line: line)
    }
    (self.samples, self.classes) = (samples.map { Set($0).sorted() }, classes)
  }

  /// Takes for each sample whether it is of each class, `[samples, classes]`; traps for another rank.
  public init(_ mask: Tensor<Bool>, file: StaticString = #fileID, line: UInt = #line) {
    require(mask.rank == 2, "Memberships: \(mask.shape) is not [samples, classes]", file: file, line: line)
    let (flags, classes) = (mask.scalars, mask.shape[1])
    samples = (0..<mask.shape[0]).map { row in (0..<classes).filter { flags[row * classes + $0] } }
    self.classes = classes
  }

  /// The number of samples.
  public var count: Int { samples.count }

  /// For each sample whether it is of each class, `[samples, classes]`.
  public var mask: Tensor<Bool> {
    var flags = [Bool](repeating: false, count: count * classes)
    for (row, own) in samples.enumerated() {
      for label in own { flags[row * classes + label] = true }
    }
    return Tensor(flags, shape: [count, classes])
  }

  /// The samples of each class, in ascending order.
  public var members: [[Int]] {
    var members = [[Int]](repeating: [], count: classes)
    for (row, own) in samples.enumerated() {
      for label in own { members[label].append(row) }
    }
    return members
  }

  /// Some samples, in the order asked for, such as those of a batch; traps for one that does not exist.
  public func take(_ rows: [Int], file: StaticString = #fileID, line: UInt = #line) -> Memberships {
    require(rows.allSatisfy(samples.indices.contains), "take: samples \(rows) of \(count)", file: file, line: line)
    return Memberships(rows.map { samples[$0] }, classes: classes)
  }

  /// The groups of the samples' classes: a sample is of each group that one of its classes is of.
  ///
  /// `groups` has the group of each class, as `ClassHierarchy.groups(on:)`; there are `count` of them, or as many as the greatest number
  /// says. Traps for groups of another number of classes, and for one that is none of `count`.
  public func grouped(
    by groups: [Int], count: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Memberships {
    require(
      groups.count == classes, "grouped: groups of \(groups.count) classes, of which there are \(classes)", file: file,
      line: line)
    return Memberships(
      samples.map { $0.map { groups[$0] } }, classes: count ?? (groups.max() ?? -1) + 1, file: file, line: line)
  }

  /// Whether each sample has a class in common with each of others, `[samples, others]`.
  ///
  /// Traps for others of another number of classes.
  public func sharesClass(
    with others: Memberships, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Bool> {
    Tensor(sharedCounts(with: others, file, line).map { $0 > 0 }, shape: [count, others.count])
  }

  /// How many of the classes that a sample and one of others have together they have both, `|A ∩ B| / |A ∪ B|` (Jaccard's
  /// index), `[samples, others]`; 1 of two without classes.
  ///
  /// Traps for others of another number of classes.
  public func overlaps(
    with others: Memberships, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Double> {
    let shared = sharedCounts(with: others, file, line)
    let values = shared.indices.map { place in
      let (a, b) = (samples[place / others.count], others.samples[place % others.count])
      let all = a.count + b.count - shared[place]
      return all == 0 ? 1 : Double(shared[place]) / Double(all)
    }
    return Tensor(values, shape: [count, others.count])
  }

  /// How many classes each sample has in common with each of others.
  private func sharedCounts(with others: Memberships, _ file: StaticString, _ line: UInt) -> [Int] {
    require(
      classes == others.classes, "Memberships: of \(classes) classes and of \(others.classes)", file: file, line: line)
    let members = others.members
    var counts = [Int](repeating: 0, count: count * others.count)
    for (row, own) in samples.enumerated() {
      for label in own {
        for other in members[label] { counts[row * others.count + other] += 1 }
      }
    }
    return counts
  }
}
