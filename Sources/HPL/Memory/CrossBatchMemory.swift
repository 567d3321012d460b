import NN
import Tensor

/// Cross-batch memory (Wang et al., CVPR 2020) around a loss on pairs: a batch is compared with itself and with the embeddings of
/// earlier ones, which change slowly.
///
/// A batch is first taken into the memory, as the authors have it; its samples are no pairs of themselves. What is in the memory has
/// no gradients. The memory is part of this module and is saved with it.
public final class CrossBatchMemory<Scalar: TensorScalar>: PairLoss, Module {
  /// The loss, which may have parameters.
  public let loss: any ReferencePairLoss<Scalar>
  /// The memory.
  public let memory: MemoryBank<Scalar>
  /// Whether the batch is also compared with itself; in pytorch-metric-learning it is not.
  public let includesBatch: Bool
  /// What the comparison with the memory counts.
  public let weight: Scalar
  /// The number of batches before the memory is used, in which embeddings change too fast.
  public let start: Int
  private let batches = Parameter<Scalar>(Tensor(0), role: .memory)

  /// Makes the loss; the authors compare with the batch as well and start after 1000 to 2000 batches.
  ///
  /// Traps for a size below 1, and for a sum or a regularised loss in which one compares a batch with itself alone, as `HIERLoss` does.
  public init(
    _ loss: any ReferencePairLoss<Scalar>, size: Int = 1024, dimensions: Int, includesBatch: Bool = true,
    weight: Scalar = 1, start: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      loss.takesReferences,
      "CrossBatchMemory: \(type(of: loss)) has a loss that compares a batch with itself alone; put the memory around the others only",
      file: file, line: line)
    (self.loss, self.includesBatch, self.weight, self.start) = (loss, includesBatch, weight, start)
    memory = MemoryBank(size: size, dimensions: dimensions, file: file, line: line)
  }

  /// The loss of a batch, `[batch, dimensions]` with labels `[batch]`, which the memory remembers.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    let seen = Int(batches.value.item)
    batches.update(batches.value + 1)
    guard seen >= start else { return loss(embeddings, labels: labels) }
    let places = memory.enqueue(embeddings, labels: labels)
    let (others, otherLabels) = memory.contents
    let remembered = loss(
      PairBatch(embeddings, labels: labels, others: others, otherLabels: otherLabels, places: places))
    return includesBatch ? loss(embeddings, labels: labels) + remembered * weight : remembered * weight
  }
}
