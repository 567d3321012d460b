import Collectives
import NN
import Tensor
import Testing
import _TestSupport

/// Parameters, statistics and gradients of several ranks.
@Suite struct GroupTrainingTests {
  private static let channels = 3

  /// A batch whose parts differ in size, in mean and in deviation.
  private static func images(_ part: Int? = nil, of size: Int = 1) -> Tensor<Double> {
    var generator = RandomGenerator(seed: 5)
    let whole = Tensor<Double>.normal([7, 2, 2, channels], using: &generator)
    let scaled = whole * Tensor((0..<7).map { Double($0 + 1) }, shape: [7, 1, 1, 1]) + 3
    return part.map { scaled[$0 * 7 / size..<($0 + 1) * 7 / size] } ?? scaled
  }

  private struct Outcome: Sendable {
    var output, gradient, mean, variance, scale: Tensor<Double>
  }

  /// One step of a batch-norm, and what its weights' gradients are when they have been added up.
  private static func outcome(_ images: Tensor<Double>, over group: Group, addend: Bool) -> Outcome {
    let layer = BatchNorm<Double>(channels)
    layer.weight.update(Tensor([0.5, -1, 2]))
    layer.bias.update(Tensor([0.1, 0.2, -0.3]))
    layer.synchronizeStatistics(over: group)
    let input = images.tracked()
    let (value, first) = valueWithGradients {
      let output = addend ? layer.rectified(input, adding: sin(input)) : layer.rectified(input)
      return group.gathered(output).reshaped([-1]).sum() * 0 + (group.gathered(output * output * output)).sum()
    }
    _ = value
    var gradients = first
    gradients.sum(of: layer.parameters, over: group)
    layer.train()
    return Outcome(
      output: withoutRecording { layer.rectified(images) }, gradient: gradients[input],
      mean: layer.runningMean.value, variance: layer.runningVar.value, scale: layer.weight.gradient(in: gradients)!)
  }

  /// The batch of all ranks is normalised as one process normalises it, forward and backward.
  @Test(arguments: 2...4, [false, true])
  func batchNormOverRanks(size: Int, addend: Bool) throws {
    let whole = Self.outcome(Self.images(), over: .alone, addend: addend)
    let parts = try Group.threads(size) {
      Self.outcome(Self.images($0.rank, of: size), over: $0, addend: addend)
    }
    expectLess(difference(.concatenated(parts.map(\.output), along: 0), whole.output), 1e-12)
    expectLess(difference(.concatenated(parts.map(\.gradient), along: 0), whole.gradient), 1e-9)
    for part in parts {
      #expect(difference(part.mean, whole.mean) < 1e-12 && difference(part.variance, whole.variance) < 1e-12)
      expectLess(difference(part.scale, whole.scale), 1e-10)
    }
  }

  /// All start with the parameters of one rank, and end with the mean of their statistics.
  @Test func broadcastAndMeans() throws {
    let found = try Group.threads(3) { group in
      var generator = RandomGenerator(seed: UInt64(group.rank))
      let layer = Linear<Double>(2, 2, using: &generator)
      let before = layer.weight.value.detached
      layer.broadcast(over: group, from: 1)
      let norm = BatchNorm<Double>(1)
      norm.runningMean.update(Tensor([Double(group.rank)]))
      norm.averageStatistics(over: group)
      return (before: before, after: layer.weight.value.detached, mean: norm.runningMean.value.item)
    }
    for rank in found {
      expectEqual(rank.after.scalars, found[1].before.scalars)
      expectEqual(rank.mean, 1)
    }
  }

  /// A gradient that no rank has is left out; one of a parameter in shards is refused.
  @Test func sumsOfGradients() throws {
    let sums = try Group.threads(3) { group in
      let (used, unused) = (Parameter(Tensor<Double>([1, 2])), Parameter(Tensor<Double>([3])))
      let named = [NamedParameter(name: "used", parameter: used), NamedParameter(name: "unused", parameter: unused)]
      var gradients = (used.value * Double(group.rank + 1)).sum().backward()
      gradients.sum(of: named, over: group)
      #expect(unused.gradient(in: gradients) == nil)
      return used.gradient(in: gradients)!.scalars
    }
    expectEqual(sums, [[6, 6], [6, 6], [6, 6]])
  }

  /// The norm of what lies on several ranks is that of all of it.
  @Test func clippingLooksAtAllShards() throws {
    let norms = try Group.threads(2) { group in
      let shard = ParameterShard(group, rows: group.rank..<group.rank + 1, of: 2)
      let parameter = Parameter(Tensor<Double>([[Double(3 + group.rank)]]), shard: shard)
      var gradients = (parameter.value * parameter.value * 0.5).sum().backward()
      return gradients.clipNorm(of: [NamedParameter(name: "p", parameter: parameter)], to: 1)
    }
    #expect(norms.allSatisfy { abs($0 - 5) < 1e-12 })
  }

  /// A rank whose rows have no gradient takes part in the others' sum, and has the same norm.
  @Test(.timeLimit(.minutes(1))) func aRankWithoutAGradientTakesPart() throws {
    let norms = try Group.threads(2) { group in
      let shard = ParameterShard(group, rows: group.rank..<group.rank + 1, of: 2)
      let parameter = Parameter(Tensor<Double>([[3]]), shard: shard)
      let other = Parameter(Tensor<Double>([[1]]))
      let gradients = (group.isFirst ? parameter : other).value.sum().backward()
      return gradients.norm(of: [NamedParameter(name: "p", parameter: parameter)])
    }
    expectEqual(norms, [1, 1])
  }

  /// What a module remembers is given to all ranks, and not averaged: a mean of two seeds, or of two queues, is none.
  @Test func memoriesAreNotAveraged() throws {
    struct Remembering: Module {
      typealias Scalar = Double
      let seed: Parameter<Double>
    }
    let seeds = try Group.threads(2) { group in
      let module = Remembering(seed: Parameter(Tensor([Double(group.rank), 7]), role: .memory))
      module.averageStatistics(over: group)
      let own = module.seed.value.scalars
      module.broadcast(over: group, from: 1)
      return [own, module.seed.value.scalars]
    }
    expectEqual(seeds, [[[0, 7], [1, 7]], [[1, 7], [1, 7]]])
  }
}
