import NN
import Tensor

/// Cross-batch memory (Wang et al., CVPR 2020) around a loss on pairs: a batch is compared with itself and with the embeddings of
/// earlier ones, which change slowly.
///
/// A batch is first taken into the memory, as the authors have it; its samples are no pairs of themselves. What is in the memory has
/// no gradients. The memory is a statistic of this module and is saved with it.
public final class CrossBatchMemory<Scalar: TensorScalar>: PairLoss, Module {
  /// The loss, which may have parameters.
  public let loss: any ReferencePairLoss<Scalar>
  /// The memory.
  public let memory: MemoryBank<Scalar>
  /// Whether the batch is also compared with itself; in pytorch-metric-learning it is not.
  public let includesBatch: Bool
  /// What the comparison with the memory counts.
  public let weight: Scalar

  /// Makes the loss.
  public init(
    _ loss: any ReferencePairLoss<Scalar>, size: Int = 1024, dimensions: Int, includesBatch: Bool = true,
    weight: Scalar = 1
  ) {
    (self.loss, self.includesBatch, self.weight) = (loss, includesBatch, weight)
    memory = MemoryBank(size: size, dimensions: dimensions)
  }

  /// The loss of a batch, `[batch, dimensions]` with labels `[batch]`, which the memory remembers.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    let places = memory.enqueue(embeddings, labels: labels)
    let (others, otherLabels) = memory.contents
    let remembered = loss(
      PairBatch(embeddings, labels: labels, others: others, otherLabels: otherLabels, places: places))
    return includesBatch ? loss(embeddings, labels: labels) + remembered * weight : remembered * weight
  }
}
