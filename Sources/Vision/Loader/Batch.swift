import Tensor

/// What a training step consumes: transformed pictures and their classes.
public struct Batch: Sendable {
  /// The pictures, [batch, height, width, 3].
  public let images: Tensor<Float>

  /// The classes, [batch].
  public let labels: Labels

  /// The samples' indices in the data set.
  public let indices: [Int]
}
