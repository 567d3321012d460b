import Tensor

/// Subtracts a mean and divides by a deviation, channel by channel.
public struct Normalize: Transform {
  /// Mean of red, green and blue over ImageNet, on pixels in 0...1.
  public static let imageNetMean: [Float] = [0.485, 0.456, 0.406]

  /// Standard deviation of red, green and blue over ImageNet, on pixels in 0...1.
  public static let imageNetDeviation: [Float] = [0.229, 0.224, 0.225]

  private let offset: Tensor<Float>
  private let scale: Tensor<Float>

  /// Makes the transform `(pixel − mean) / deviation`.
  ///
  /// - Parameters:
  ///   - mean: red, green, blue.
  ///   - deviation: red, green, blue, all positive; other counts and values trap.
  public init(
    mean: [Float] = imageNetMean, deviation: [Float] = imageNetDeviation, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    guard mean.count == 3, deviation.count == 3, deviation.allSatisfy({ $0 > 0 }) else {
      trap("Normalize with mean \(mean) and deviation \(deviation)", file: file, line: line)
    }
    offset = Tensor(mean)
    scale = Tensor(deviation.map { 1 / $0 })
  }

  /// Normalises one picture; draws nothing from the generator.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    // Whole lines at a time: loops over three channels are slow.
    let (height, width) = (image.shape[0], image.shape[1])
    func line(_ channels: Tensor<Float>) -> Tensor<Float> { channels.expanded(to: [width, 3]).reshaped([width * 3]) }
    let lines = image.reshaped([height, width * 3])
    return ((lines - line(offset)) * line(scale)).reshaped([height, width, 3])
  }
}
