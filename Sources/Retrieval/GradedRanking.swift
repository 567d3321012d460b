import Collectives
import Foundation
import Tensor

/// What became of one query in a ranking with grades.
struct GradedOutcome: Equatable {
  /// For each level, classes first, the items of the query's group that it found.
  var precisions: [HitPrecision]
  var hierarchicalAP = 0.0
  var ndcg = 0.0
  var averageSetIntersection = 0.0
  /// Whether the first item of another class is in the query's group on level 1; nil if there is none.
  var isFirstErrorWithinParent: Bool?

  init(precisions: [HitPrecision]) { self.precisions = precisions }
}

extension GradedOutcome {
  /// All of it as numbers, which other ranks can be told.
  var numbers: [Double] {
    [hierarchicalAP, ndcg, averageSetIntersection, isFirstErrorWithinParent.map { $0 ? 1 : 0 } ?? -1]
      + precisions.flatMap { [Double($0.relevant), Double($0.hits), $0.sum] }
  }

  /// Takes what `numbers` said.
  init(numbers: [Double]) {
    precisions = stride(from: 4, to: numbers.count, by: 3).map {
      HitPrecision(relevant: Int(numbers[$0]), hits: Int(numbers[$0 + 1]), sum: numbers[$0 + 2])
    }
    (hierarchicalAP, ndcg, averageSetIntersection) = (numbers[0], numbers[1], numbers[2])
    isFirstErrorWithinParent = numbers[3] < 0 ? nil : numbers[3] > 0
  }
}

/// Whole rankings of all items for each query, made for some queries at a time, looked at and forgotten.
///
/// The ranks of a group share out the queries.
struct GradedRanking {
  private let queries: Tensor<Float>
  private let gallery: Tensor<Float>
  /// For each level, classes first, the group of each query.
  private let queryGroups: [[Int]]
  /// For each item, its group on each level, the coarsest first.
  private let itemGroups: [Int]
  private let search: Search
  /// For each level, how many items each group has.
  private let sizes: [[Int: Int]]
  /// `1/log₂(1 + k)` for each rank k from 1, and the sums of these over the first so many ranks.
  private let discounts: [Double]
  private let discountSums: [Double]
  private let group: Group

  /// Takes, for each level, classes first, the groups of the queries and of the items.
  init(_ search: Search, queryGroups: [[Int]], itemGroups: [[Int]], over group: Group = .alone) {
    let gallery = search.items
    (queries, self.gallery, self.search) = (search.queries, gallery, search)
    (self.queryGroups, self.group) = (queryGroups, group)
    self.itemGroups = (0..<gallery.shape[0]).flatMap { item in itemGroups.reversed().map { $0[item] } }
    sizes = itemGroups.map { $0.reduce(into: [:]) { sizes, group in sizes[group, default: 0] += 1 } }
    discounts = (0..<gallery.shape[0]).map { 1 / log2(Double($0 + 2)) }
    discountSums = discounts.reduce(into: [0]) { $0.append($0.last! + $1) }
  }

  /// What becomes of each query, on every rank; `progress` gets the share of this rank's that is done.
  func outcomes(progress: (Double) -> Void) -> [GradedOutcome] {
    let (count, items) = (queries.shape[0], gallery.shape[0])
    let threads = group.threadsOfFirst()
    let tile = min(128, max(1, (1 << 24) / max(items, 1)))
    // The tiles of one process: rounding may depend on their rows.
    let tiles = stride(from: 0, to: count, by: tile * threads).flatMap { start in
      parts(of: min(tile * threads, count - start), grain: 1, threads: threads)
        .map { start + $0.lowerBound..<start + $0.upperBound }
    }
    let own = Array(tiles[group.share(of: tiles.count)])
    let first = own.first?.lowerBound ?? 0
    let total = own.reduce(0) { $0 + $1.count }
    var outcomes = [GradedOutcome](
      repeating: GradedOutcome(precisions: queryGroups.map { _ in HitPrecision(relevant: 0) }), count: total)
    outcomes.withUnsafeMutableBufferPointer { outcomes in
      let outcomes = outcomes
      for start in stride(from: 0, to: own.count, by: threads) {
        let block = own[start..<min(start + threads, own.count)]
        parallel(block.count, grain: 1) { part in
          for rows in block[start + part.lowerBound..<start + part.upperBound] {
            let similarities = UnsafeMutablePointer<Float>.allocate(capacity: max(rows.count * items, 1))
            let sorter = DescendingOrder(items)
            defer { similarities.deallocate() }
            multiplyByTransposed(queries, rows, gallery, 0..<items, into: similarities)
            for query in rows {
              let order = sorter.order(similarities + (query - rows.lowerBound) * items)
              outcomes[query - first] = outcome(of: query, order)
            }
          }
        }
        progress(Double(block.last!.upperBound - first) / Double(total))
      }
    }
    if own.isEmpty { progress(1) }
    return gathered(outcomes)
  }

  /// The outcomes of all ranks.
  private func gathered(_ outcomes: [GradedOutcome]) -> [GradedOutcome] {
    guard group.size > 1 else { return outcomes }
    let width = 4 + 3 * queryGroups.count
    let all = group.gathered(Tensor<Double>(outcomes.flatMap(\.numbers), shape: [outcomes.count, width])).scalars
    return stride(from: 0, to: all.count, by: width).map { GradedOutcome(numbers: Array(all[$0..<$0 + width])) }
  }

  private func outcome(of query: Int, _ order: UnsafePointer<UInt64>) -> GradedOutcome {
    let levels = queryGroups.count
    let groups = queryGroups.map { $0[query] }
    let own = search.ownItem(of: query)
    let relevant = (0..<levels).map { (sizes[$0][groups[$0]] ?? 0) - (own == nil ? 0 : 1) }
    // By grade: what comes before its items in an ideal ranking, its items, their relevance and gain, and how many were met.
    let above = (0...levels).map { $0 < levels ? relevant[levels - 1 - $0] : 0 }
    let population = (0...levels).map { $0 > 0 ? relevant[levels - $0] - above[$0] : 0 }
    let relevance = (0...levels).map { population[$0] > 0 ? Double($0) / Double(levels) / Double(population[$0]) : 0 }
    let gains = (0...levels).map { exp2(Double($0)) - 1 }
    var met = [Int](repeating: 0, count: levels + 1)
    let wanted = relevant[levels - 1]
    let strangers = gallery.shape[0] - (own == nil ? 0 : 1) - relevant[0]
    var outcome = GradedOutcome(precisions: relevant.map { HitPrecision(relevant: $0) })
    if strangers > 0 { outcome.isFirstErrorWithinParent = false }
    var foundError = false
    var (gain, overlap, weighted) = (0.0, 0.0, 0.0)
    var (rank, found, place) = (0, 0, 0)
    while found < wanted {
      let item = DescendingOrder.item(order[place])
      place += 1
      if item == own { continue }
      rank += 1
      var grade = 0
      while grade < levels && itemGroups[item * levels + grade] == groups[levels - 1 - grade] { grade += 1 }
      if grade < levels && !foundError {
        foundError = true
        outcome.isFirstErrorWithinParent = levels > 1 && grade == levels - 1
      }
      met[grade] += 1
      if grade > 0 {
        found += 1
        var sum = 0.0
        for other in 1...levels { sum += Double(met[other]) * min(relevance[other], relevance[grade]) }
        weighted += sum / Double(rank)
        gain += gains[grade] * discounts[rank - 1]
        for level in levels - grade..<levels { outcome.precisions[level].addHit(atRank: rank) }
      }
      if rank <= wanted {
        var common = 0
        for grade in 1...levels { common += min(met[grade], max(0, min(population[grade], rank - above[grade]))) }
        overlap += Double(common) / Double(rank)
      }
    }
    guard wanted > 0 else { return outcome }
    var (ideal, most) = (0.0, 0.0)
    for grade in 1...levels {
      ideal += gains[grade] * (discountSums[above[grade] + population[grade]] - discountSums[above[grade]])
      most += Double(population[grade]) * relevance[grade]
    }
    outcome.hierarchicalAP = weighted / most
    outcome.ndcg = gain / ideal
    outcome.averageSetIntersection = overlap / Double(wanted)
    return outcome
  }
}

/// Sorts numbers by their bits, eleven at a time, from the greatest; equal ones keep their order.
private final class DescendingOrder {
  private let count: Int
  private var entries: UnsafeMutablePointer<UInt64>
  private var others: UnsafeMutablePointer<UInt64>
  private let places: UnsafeMutablePointer<Int>
  private static let digits = 2048

  init(_ count: Int) {
    self.count = count
    entries = .allocate(capacity: max(count, 1))
    others = .allocate(capacity: max(count, 1))
    places = .allocate(capacity: 3 * DescendingOrder.digits)
  }

  deinit {
    entries.deallocate()
    others.deallocate()
    places.deallocate()
  }

  /// The number of the item of an entry.
  static func item(_ entry: UInt64) -> Int { Int(entry & 0xFFFF_FFFF) }

  /// Entries of all items in order, valid until the next call.
  func order(_ values: UnsafePointer<Float>) -> UnsafePointer<UInt64> {
    let digits = DescendingOrder.digits
    places.update(repeating: 0, count: 3 * digits)
    for item in 0..<count {
      let bits = (values[item] + 0).bitPattern  // -0 becomes 0
      // Ascending keys of descending numbers.
      let key = bits >> 31 == 0 ? ~(bits | 1 << 31) : bits
      entries[item] = UInt64(key) << 32 | UInt64(item)
      for digit in 0..<3 { places[digit * digits + Int(key >> UInt32(11 * digit) & 2047)] += 1 }
    }
    for digit in 0..<3 {
      let places = places + digit * digits
      var sum = 0
      for value in 0..<digits { (places[value], sum) = (sum, sum + places[value]) }
      for index in 0..<count {
        let entry = entries[index]
        let value = Int(entry >> UInt64(32 + 11 * digit) & 2047)
        others[places[value]] = entry
        places[value] += 1
      }
      swap(&entries, &others)
    }
    return UnsafePointer(entries)
  }
}
