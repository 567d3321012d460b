import Tensor

/// Makes a batch's loss of its terms: of pairs, of triplets or of samples.
public protocol Reducer<Scalar> {
  /// The scalar type of the terms.
  associatedtype Scalar: TensorScalar

  /// A single number; 0 where there is no term.
  func callAsFunction(_ terms: LossTerms<Scalar>) -> Tensor<Scalar>
}

/// The terms of a loss before they are one number, and to which samples they belong.
public struct LossTerms<Scalar: TensorScalar> {
  /// `[terms]`.
  public let values: Tensor<Scalar>
  /// For each term its anchor's place in the batch.
  public let anchors: [Int]
  /// The number of samples in the batch.
  public let samples: Int
  private let batchLabels: Labels?

  /// The classes of the batch, `[batch]`; traps where samples may have several.
  public var labels: Labels {
    guard let batchLabels else {
      trap(
        "LossTerms.labels: the samples may have several classes, and this reducer needs the class of each",
        file: #fileID, line: #line)
    }
    return batchLabels
  }

  /// Takes terms, their anchors and the batch's classes; traps unless there is an anchor for each term.
  public init(
    _ values: Tensor<Scalar>, anchors: [Int], labels: Labels, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(values, anchors: anchors, samples: labels.count, labels: labels, file, line)
  }

  init(
    _ values: Tensor<Scalar>, anchors: [Int], samples: Int, labels: Labels?, _ file: StaticString, _ line: UInt
  ) {
    require(
      values.shape == [anchors.count], "LossTerms: \(anchors.count) anchors for terms of shape \(values.shape)",
      file: file, line: line)
    (self.values, self.anchors, self.samples, batchLabels) = (values, anchors, samples, labels)
  }

  /// One term for each sample, in the order of the batch.
  public init(ofSamples values: Tensor<Scalar>, labels: Labels, file: StaticString = #fileID, line: UInt = #line) {
    self.init(values, anchors: Array(0..<labels.count), labels: labels, file: file, line: line)
  }

  /// The mean of some terms, 0 of none; `isIncluded` is `[terms]`.
  func mean(where isIncluded: Tensor<Bool>) -> Tensor<Scalar> {
    let included = isIncluded.scalars.count { $0 }
    return Tensor.where(isIncluded, values, Tensor(0)).sum() / Scalar(max(included, 1))
  }
}
