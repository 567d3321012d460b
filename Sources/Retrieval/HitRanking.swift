import CRetrieval
import Collectives
import Tensor

/// Exact ranks of each query's hits, the items of its class, among all items by similarity.
///
/// Sorted lists of neighbours are not needed: it is enough to count, for every hit, the items that come before it. So the
/// similarities are made tile by tile, looked at once while they are in cache, and forgotten. Where the items themselves
/// are the queries, a tile serves both its rows and its columns, which halves the arithmetic.
///
/// The ranks of a group share out the tiles, which are those of one process, and add up their counts.
struct HitRanking {
  /// Rows of length 1 and their classes, both sorted by class.
  private let queries: ClassRows
  private let gallery: ClassRows
  /// Whether item `i` is query `i` itself.
  private let isSelf: Bool
  /// The item of each query that it must not find; −1 where there is none.
  private let own: [Int]
  private let group: Group
  /// More hits are not kept at a time.
  private let mostHits: Int

  /// Keeps no more than 200 MB of hits at a time.
  init(_ search: Search, over group: Group = .alone, mostHits: Int = 1 << 24) {
    queries = ClassRows(search.queries, search.queryLabels)
    gallery = search.isSelf ? queries : ClassRows(search.items, search.itemLabels)
    isSelf = search.isSelf
    own = HitRanking.ownItems(search, queries, gallery)
    (self.group, self.mostHits) = (group, mostHits)
  }

  private static func ownItems(_ search: Search, _ queries: ClassRows, _ gallery: ClassRows) -> [Int] {
    guard !search.isSelf else { return Array(0..<queries.count) }
    guard let own = search.ownItems else { return [Int](repeating: -1, count: queries.count) }
    var place = [Int](repeating: 0, count: gallery.count)
    for (row, item) in gallery.order.enumerated() { place[item] = row }
    return queries.order.map { own[$0].map { place[$0] } ?? -1 }
  }

  /// What becomes of each query, in the order in which they were given, on every rank; `progress` gets the share that is done.
  func outcomes(progress: (Double) -> Void) -> [HitOutcome] {
    let threads = group.threadsOfFirst()
    let classes = queries.labels.map { gallery.classes[$0] ?? 0..<0 }
    let relevant = zip(classes, own).map { $0.count - ($1 < 0 ? 0 : 1) }
    var outcomes = [HitOutcome](
      repeating: HitOutcome(precision: HitPrecision(relevant: 0)), count: classes.count)
    var start = 0
    while start < classes.count {
      var (end, hits) = (start, 0)
      while end < classes.count, end == start || hits + relevant[end] <= mostHits {
        hits += relevant[end]
        end += 1
      }
      let state = RankingState(classes, own, relevant, start..<end, hits: hits, positions: gallery.order)
      rank(start..<end, state, threads: threads) { done in
        progress((Double(start) + done * Double(end - start)) / Double(classes.count))
      }
      state.joinCounts(over: group)
      for query in start..<end { outcomes[queries.order[query]] = state.outcome(of: query) }
      start = end
    }
    return outcomes
  }

  private func rank(_ range: Range<Int>, _ state: RankingState, threads: Int, _ progress: (Double) -> Void) {
    let isSymmetric = isSelf && range.count == gallery.count
    let size = max(64, min(512, range.count / (4 * threads)))
    let rows = stride(from: range.lowerBound, to: range.upperBound, by: size)
      .map { $0..<min($0 + size, range.upperBound) }
    let columns =
      isSymmetric ? rows : stride(from: 0, to: gallery.count, by: 512).map { $0..<min($0 + 512, gallery.count) }

    func visit(_ row: Int, _ column: Int, _ room: UnsafeMutablePointer<Float>, _ body: RankingState.Pass) {
      let (rows, columns) = (rows[row], columns[column])
      let isBoth = isSymmetric && row != column
      multiply(rows, columns, into: room)
      body(state, rows, columns, isBoth, room)
    }
    // With several ranks each looks at every row, at some of its tiles.
    func isOwn(_ row: Int, _ column: Int) -> Bool { (row + column) % group.size == group.rank }
    // Tiles that hold hits come first, so that afterwards every item can be counted as it is met.
    if group.size > 1 { state.clearHits() }
    parallel(rows.count, grain: 1) { part in
      withRoom { room in
        for row in part {
          for column in (isSymmetric ? row : 0)..<columns.count
          where isOwn(row, column) && state.hasHits(rows[row], columns[column]) {
            visit(row, column, room) { $0.store($1, $2, $3, $4) }
          }
        }
      }
    }
    state.joinHits(over: group)
    state.sortHits()
    guard isSymmetric else {
      parallel(rows.count, grain: 1) { part in
        withRoom { room in
          for row in part {
            for column in columns.indices where isOwn(row, column) {
              visit(row, column, room) { $0.rank($1, $2, $3, $4) }
            }
          }
        }
      }
      progress(1)
      return
    }
    let rounds = share(of: disjointPairs(of: rows.count), rank: group.rank, of: group.size)
    for (round, pairs) in rounds.enumerated() {
      parallel(pairs.count, grain: 1) { part in
        withRoom { room in
          for pair in part { visit(pairs[pair].0, pairs[pair].1, room) { $0.rank($1, $2, $3, $4) } }
        }
      }
      progress(Double(round + 1) / Double(rounds.count))
    }
  }

  /// The similarities of some queries and some items; a query's with its own item is −∞.
  private func multiply(_ rows: Range<Int>, _ columns: Range<Int>, into tile: UnsafeMutablePointer<Float>) {
    multiplyByTransposed(queries.rows, rows, gallery.rows, columns, into: tile)
    for query in rows where columns.contains(own[query]) {
      tile[(query - rows.lowerBound) * columns.count + own[query] - columns.lowerBound] = -.infinity
    }
  }

  private func withRoom(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    let room = UnsafeMutablePointer<Float>.allocate(capacity: 512 * 512)
    body(room)
    room.deallocate()
  }
}

/// Every pair of `0..<count`, equal ones too, in rounds whose pairs have no number in common, so that a round's pairs can
/// be worked on at the same time: a tournament by the circle method.
func disjointPairs(of count: Int) -> [[(Int, Int)]] {
  let players = count + count % 2
  var rounds = [(0..<count).map { ($0, $0) }]
  for round in 0..<max(players - 1, 0) {
    var pairs = [(players - 1, round)]
    for step in 1..<max(players / 2, 1) {
      pairs.append(((round + step) % (players - 1), (round + players - 1 - step) % (players - 1)))
    }
    rounds.append(pairs.map { (min($0.0, $0.1), max($0.0, $0.1)) }.filter { $0.1 < count })
  }
  return rounds
}

/// A rank's part of rounds of pairs, of so many ranks.
///
/// Whole rounds, which keep all threads busy, as far as every rank gets as many; of the others, and of the first, some pairs.
func share(of rounds: [[(Int, Int)]], rank: Int, of size: Int) -> [[(Int, Int)]] {
  let whole = (rounds.count - 1) / size * size
  return rounds.enumerated().map { round, pairs in
    guard round == 0 || round > whole else { return round % size == rank ? pairs : [] }
    return pairs.indices.filter { ($0 + round) % size == rank }.map { pairs[$0] }
  }
}

/// Rows sorted by class, with what leads back.
private struct ClassRows {
  let rows: Tensor<Float>
  let labels: [Int]
  /// The number that each row had before.
  let order: [Int]
  /// Where each class is.
  let classes: [Int: Range<Int>]

  var count: Int { labels.count }

  init(_ rows: Tensor<Float>, _ labels: [Int]) {
    let order = labels.indices.sorted { (labels[$0], $0) < (labels[$1], $1) }
    self.order = order
    self.labels = order.map { labels[$0] }
    self.rows = rows.take(Tensor<Int>(order))
    var classes: [Int: Range<Int>] = [:]
    for (row, label) in self.labels.enumerated() {
      classes[label] = (classes[label]?.lowerBound ?? row)..<row + 1
    }
    self.classes = classes
  }
}

/// What became of one query.
struct HitOutcome: Equatable {
  /// The items of the query's class, itself not counted: R.
  var relevant: Int { precision.relevant }
  /// The rank of the first of them, from 1.
  var firstHit = Int.max
  /// How many of them are among the R nearest items, and at which precision.
  var precision: HitPrecision
  /// 1 / the rank of the first; 0 where it was not found.
  var reciprocalRank: Double { firstHit == .max ? 0 : 1 / Double(firstHit) }
}

/// The counts behind a `ck_ranking`, for a range of queries.
private final class RankingState: @unchecked Sendable {
  private typealias Integers = UnsafeMutablePointer<Int32>
  typealias Pass = (RankingState, Range<Int>, Range<Int>, Bool, UnsafePointer<Float>) -> Void

  private let range: Range<Int>
  private let owned: [UnsafeMutableRawPointer]
  private let ranking: ck_ranking
  private let hits: Int

  init(
    _ classes: [Range<Int>], _ own: [Int], _ relevant: [Int], _ range: Range<Int>, hits: Int, positions: [Int]
  ) {
    (self.range, self.hits) = (range, hits)
    var owned: [UnsafeMutableRawPointer] = []
    func room<Element>(_ count: Int) -> UnsafeMutablePointer<Element> {
      let room = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
      owned.append(UnsafeMutableRawPointer(room))
      return room
    }
    let queries = classes.count
    let (starts, ends, first): (Integers, Integers, Integers) = (room(queries), room(queries), room(queries + 1))
    let (ownItem, position): (Integers, Integers) = (room(queries), room(positions.count))
    for (item, number) in positions.enumerated() { position[item] = Int32(number) }
    var place: Int32 = 0
    for query in range {
      (starts[query], ends[query]) = (Int32(classes[query].lowerBound), Int32(classes[query].upperBound))
      ownItem[query] = Int32(own[query])
      first[query] = place
      place += Int32(relevant[query])
    }
    first[range.upperBound] = place
    ranking = ck_ranking(
      class_start: starts, class_end: ends, own: ownItem, position: position, first: first,
      similarity: room(hits), item: room(hits), between: room(hits), best: room(queries), ahead: room(queries),
      open: room(queries), between_open: room(queries), threshold: room(queries))
    self.owned = owned
  }

  deinit {
    for room in owned { room.deallocate() }
  }

  /// Whether some of the items are hits of some of the queries, which are sorted by class.
  func hasHits(_ rows: Range<Int>, _ columns: Range<Int>) -> Bool {
    rows.contains {
      ranking.first[$0] < ranking.first[$0 + 1] && Int(ranking.class_start[$0]) < columns.upperBound
        && Int(ranking.class_end[$0]) > columns.lowerBound
    }
  }

  func store(_ rows: Range<Int>, _ columns: Range<Int>, _ isSymmetric: Bool, _ tile: UnsafePointer<Float>) {
    withUnsafePointer(to: ranking) {
      ck_store_hits(
        $0, rows.count, columns.count, rows.lowerBound, columns.lowerBound, isSymmetric ? 1 : 0, tile)
    }
  }

  /// Makes room for hits of which each rank stores some: the others' are 0.
  func clearHits() { ranking.similarity.update(repeating: 0, count: hits) }

  /// Brings the hits together of which each rank has stored some: sums of one similarity and zeros.
  func joinHits(over group: Group) {
    guard group.size > 1, hits > 0 else { return }
    let stored = Tensor<Float>(shape: [hits]) {
      _ = $0.initialize(from: UnsafeBufferPointer(start: ranking.similarity, count: hits))
    }
    group.sum(stored).withUnsafeScalars { ranking.similarity.update(from: $0.baseAddress!, count: hits) }
  }

  /// Adds up what the ranks have counted in the tiles of each.
  func joinCounts(over group: Group) {
    guard group.size > 1, hits > 0 else { return }
    withUnsafePointer(to: ranking) { ranking in
      let counts = Tensor<Double>(shape: [hits]) {
        ck_write_counts(ranking, range.lowerBound, range.upperBound, $0.baseAddress)
      }
      group.sum(counts).withUnsafeScalars {
        ck_read_counts(ranking, range.lowerBound, range.upperBound, $0.baseAddress)
      }
    }
  }

  func sortHits() {
    parallel(range.count, grain: 1 << 8) { part in
      withUnsafePointer(to: ranking) {
        ck_sort_hits($0, range.lowerBound + part.lowerBound, range.lowerBound + part.upperBound)
      }
    }
  }

  func rank(_ rows: Range<Int>, _ columns: Range<Int>, _ isSymmetric: Bool, _ tile: UnsafePointer<Float>) {
    withUnsafePointer(to: ranking) {
      ck_rank_tile(
        $0, rows.count, columns.count, rows.lowerBound, columns.lowerBound, isSymmetric ? 1 : 0, tile)
    }
  }

  func outcome(of query: Int) -> HitOutcome {
    let first = Int(ranking.first[query])
    let relevant = Int(ranking.first[query + 1]) - first
    var outcome = HitOutcome(precision: HitPrecision(relevant: relevant))
    guard relevant > 0 else { return outcome }
    outcome.firstHit = Int(ranking.ahead[query]) + 1
    var others = Int(ranking.ahead[query])
    for hit in 0..<Int(ranking.open[query]) {
      if hit > 0 { others += Int(ranking.between[first + hit]) }
      let rank = others + hit + 1
      guard rank <= relevant else { break }
      outcome.precision.addHit(atRank: rank)
    }
    return outcome
  }
}
