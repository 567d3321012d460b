import NN
import Tensor

/// The latest embeddings of a training, without gradients, and their classes: a queue of a fixed length.
public final class MemoryBank<Scalar: TensorScalar>: Module {
  private let embeddings: Parameter<Scalar>
  /// Classes as numbers, exact below 2²⁴, so that they are saved with the embeddings.
  private let labels: Parameter<Scalar>
  /// How many places are filled, and which is the next.
  private let state: Parameter<Scalar>

  /// Makes an empty memory for embeddings of a length.
  public init(size: Int, dimensions: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(size > 0, "MemoryBank: a size of \(size)", file: file, line: line)
    embeddings = Parameter(.zeros([size, dimensions]), role: .memory)
    labels = Parameter(.zeros([size]), role: .memory)
    state = Parameter(.zeros([2]), role: .memory)
  }

  /// The greatest number of embeddings.
  public var size: Int { labels.shape[0] }

  /// The number of embeddings so far.
  public var count: Int { Int(state.value.scalars[0]) }

  /// What is in it, `[count, dimensions]` and `[count]`, in no order.
  public var contents: (embeddings: Tensor<Scalar>, labels: Labels) {
    (embeddings.value[..<count], Labels(labels.value[..<count].scalars.map { Int($0) }))
  }

  /// Takes a batch in, `[batch, dimensions]` with labels `[batch]`, in the place of the oldest; returns where each sample now is.
  ///
  /// Of a batch longer than the memory, the last ones stay, and the others have no place. Traps where the shapes do not fit, and for
  /// a label that is not in 0..<2²⁴.
  @discardableResult
  public func enqueue(
    _ batch: Tensor<Scalar>, labels new: Labels, file: StaticString = #fileID, line: UInt = #line
  ) -> [Int?] {
    require(
      batch.rank == 2 && batch.shape[1] == embeddings.shape[1] && new.shape == [batch.shape[0]],
      "MemoryBank: embeddings \(batch.shape) and labels \(new.shape) are not [batch, \(embeddings.shape[1])] and [batch]",
      file: file, line: line)
    require(
      new.scalars.allSatisfy { (0..<1 << 24).contains($0) }, "MemoryBank: a label is not in 0..<2^24", file: file,
      line: line)
    return withoutRecording {
      let skipped = max(new.count - size, 0)
      let next = Int(state.value.scalars[1])
      let places = (skipped..<new.count).map { (next + $0 - skipped) % size }
      embeddings.update(embeddings.value.replacing(at: places, with: batch.detached[skipped...]))
      labels.update(labels.value.replacing(at: places, with: new[skipped...].cast(to: Scalar.self)))
      let filled = min(count + places.count, size)
      state.update(Tensor([Scalar(filled), Scalar((next + places.count) % size)]))
      return [Int?](repeating: nil, count: skipped) + places
    }
  }
}
