/// The first operation that made a NaN or an infinity out of finite numbers, found by `checkingFiniteness(infinities:_:)`.
public struct NonFiniteError: Error, CustomStringConvertible, Sendable {
  /// The operation's recorded name, such as `log`.
  public let operation: String
  /// The operation whose pullback was running, or nil where the value appeared in the forward direction.
  public let pullback: String?
  /// The shapes of the operation's inputs.
  public let inputs: [[Int]]
  /// The shape of its output.
  public let shape: [Int]
  /// The position of the value in the output, in row-major order.
  public let element: Int
  /// The value: NaN or an infinity.
  public let value: Double

  /// One line that names operation, direction, shapes, position and value.
  public var description: String {
    let direction = pullback.map { " in the pullback of \($0)" } ?? ""
    return
      "\(operation)\(direction) gave \(value) at element \(element) of \(shape) from finite inputs of shapes \(inputs)"
  }
}

/// Runs `body` and throws where an operation in it, forward or backward, made a NaN or an infinity out of finite numbers.
///
/// The error names the first such operation; `body` runs to its end before. Every operation's numbers are read, so this is
/// for finding a fault and not for training. With `infinities` false only NaNs count, for losses that mask with −∞.
///
/// ```swift
/// let gradients = try checkingFiniteness { loss(model(x), labels: y).backward() }
/// ```
public func checkingFiniteness<Result>(infinities: Bool = true, _ body: () throws -> Result) throws -> Result {
  let observer = FinitenessObserver(infinities: infinities)
  let result = try observer.observing(body)
  if let fault = observer.fault { throw fault }
  return result
}

private final class FinitenessObserver: TapeObserver {
  private let infinities: Bool
  private(set) var fault: NonFiniteError?

  init(infinities: Bool) { self.infinities = infinities }

  override func sees<In: TensorElement, Out: TensorElement>(
    _ name: StaticString, _ inputs: [Tensor<In>], _ output: Tensor<Out>
  ) {
    if fault == nil { check("\(name)", inputs, output) }
  }

  override func pulledBack<Scalar: TensorElement>(_ gradient: Tensor<Scalar>, through name: StaticString) -> Tensor<
    Scalar
  > {
    if fault == nil { check("\(name)", [Tensor<Scalar>](), gradient) }
    return gradient
  }

  private func check<In: TensorElement, Out: TensorElement>(
    _ name: String, _ inputs: [Tensor<In>], _ output: Tensor<Out>
  ) {
    TapeObserver.unobserved {
      guard let (element, value) = firstFault(output), inputs.allSatisfy({ firstFault($0) == nil }) else { return }
      fault = NonFiniteError(
        operation: name, pullback: pullback.map { "\($0)" }, inputs: inputs.map(\.shape), shape: output.shape,
        element: element, value: value)
    }
  }

  private func firstFault<Scalar: TensorElement>(_ tensor: Tensor<Scalar>) -> (element: Int, value: Double)? {
    if let float = tensor as? Tensor<Float> { return first(float.detached) }
    if let double = tensor as? Tensor<Double> { return first(double.detached) }
    return nil
  }

  private func first<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> (element: Int, value: Double)? {
    let isFault = infinities ? !tensor.isFinite : tensor .!= tensor
    guard let element = isFault.scalars.firstIndex(of: true) else { return nil }
    return (element, Double(tensor.scalars[element]))
  }
}
