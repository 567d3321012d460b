import Testing
import _TestSupport

@testable import Tensor

/// What `withPrecision` changes, and what it leaves as it is.
@Suite struct PrecisionTests {
  private func random(_ shape: [Int], seed: UInt64 = 1) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  private func narrow(_ x: Tensor<Float>) -> Tensor<Float> { Tensor(x.array.narrowed()) }

  @Test func scopesNestAndEnd() {
    expectEqual(Precision.current, .float32)
    withPrecision(.bfloat16) {
      expectEqual(Precision.current, .bfloat16)
      withPrecision(.float32) { expectEqual(Precision.current, .float32) }
      expectEqual(Precision.current, .bfloat16)
    }
    #expect(throws: CancellationError.self) { try withPrecision(.bfloat16) { throw CancellationError() } }
    expectEqual(Precision.current, .float32)
  }

  /// Which results are stored in half the bits.
  @Test func layersHandOnHalfTheBits() {
    let (x, full) = (narrow(random([2, 4, 4, 8])), random([2, 4, 4, 8], seed: 2))
    let (scale, matrix) = (random([8], seed: 3), random([8, 8], seed: 4))
    withPrecision(.bfloat16) {
      let stored: [String: Tensor<Float>] = [
        "relu": relu(x), "gelu": gelu(x), "tanh": tanh(x), "sum of two": x + x, "bias": x + scale, "number": x * 2,
        "pooled": x.maxPooled(2), "flat": x.reshaped([2, -1]), "permuted": x.permuted([0, 3, 1, 2]).reshaped([2, -1]),
        "slice": x[0..<1], "joined": Tensor.concatenated([x, x], along: 0), "taken": x.take([1, 0]),
        "normalised": x.batchNormalized(scale: scale, offset: scale).output,
        "affine": x.channelAffine(scale: scale, offset: scale, adding: full, isRectified: true),
        "full in a product": full.matmul(matrix), "with a full one": x + full,
        "batch of one": x[0..<1].reshaped([128]).unsqueezed(0) + random([128], seed: 5),
        "padded": x.padded(along: 1, before: 1, after: 0),
        "joined with a full one": Tensor.concatenated([x, full], along: 0), "leaky": leakyRelu(x),
      ]
      for (name, result) in stored { #expect(result.array.isBFloat16, "\(name)") }
      let wide: [String: Tensor<Float>] = [
        "full": full + 1, "sum": x.sum(along: 1), "mean": x.mean(along: 1, 2),
        "softmax": x.softmax(along: -1), "logSumExp": x.logSumExp(along: -1),
        "cosines": x.reshaped([2, -1]).cosineSimilarities(to: full.reshaped([2, -1])),
        "normalised full": full.batchNormalized(scale: scale, offset: scale).output,
      ]
      for (name, result) in wide { #expect(!result.array.isBFloat16, "\(name)") }
    }
    for result in [
      relu(x), x + x, x.matmul(matrix), x.maxPooled(2), Tensor.concatenated([x, x], along: 0), x.take([1]),
    ] {
      #expect(!result.array.isBFloat16)
    }
  }

  /// Element-wise results are those of `Float`, rounded once.
  @Test func elementsAreRoundedOnce() {
    for count in [1, 7, 511, 512, 513, 40_000] {
      let (x, y) = (narrow(random([3, count])), narrow(random([3, count], seed: 2)))
      let row = random([count], seed: 3)
      let results = withPrecision(.bfloat16) {
        [exp(x), x * y, x - row, row / x, x + 1, x.transposed() + y.transposed()]
      }
      let expected = [exp(x), x * y, x - row, row / x, x + 1, x.transposed() + y.transposed()].map(narrow)
      for (index, (result, expected)) in zip(results, expected).enumerated() {
        #expect(result.array.isBFloat16 && result.scalars.elementsEqual(expected.scalars), "\(index), \(count)")
      }
    }
  }

  /// On tensors stored in half the bits every operation computes what it does on the `Float`s that they stand for, to the bit.
  @Test(arguments: OperationTests.floatRecords)
  func everyOperationReadsThem(_ record: OperationRecord<Float>) {
    let stored = record.inputs.map { narrow($0.cast(to: Float.self)) }
    let full = stored.map { Tensor($0.array.widened()) }
    let (actual, expected) = (record.body(stored), record.body(full))
    expectEqual(actual.shape, expected.shape)
    let isDifferentiated = record.name.contains("pullback")
    for (a, b) in zip(actual.scalars, expected.scalars) {
      #expect(
        a == b || a.isNaN && b.isNaN || isDifferentiated && Swift.abs(a - b) <= 16 * 0x1p-8 * Swift.max(1, Swift.abs(b))
      )
    }
    guard expected.count > 0 else { return }
    let gradients = valueWithGradient(at: stored, allowsUnused: true) { record.body($0).sum() }.gradient
    let fullGradients = valueWithGradient(at: full, allowsUnused: true) { record.body($0).sum() }.gradient
    for (gradient, full) in zip(gradients, fullGradients) {
      // Views of what is stored so have gradients that are, too.
      expectLess(difference(gradient, full), 16 * 0x1p-8)
    }
  }

  /// Inside, every operation works, forward and backward, and is near the result in `Float`.
  @Test(arguments: OperationTests.floatRecords)
  func everyOperationWorksInside(_ record: OperationRecord<Float>) {
    let inputs = record.inputs.map { narrow($0.cast(to: Float.self)) }
    let expected = record.body(inputs)
    let actual = withPrecision(.bfloat16) { record.body(inputs) }
    expectEqual(actual.shape, expected.shape)
    let finite = expected.scalars.filter(\.isFinite).map(Swift.abs).max() ?? 0
    for (a, b) in zip(actual.scalars, expected.scalars) where b.isFinite {
      #expect(Swift.abs(a - b) <= 0.05 * Swift.max(finite, 1), "\(a), not \(b)")
    }
    guard expected.count > 0 else { return }
    let gradients = withPrecision(.bfloat16) {
      valueWithGradient(at: inputs, allowsUnused: true) { record.body($0).sum() }.gradient
    }
    expectEqual(gradients.map(\.shape), inputs.map(\.shape))
  }

  /// Parameters get full gradients; what is stored in half the bits has a gradient that is, too.
  @Test func gradientsAreStoredAsTensorsAre() {
    let leaves = [
      random([3, 6, 6, 8]), random([16, 8, 3, 3], seed: 2), random([16], seed: 3), random([5, 16], seed: 4),
    ]
    var seen: [Bool] = []
    func probe(_ x: Tensor<Float>) -> Tensor<Float> {
      Tensor(x.array).recorded(
        "probe",
        (
          x,
          { g in
            seen.append(g.array.isBFloat16)
            return g
          }
        ))
    }
    let gradients = valueWithGradient(at: leaves) { leaves in
      withPrecision(.bfloat16) {
        let x = probe(leaves[0].conv2d(leaves[1], padding: 1))
        let y = probe(x.batchNormalized(scale: leaves[2], offset: leaves[2], isRectified: true).output)
        let z = y.batchNormalized(scale: leaves[2], offset: leaves[2], adding: x, isRectified: true).output
        return probe(probe(z + y).mean(along: 1, 2)).matmul(leaves[3].transposed())
      }.sum()
    }.gradient
    expectEqual(seen, [false, true, true, true])
    for gradient in gradients { #expect(!gradient.array.isBFloat16) }
    let full = valueWithGradient(at: leaves) { leaves in
      let x = leaves[0].conv2d(leaves[1], padding: 1)
      let y = x.batchNormalized(scale: leaves[2], offset: leaves[2], isRectified: true).output
      let z = y.batchNormalized(scale: leaves[2], offset: leaves[2], adding: x, isRectified: true).output
      return (z + y).mean(along: 1, 2).matmul(leaves[3].transposed()).sum()
    }.gradient
    for (gradient, full) in zip(gradients, full) {
      expectLess(((gradient - full).norm() / full.norm()).item, 16 * 0x1p-8)  // about 16 roundings follow one another
    }
  }

  /// A thousand gradients that meet add up to a thousand, and a full addend gets a full gradient.
  @Test func gradientsAddUpInFull() {
    let x = random([3, 4])
    let (many, addend) = (Tensor<Float>([[1, 2], [3, 4]]).tracked(), random([5, 4], seed: 2).tracked())
    let gradients = withPrecision(.bfloat16) {
      let y = many.matmul(.eye(2))
      return (0..<1000).reduce(y.sum()) { sum, _ in sum + y.sum() }
    }.backward()
    expectEqual(
      gradients[many].scalars, [1001, 1001, 1001, 1001].map { Tensor(Tensor<Float>([$0]).array.narrowed()).item })
    let scale = random([4], seed: 3)
    let normalised = withPrecision(.bfloat16) {
      random([5, 3], seed: 4).matmul(x).batchNormalized(scale: scale, offset: scale, adding: addend, isRectified: true)
        .output
    }
    #expect(!normalised.sum().backward()[addend].array.isBFloat16)
  }

  @Test func parametersAreStoredInFull() {
    #expect(!narrow(random([3])).storedInFull.array.isBFloat16)
    #expect(withPrecision(.bfloat16) { random([1, 2]).matmul(random([2, 1], seed: 2)) }.item.isFinite)
  }

  /// A checkpointed block is run again in the precision of the first time.
  @Test func checkpointsRepeatThePrecision() {
    let (x, w) = (random([6, 20]), random([20, 20], seed: 2))
    func value(_ block: (Tensor<Float>) -> Tensor<Float>) -> [Tensor<Float>] {
      let result = valueWithGradient(at: [x, w]) { leaves in
        withPrecision(.bfloat16) { block(relu(leaves[0].matmul(leaves[1]))) }.sum()
      }
      return [result.value] + result.gradient
    }
    let plain = value { relu($0.matmul(w)) }
    let repeated = value { y in checkpointed { relu(y.matmul(w)) } }
    for (a, b) in zip(plain, repeated) { expectEqual(a.scalars, b.scalars) }
  }

  /// Second derivatives go through the composed forms, inside as outside.
  @Test func secondDerivatives() {
    let (x, w) = (random([4, 6]), random([6, 3], seed: 2))
    func norm(_ precision: Precision) -> Tensor<Float> {
      gradient(at: w) { w in
        let g = gradient(at: x) { x in withPrecision(precision) { tanh(x.matmul(w)) }.sum() }
        return (g * g).sum()
      }
    }
    expectLess(difference(norm(.bfloat16), norm(.float32)), 0.05 * Double(abs(norm(.float32)).max().item))
  }
}
