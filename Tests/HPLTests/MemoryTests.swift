import HPL
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// The memory of earlier embeddings, and losses on pairs around it.
@Suite struct MemoryTests {
  private func rows(_ numbers: [Double]) -> Tensor<Double> { Tensor(numbers, shape: [numbers.count, 1]) }

  @Test func theOldestGoFirst() {
    let memory = MemoryBank<Double>(size: 3, dimensions: 1)
    expectEqual(memory.enqueue(rows([1, 2]), labels: [5, 6].labels), [0, 1])
    expectEqual(memory.count, 2)
    expectEqual(memory.contents.embeddings.scalars, [1, 2])
    expectEqual(memory.contents.labels.scalars, [5, 6])
    expectEqual(memory.enqueue(rows([3, 4]), labels: [7, 8].labels), [2, 0])
    expectEqual(memory.count, 3)
    expectEqual(memory.contents.embeddings.scalars, [4, 2, 3])
    expectEqual(memory.contents.labels.scalars, [8, 6, 7])
    expectEqual(memory.enqueue(rows([5, 6, 7, 8]), labels: [1, 2, 3, 4].labels), [nil, 1, 2, 0])
    expectEqual(memory.contents.embeddings.scalars, [8, 6, 7])
  }

  @Test func aBatchIsComparedWithEarlierOnes() {
    let loss = CrossBatchMemory<Double>(NTXentLoss(), size: 8, dimensions: 3)
    let (first, second) = (signedSample([3, 3], seed: 1), signedSample([4, 3], seed: 2))
    let (firstLabels, secondLabels) = ([0, 0, 1].labels, [0, 1, 1, 2].labels)
    _ = loss(first, labels: firstLabels)
    let (value, slope) = valueWithGradient(at: second) { loss($0, labels: secondLabels) }
    let known = Tensor.concatenated([first, second], along: 0)
    let (expected, expectedSlope) = valueWithGradient(at: second) { x in
      let batch = PairBatch(
        x, labels: secondLabels, others: known, otherLabels: [0, 0, 1, 0, 1, 1, 2].labels, places: [3, 4, 5, 6])
      return NTXentLoss()(x, labels: secondLabels) + NTXentLoss()(batch)
    }
    #expect(difference(value, expected) < 1e-12 && difference(slope, expectedSlope) < 1e-12)
  }

  /// pytorch-metric-learning has the memory alone; with nothing in it but the batch, that is the loss of the batch, whose others are
  /// constants.
  @Test func aMemoryOfTheBatchAloneIsTheBatch() {
    let (x, labels) = (signedSample([5, 3]), [0, 0, 1, 1, 1].labels)
    let losses: [any ReferencePairLoss<Double>] = [
      ContrastiveLoss(), TripletLoss(margin: 0.5), MultiSimilarityLoss(), CircleLoss(), SupConLoss(), NTXentLoss(),
      MarginLoss(), RankedListLoss(), SmoothAPLoss(), RecallAtKLoss(),
      TripletLoss(margin: 0.5, miner: BatchEasyHardMiner()), MultiSimilarityLoss(miner: MultiSimilarityMiner()),
    ]
    for loss in losses {
      let memory = CrossBatchMemory(loss, size: 5, dimensions: 3, includesBatch: false)
      expectLess(difference(memory(x, labels: labels), loss(x, labels: labels)), 1e-12, "\(loss)")
    }
  }

  @Test func aMemoryMayStartLater() {
    let loss = CrossBatchMemory<Double>(NTXentLoss(), size: 8, dimensions: 3, start: 1)
    let (x, labels) = (signedSample([3, 3]), [0, 0, 1].labels)
    let alone = NTXentLoss<Double>()(x, labels: labels).item
    expectEqual(loss(x, labels: labels).item, alone)
    expectEqual(loss.memory.count, 0)
    #expect(loss(x, labels: labels).item != alone && loss.memory.count == 3)
  }

  @Test func theMemoryIsSavedWithTheLoss() throws {
    let loss = CrossBatchMemory<Double>(MarginLoss(), size: 4, dimensions: 2)
    expectEqual(loss.parameters.map(\.name), ["loss.beta"])
    _ = loss(signedSample([3, 2]), labels: [0, 0, 1].labels)
    var file = Safetensors()
    loss.save(into: &file, prefix: "")
    let other = CrossBatchMemory<Double>(MarginLoss(), size: 4, dimensions: 2)
    try other.load(file, prefix: "")
    let (x, labels) = (signedSample([3, 2], seed: 7), [0, 1, 1].labels)
    expectEqual(loss(x, labels: labels).item, other(x, labels: labels).item)
    expectEqual(other.memory.count, 4)
  }
}
