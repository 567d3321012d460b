import Tensor

/// A step between a decoded picture and the network's input.
///
/// Pictures are tensors [height, width, 3] of Float, 0...1 until ``Normalize``. Transforms are values without state;
/// whatever is random comes from the generator handed in.
public protocol Transform: Sendable {
  /// Transforms one picture.
  ///
  /// - Parameters:
  ///   - image: [height, width, 3].
  ///   - generator: the only source of randomness; a transform without any leaves it alone.
  /// - Returns: [new height, new width, 3].
  func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float>
}

extension Transform {
  /// Transforms a decoded picture.
  public func callAsFunction(_ image: Image, using generator: inout RandomGenerator) -> Tensor<Float> {
    self(image.unitPixels, using: &generator)
  }
}

/// Transforms applied one after the other.
public struct Pipeline: Transform {
  /// The transforms, first applied first.
  public var steps: [any Transform]

  /// Makes a pipeline; without steps it gives back its input.
  public init(_ steps: [any Transform]) { self.steps = steps }

  /// Applies every step in order.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    steps.reduce(image) { image, step in step(image, using: &generator) }
  }
}

extension Transform where Self == Pipeline {
  /// What the field trains on: a random resized crop, a random flip, ImageNet's mean and deviation.
  ///
  /// - Parameters:
  ///   - size: side of the result in pixels.
  ///   - normalization: what the network wants instead of ImageNet's mean and deviation.
  public static func training(size: Int, normalizing normalization: any Transform = Normalize()) -> Pipeline {
    Pipeline([RandomResizedCrop(size: size), RandomHorizontalFlip(), normalization])
  }

  /// What the field evaluates on: shorter side resized to size·256/224, centre crop, ImageNet's mean and deviation.
  ///
  /// - Parameters:
  ///   - size: side of the result in pixels.
  ///   - normalization: what the network wants instead of ImageNet's mean and deviation.
  public static func evaluation(size: Int, normalizing normalization: any Transform = Normalize()) -> Pipeline {
    Pipeline([ResizedCenterCrop(size: size, shorterSide: size * 256 / 224), normalization])
  }
}

extension RandomGenerator {
  /// A number drawn uniformly from a range.
  mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }
}
