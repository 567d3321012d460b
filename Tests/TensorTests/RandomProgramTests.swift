import Foundation
import Testing
import _TestSupport

@testable import Tensor

/// Programs of 5 to 30 operations drawn from a seed, whose gradients must agree with finite differences.
///
/// `HPL_RANDOM_PROGRAMS=10000 swift test --filter RandomProgramTests` tries as many seeds.
@Suite struct RandomProgramTests {
  static let seeds = 0..<(ProcessInfo.processInfo.environment["HPL_RANDOM_PROGRAMS"].flatMap(Int.init) ?? 40)

  @Test(arguments: seeds)
  func gradientsAgreeWithFiniteDifferences(_ seed: Int) throws {
    let program = RandomProgram(seed: UInt64(seed))
    #expect(throws: Never.self, "\(program)") {
      try gradientCheck(at: program.inputs, orders: seed % 4 == 0 ? 2 : 1, tolerance: 1e-5, of: program.run)
    }
  }

  /// The programs use these operations, and would show a wrong gradient.
  @Test(arguments: [
    "max", "min", "maximum", "minimum", "cumulativeSum", "take", "scatterRows", "conv2d", "where", "concatenate",
    "logSumExp", "segmentedLogSumExp", "cosineSimilarities", "pairDistances", "checkpoint",
  ])
  func aBrokenPullbackIsFound(_ name: String) {
    let finder = (0..<40).first { seed in
      let program = RandomProgram(seed: UInt64(seed))
      return MutationTests.Mutator(name, .flipped).observing {
        (try? gradientCheck(at: program.inputs, orders: 1, tolerance: 1e-5, of: program.run)) == nil
      }
    }
    #expect(finder != nil)
  }
}

/// A straight-line program over a pool of tensors: each step appends one.
struct RandomProgram: CustomStringConvertible {
  private typealias T = Tensor<Double>

  private struct Step {
    let name: String
    let operands: [Int]
    /// What must not change when the arguments move a little: a kink lies where it does.
    var order: (([Tensor<Double>]) -> [Int])?
    let body: ([Tensor<Double>]) -> Tensor<Double>
  }

  let inputs: [Tensor<Double>]
  private var steps: [Step] = []

  init(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let shapes = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
      (0..<Int.random(in: 1...3, using: &generator)).map { _ in Int.random(in: 1...3, using: &generator) }
    }
    inputs = shapes.enumerated().map { signedSample($1, seed: seed &+ UInt64($0)) }
    var pool = inputs
    var moved = (0..<6).map { _ in
      inputs.map { input in
        Tensor(input.scalars.map { $0 + (Bool.random(using: &generator) ? 4e-3 : -4e-3) }, shape: input.shape)
      }
    }
    let length = Int.random(in: 5...30, using: &generator)
    while steps.count < length {
      let step = Bool.random(using: &generator) ? Self.unary(pool, &generator) : Self.binary(pool, &generator)
      guard let step else { continue }
      let value = step.body(step.operands.map { pool[$0] })
      guard (1...48).contains(value.count), value.rank <= 4 else { continue }
      guard value.scalars.allSatisfy({ abs($0) < 20 }) else { continue }
      if let order = step.order {
        let here = order(step.operands.map { pool[$0] })
        guard moved.allSatisfy({ near in order(step.operands.map { near[$0] }) == here }) else { continue }
      }
      steps.append(step)
      pool.append(value)
      for index in moved.indices { moved[index].append(step.body(step.operands.map { moved[index][$0] })) }
    }
  }

  var description: String {
    let lines = steps.enumerated().map { "  \($0 + inputs.count) = \($1.name)(\($1.operands))" }
    return (["inputs \(inputs.map(\.shape))"] + lines).joined(separator: "\n")
  }

  /// The mean of everything computed, so that each step matters.
  func run(_ arguments: [Tensor<Double>]) -> Tensor<Double> {
    var pool = arguments
    for step in steps { pool.append(step.body(step.operands.map { pool[$0] })) }
    return pool.map { $0.sum() }.reduce(Tensor(0), +) / Double(pool.count)
  }

  private static func unary(_ pool: [T], _ generator: inout RandomGenerator) -> Step? {
    let operand = Int.random(in: 0..<pool.count, using: &generator)
    let x = pool[operand]
    let axis = x.rank > 0 ? Int.random(in: 0..<x.rank, using: &generator) : 0
    var choices: [(String, (T) -> T)] = [
      ("tanh", { tanh($0) }), ("sigmoid", { sigmoid($0) }), ("sin", { sin($0) }), ("cos", { cos($0) }),
      ("exp of tanh", { exp(tanh($0)) }), ("softplus", { softplus($0) }), ("square", { $0 * $0 }),
      ("sqrt(x² + 1)", { sqrt($0 * $0 + 1) }), ("rsqrt(x² + 1)", { rsqrt($0 * $0 + 1) }),
      ("log(x² + 1)", { log($0 * $0 + 1) }), ("log1p(x²)", { log1p($0 * $0) }), ("negate", { -$0 }),
      ("(x² + 1) ^ 1.5", { ($0 * $0 + 1).raised(to: 1.5) }), ("sum", { $0.sum() }), ("mean", { $0.mean() }),
      ("0.5 / (x² + 1)", { 0.5 / ($0 * $0 + 1) }), ("unsqueeze", { $0.unsqueezed(0) }), ("flat", { $0.reshaped([-1]) }),
      ("checkpointed tanh", { x in checkpointed { tanh(x) * x } }),
    ]
    if x.rank > 0 {
      let size = x.shape[axis]
      let start = Int.random(in: 0..<size, using: &generator)
      let rows = Labels((0..<3).map { _ in Int.random(in: 0..<x.shape[0], using: &generator) })
      let order = generator.permutation(x.rank)
      let kept = Int.random(in: 1...size, using: &generator)
      let isDescending = Bool.random(using: &generator)
      // Logits that are out of the question by 10⁴, and segments of all elements.
      let losers = Tensor((0..<x.count).map { _ in Bool.random(using: &generator) ? 0 : -1e4 }, shape: x.shape)
      let segments = Labels((0..<x.count).map { $0 % 3 })
      if Int.random(in: 0..<4, using: &generator) == 0 {
        let ordering: [(String, (T) -> T)] = [
          ("max along \(axis)", { $0.max(along: axis) }),
          ("min along \(axis)", { $0.min(along: [axis], keepsAxes: true) }),
          ("sorted along \(axis)", { $0.sorted(along: axis, descending: isDescending) }),
          ("top \(kept) along \(axis)", { $0.topK(kept, along: axis, smallest: isDescending).values }),
        ]
        let (name, body) = ordering.randomElement(using: &generator)!
        return Step(name: name, operands: [operand], order: { $0[0].argsorted(along: axis).scalars }) { body($0[0]) }
      }
      choices += [
        ("cumulativeSum along \(axis)", { $0.cumulativeSum(along: axis) }),
        ("product along \(axis)", { $0.product(along: axis) }),
        (
          "layer norm",
          { x in
            let width = x.shape[x.rank - 1]
            return x.layerNormalized(
              scale: .linspace(from: 0.5, through: 1.5, count: width), offset: .zeros([width]), epsilon: 0.5)
          }
        ),
        (
          "scatter \(rows.scalars)",
          { x in
            x.take(rows).scatteredRows(Labels([1, 3, 1]), into: [4] + x.shape.dropFirst())
          }
        ),
        ("sum along \(axis)", { $0.sum(along: axis) }),
        ("mean along \(axis)", { $0.mean(along: axis, keepsAxes: true) }),
        ("logSumExp along \(axis)", { $0.logSumExp(along: axis) }),
        ("softmax along \(axis)", { $0.softmax(along: axis) }),
        ("softmax of losers along \(axis)", { ($0 + losers).softmax(along: axis) }),
        ("segments with losers", { softplus(($0 + losers).flattened().segmentedLogSumExp(segments, count: 4)) }),
        ("logSoftmax along \(axis)", { $0.logSoftmax(along: axis) }),
        ("normalized along \(axis)", { ($0 * $0 + 0.5).normalized(along: axis) }),
        ("flipped along \(axis)", { $0.flipped(along: axis) }),
        ("sliced along \(axis)", { $0.sliced(along: axis, start..<size) }),
        ("every second along \(axis)", { $0.sliced(along: axis, 0..<size, by: 2) }),
        ("select along \(axis)", { $0.select(along: axis, start) }), ("take \(rows.scalars)", { $0.take(rows) }),
        ("permuted \(order)", { $0.permuted(order) }),
        ("padded along \(axis)", { $0.padded(along: axis, before: 1, after: 1, value: 0.5) }),
        ("expanded", { $0.unsqueezed(0).expanded(to: [2] + $0.shape) }),
      ]
    }
    if x.rank == 2 {
      let index = Labels((0..<x.shape[0]).map { _ in Int.random(in: 0..<x.shape[1], using: &generator) })
      let spikes = index.oneHot(x.shape[1], as: Double.self) * 1e4
      choices += [
        (
          "logSumExp excluding 10⁴ along \(axis)",
          { softplus(($0 + spikes).logSumExp(along: axis, scale: 3, excluding: index)) }
        ),
        ("cosineSimilarities", { ($0 * $0 + 0.5).cosineSimilarities(to: sin($0) + 2) }),
        ("distances of near rows", { ($0 * $0 + 1).squaredDistances(to: $0 * $0 * 1.0625 + 1) }),
      ]
    }
    let (name, body) = choices.randomElement(using: &generator)!
    return Step(name: name, operands: [operand]) { body($0[0]) }
  }

  private static func binary(_ pool: [T], _ generator: inout RandomGenerator) -> Step? {
    let operands = (0..<2).map { _ in Int.random(in: 0..<pool.count, using: &generator) }
    let (a, b) = (pool[operands[0]], pool[operands[1]])
    var choices: [(String, (T, T) -> T)] = []
    if broadcastShape(a.shape, b.shape) != nil {
      let mask = a .> b
      choices += [
        ("add", { $0 + $1 }), ("subtract", { $0 - $1 }), ("multiply", { $0 * $1 }),
        ("divide", { $0 / ($1 * $1 + 1) }), ("pow", { pow($0 * $0 + 0.5, tanh($1)) }),
        ("where", { Tensor.where(mask, $0, $1) }),
      ]
    }
    if a.shape == b.shape, Int.random(in: 0..<4, using: &generator) == 0 {
      let body: (T, T) -> T = Bool.random(using: &generator) ? { maximum($0, $1) } : { minimum($0, $1) }
      return Step(
        name: "maximum or minimum", operands: operands, order: { ($0[0] .> $0[1]).cast(to: Int.self).scalars }
      ) { body($0[0], $0[1]) }
    }
    if a.rank == 2, b.rank == 2, a.shape[1] == b.shape[1] {
      choices += [
        ("einsum ij,kj->ki", { einsum("ij,kj->ki", $0, $1) }), ("einsum ij,kj->j", { einsum("ij,kj->j", $0, $1) }),
      ]
    }
    if a.rank == 1, b.rank == 1 { choices.append(("einsum i,j->ij", { einsum("i,j->ij", $0, $1) })) }
    if a.rank == 2, b.rank > 0 {
      let height = Swift.min(b.count, a.shape[0])
      choices.append(
        (
          "conv2d",
          { images, kernel in
            images.reshaped([1] + images.shape + [1])
              .conv2d(kernel.flattened()[0..<height].reshaped([1, 1, height, 1]), padding: 1)
          }
        ))
    }
    if a.shape == b.shape, a.rank > 0 {
      choices += [("concatenated", { .concatenated([$0, $1], along: -1) }), ("stacked", { .stacked([$0, $1]) })]
    }
    if a.rank > 0, b.rank > 0, a.rank <= 2, b.rank <= 2, a.shape[a.rank - 1] == b.shape[Swift.max(b.rank - 2, 0)] {
      choices += [("matmul", { $0.matmul($1) }), ("matmul", { $0.matmul($1) })]
    }
    guard let (name, body) = choices.randomElement(using: &generator) else { return nil }
    return Step(name: name, operands: operands) { body($0[0], $0[1]) }
  }
}
