import Foundation

extension Metrics {
  /// What a ranking in random order gives in the mean over all orders, from the sizes of the classes alone.
  ///
  /// Of M items, R are of the query's class (the query itself not counted), and H_n is 1 + 1/2 + … + 1/n:
  ///
  /// - R@K is 1 − C(M − R, K) / C(M, K), and R-Precision R / M.
  /// - MAP@R is (H_R + (R − H_R)(R − 1) / (M − 1)) / M, because rank i holds the right class with probability R / M, and each of the
  ///   i − 1 before it then with (R − 1) / (M − 1).
  /// - H-AP is by the same argument the mean over the items of H_M / M of an item's own relevance and 1 − H_M / M of its mean
  ///   minimum with the others'; NDCG the mean gain times all discounts over the ideal sum; errors in the parent are the share of
  ///   the parent among the items of other classes.
  ///
  /// ASI and NMI have no closed form, and are left out.
  ///
  /// - Parameters:
  ///   - labels: the class of each query.
  ///   - gallery: the class of each item to be found; nil where the queries look for each other.
  ///   - groups: for each level of a taxonomy, the group of each class.
  ///   - recallAt: the K of Recall@K.
  static func chance(_ labels: [Int], gallery: [Int]?, groups: [[Int]], recallAt: [Int]) -> Metrics {
    let found = gallery ?? labels
    let own = gallery == nil ? 1 : 0
    let order = RandomOrder(items: found.count - own)
    let levels = [Array(0...(max(labels.max() ?? 0, found.max() ?? 0)))] + groups
    let sizes = levels.map { level in found.reduce(into: [:]) { $0[level[$1], default: 0] += 1 } as [Int: Int] }
    let queries = labels.reduce(into: [:]) { $0[$1, default: 0] += 1 } as [Int: Int]
    let classes = queries.keys.sorted().map { label in
      (count: Double(queries[label]!), relevant: zip(levels, sizes).map { ($1[$0[label]] ?? 0) - own })
    }
    func mean(_ level: Int, _ value: ([Int]) -> Double) -> Double {
      let counted = classes.filter { $0.relevant[level] > 0 }
      return counted.reduce(0) { $0 + $1.count * value($1.relevant) } / counted.reduce(0) { $0 + $1.count }
    }
    let recall = Set(recallAt + [1]).map { k in (k, mean(0) { order.recall(at: k, $0[0]) }) }
    var metrics = Metrics(
      precisionAt1: mean(0) { order.recall(at: 1, $0[0]) }, recall: Dictionary(uniqueKeysWithValues: recall),
      rPrecision: mean(0) { Double($0[0]) / Double(order.items) }, mapAtR: mean(0) { order.mapAtR($0[0]) })
    guard !groups.isEmpty else { return metrics }
    let others = classes.filter { $0.relevant[0] < order.items }
    let within = others.reduce(0) {
      $0 + $1.count * Double($1.relevant[1] - $1.relevant[0]) / Double(order.items - $1.relevant[0])
    }
    metrics.hierarchical = .init(
      groups: groups.map { Set($0).count },
      mapAtR: groups.indices.map { level in mean(level + 1) { order.mapAtR($0[level + 1]) } },
      hierarchicalAP: mean(groups.count, order.hierarchicalAP), ndcg: mean(groups.count, order.ndcg),
      averageSetIntersection: nil,
      firstErrorsWithinParent: others.isEmpty ? nil : within / others.reduce(0) { $0 + $1.count })
    return metrics
  }
}

/// Expected values over all orders of so many items.
private struct RandomOrder {
  let items: Int
  /// 1 + 1/2 + … + 1/n by n.
  private let harmonic: [Double]
  /// The sum of 1/log₂(1 + k) over the first n ranks, by n.
  private let discounts: [Double]

  init(items: Int) {
    self.items = items
    let ranks = items > 0 ? Array(1...items) : []
    harmonic = ranks.reduce(into: [0]) { $0.append($0.last! + 1 / Double($1)) }
    discounts = ranks.reduce(into: [0]) { $0.append($0.last! + 1 / log2(Double($1 + 1))) }
  }

  func recall(at k: Int, _ relevant: Int) -> Double {
    1 - (0..<min(k, items)).reduce(1) { $0 * Double(max(0, items - relevant - $1)) / Double(items - $1) }
  }

  func mapAtR(_ relevant: Int) -> Double {
    let others = items > 1 ? Double(relevant - 1) / Double(items - 1) : 0
    return (harmonic[relevant] + (Double(relevant) - harmonic[relevant]) * others) / Double(items)
  }

  /// By the items in the query's group on each level, classes first; some on the last.
  func hierarchicalAP(_ relevant: [Int]) -> Double {
    let grades = grades(relevant)
    let first = harmonic[items] / Double(items)
    var (sum, all) = (0.0, 0.0)
    for (grade, count) in grades.enumerated() where count > 0 {
      let relevance = { (grade: Int) in Double(grade + 1) / Double(grades.count) / Double(grades[grade]) }
      let own = relevance(grade)
      let others = grades.indices.filter { grades[$0] > 0 }.reduce(-own) {
        $0 + Double(grades[$1]) * min(own, relevance($1))
      }
      sum += Double(count) * (first * own + (1 - first) * (items > 1 ? others / Double(items - 1) : 0))
      all += Double(count) * own
    }
    return sum / all
  }

  func ndcg(_ relevant: [Int]) -> Double {
    let grades = grades(relevant)
    var (gain, ideal, above) = (0.0, 0.0, 0)
    for (grade, count) in grades.enumerated().reversed() {
      let own = exp2(Double(grade + 1)) - 1
      gain += own * Double(count)
      ideal += own * (discounts[above + count] - discounts[above])
      above += count
    }
    return gain / Double(items) * discounts[items] / ideal
  }

  /// How many items have grade 1, 2 and so on, the class itself last.
  private func grades(_ relevant: [Int]) -> [Int] {
    let coarsestFirst = relevant.reversed()
    return zip(coarsestFirst, coarsestFirst.dropFirst() + [0]).map(-)
  }
}
