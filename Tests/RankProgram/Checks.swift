import Collectives
import Tensor

/// Every collective, with results that each rank can work out by itself.
struct Checks {
  private let group: Group
  /// Of the bits of all results (FNV-1a).
  private var digest: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Does them all; returns a line that is the same wherever the results are the same bits.
  ///
  /// Throws `Wrong` where one is not what it should be.
  static func run(_ group: Group) throws -> String {
    var checks = Checks(group: group)
    try checks.rows()
    try checks.labelsTextsAndBytes()
    try checks.broadcasts()
    try checks.sums()
    try checks.gradients()
    try checks.agreements()
    group.barrier()
    return "\(group.size) ranks agree: " + String(checks.digest, radix: 16)
  }

  private init(group: Group) { self.group = group }

  /// Numbers of a rank, of very different sizes, whose sum depends on the order.
  private func numbers(_ shape: [Int], of rank: Int) -> Tensor<Float> {
    var generator = RandomGenerator(seed: UInt64(17 + rank))
    return exp(.normal(shape, deviation: 3, using: &generator)) * .normal(shape, using: &generator)
  }

  private mutating func expect(_ what: String, _ found: Tensor<Float>, _ expected: Tensor<Float>) throws {
    let bits = found.scalars.map { $0.bitPattern }
    guard found.shape == expected.shape, bits == expected.scalars.map({ $0.bitPattern }) else {
      throw Wrong(what: "\(what): \(found.shape) is not what was expected, \(expected.shape)")
    }
    for word in bits { digest = (digest ^ UInt64(word)) &* 0x100_0000_01b3 }
  }

  private func expect(_ what: String, _ holds: Bool) throws {
    if !holds { throw Wrong(what: what) }
  }

  /// Different numbers of rows, on some ranks none; few and many.
  private mutating func rows() throws {
    for (width, most) in [(1, 1), (3, 5), (64, 257), (513, 301)] {
      let shapes = (0..<group.size).map { [$0 * (most / 2 + 1) % (most + 1), width] }
      let all = group.gathered(numbers(shapes[group.rank], of: group.rank))
      try expect(
        "gathered \(shapes)", all, .concatenated((0..<group.size).map { numbers(shapes[$0], of: $0) }, along: 0))
    }
    try expect("gathered nothing", group.gathered(Tensor<Float>.zeros([0, 2])), .zeros([0, 2]))
  }

  private func labelsTextsAndBytes() throws {
    let (ranks, own) = (0..<group.size, group.rank)
    let labels = group.gathered(Labels(Array(repeating: own + 7, count: own))).scalars
    try expect("labels", labels == ranks.flatMap { rank in Array(repeating: rank + 7, count: rank) })
    try expect("texts", group.gathered("rang nº \(own)") == ranks.map { "rang nº \($0)" })
    func bytes(_ rank: Int) -> [UInt8] { (0..<rank * 1000).map { UInt8(truncatingIfNeeded: $0 * 31 + rank) } }
    try expect("bytes", group.gathered(bytes(own)) == ranks.map(bytes))
    try expect("hosts", Set(group.hosts).count == 1)
    for root in ranks {
      try expect("bytes of rank \(root)", group.broadcast(own == root ? bytes(root) : [], from: root) == bytes(root))
    }
  }

  private mutating func broadcasts() throws {
    for root in 0..<group.size {
      for shape in [[], [0], [3, 5], [40_001]] {
        try expect(
          "\(shape) of rank \(root)", group.broadcast(numbers(shape, of: group.rank), from: root),
          numbers(shape, of: root))
      }
    }
  }

  /// Also of counts that the ranks do not divide, and fewer than ranks; twice, because nothing may depend on time.
  private mutating func sums() throws {
    for shape in [[], [0], [1], [2], [3], [10], [7, 143], [100_003]] {
      let expected = (1..<group.size).reduce(numbers(shape, of: 0)) { $0 + numbers(shape, of: $1) }
      for _ in 0..<2 { try expect("sum \(shape)", group.sum(numbers(shape, of: group.rank)), expected) }
    }
    let views = numbers([60, 70], of: group.rank).transposed()
    let expected = (1..<group.size).reduce(numbers([60, 70], of: 0)) { $0 + numbers([60, 70], of: $1) }
    try expect("sum of a view", group.sum(views), expected.transposed())
    let doubles = group.sum(Tensor<Double>([0.1, 0.2, 1e300]))
    try expect(
      "sum of Doubles",
      doubles.scalars
        == (1..<group.size).reduce([0.1, 0.2, 1e300]) { sums, _ in
          [sums[0] + 0.1, sums[1] + 0.2, sums[2] + 1e300]
        })
  }

  private mutating func gradients() throws {
    let own = numbers([4, 3], of: group.rank)
    let whole = Tensor.concatenated((0..<group.size).map { numbers([4, 3], of: $0) }, along: 0)
    func loss(_ x: Tensor<Float>) -> Tensor<Float> { (x * x).sum() }
    try expect(
      "the gradient of what is gathered", group.gathered(gradient(at: own) { loss(group.gathered($0)) }),
      gradient(at: whole, of: loss))
    let shared = Tensor<Float>([1, 2, 3])
    let found = gradient(at: shared) { group.sum((group.spread($0) * Tensor(Float(group.rank + 1))).sum()) }
    try expect(
      "the gradient of what is spread", found,
      Tensor([Float](repeating: Float((1...group.size).reduce(0, +)), count: 3)))
  }

  /// Each rank fails in turn, then several, then none.
  private func agreements() throws {
    for failing in (0..<group.size).map({ [$0] }) + [Array(1..<group.size)] where !failing.isEmpty {
      do {
        try group.agree { if failing.contains(group.rank) { throw Wrong(what: "broken at \(group.rank)") } }
        throw Wrong(what: "nobody noticed the error of \(failing)")
      } catch {
        let lowest = failing[0]
        let expected = lowest == 0 ? "broken at 0" : "rank \(lowest): broken at \(lowest)"
        try expect("the error of \(failing): \(error)", "\(error)" == expected)
      }
    }
    try expect("no error", try group.agree { group.rank * 2 } == group.rank * 2)
  }
}
