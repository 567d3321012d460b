import Tensor

/// Sets elements to zero at random while training and scales the others up to keep the mean (Srivastava et al., 2014).
public final class Dropout<Scalar: TensorScalar>: Layer {
  /// Whether anything is dropped.
  public let mode = Mode()
  private let probability: Double
  private var generator: RandomGenerator

  /// Makes a dropout layer with random numbers of its own.
  ///
  /// Traps unless the probability of dropping an element is in 0...1.
  public init(
    _ probability: Double, using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    require((0...1).contains(probability), "Dropout: \(probability) is not in 0...1", file: file, line: line)
    self.probability = probability
    self.generator = generator.split()
  }

  /// The thinned tensor; in evaluation the input itself.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    guard replayed({ mode.isTraining }), probability > 0 else { return input }
    var source = replayed { generator }
    let thinned = input.dropout(probability, using: &source)
    replayed { generator = source }
    return thinned
  }
}
