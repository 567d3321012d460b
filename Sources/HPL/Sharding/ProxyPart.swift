import Collectives
import Tensor

/// The classes whose proxies a rank has, and which of these take part in a step.
struct ProxyPart {
  let group: Group
  /// The classes of this rank.
  let classes: Range<Int>
  /// The number of all classes.
  let count: Int
  /// Those of this rank that take part, in ascending order; nil for all.
  var active: [Int]?

  /// For each target its column among the similarities of this rank, `none` where it has none, and whether it has one.
  func columns(of targets: Labels, none: Int) -> (index: Labels, isHere: Tensor<Bool>) {
    let columns = targets.scalars.map { target -> Int? in
      guard classes.contains(target) else { return nil }
      return active.map { place(of: target, in: $0) } ?? target - classes.lowerBound
    }
    return (Labels(columns.map { $0 ?? none }), Tensor<Bool>(columns.map { $0 != nil }))
  }

  /// Where a class is among those that take part; nil where it does not.
  private func place(of target: Int, in active: [Int]) -> Int? {
    var range = active.indices
    while range.count > 1 {
      let middle = (range.lowerBound + range.upperBound) / 2
      range = active[middle] <= target ? middle..<range.upperBound : range.lowerBound..<middle
    }
    return range.first.flatMap { active[$0] == target ? $0 : nil }
  }

  /// Chooses the classes of this rank that occur among the targets, and of the others at random as many as a rate asks for.
  ///
  /// An and others, 2021 (Partial FC), Algorithm 1: the number is the rate's share of the classes, or that of the own ones
  /// where there are more.
  mutating func sample(_ targets: Labels, rate: Double, using generator: inout RandomGenerator) {
    var chosen = Set(targets.scalars.filter(classes.contains))
    let wanted = max(chosen.count, min(classes.count, Int((rate * Double(classes.count)).rounded(.up))))
    // Rejection is quick while most are left; otherwise the rest is shuffled.
    if wanted * 2 < classes.count {
      while chosen.count < wanted { chosen.insert(Int.random(in: classes, using: &generator)) }
    } else {
      let rest = classes.filter { !chosen.contains($0) }.shuffled(using: &generator)
      chosen.formUnion(rest.prefix(wanted - chosen.count))
    }
    active = chosen.sorted()
  }
}
