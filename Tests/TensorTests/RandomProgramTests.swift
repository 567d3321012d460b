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
}

/// A straight-line program over a pool of tensors: each step appends one.
struct RandomProgram: CustomStringConvertible {
  private typealias T = Tensor<Double>

  private struct Step {
    let name: String
    let operands: [Int]
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
    let length = Int.random(in: 5...30, using: &generator)
    while steps.count < length {
      let step = Bool.random(using: &generator) ? Self.unary(pool, &generator) : Self.binary(pool, &generator)
      guard let step else { continue }
      let value = step.body(step.operands.map { pool[$0] })
      guard (1...48).contains(value.count), value.rank <= 4 else { continue }
      guard value.scalars.allSatisfy({ abs($0) < 20 }) else { continue }
      steps.append(step)
      pool.append(value)
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
      choices += [
        ("sum along \(axis)", { $0.sum(along: axis) }),
        ("mean along \(axis)", { $0.mean(along: axis, keepsAxes: true) }),
        ("logSumExp along \(axis)", { $0.logSumExp(along: axis) }),
        ("softmax along \(axis)", { $0.softmax(along: axis) }),
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
