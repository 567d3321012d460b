import Tensor

/// A recurrent network of Elman's kind (1990): `h′ = tanh(W·x + b + U·h + c)`.
///
/// Sequences are `[length, batch, inputs]` unless the options say `batchFirst`, as in PyTorch, whose names the parameters have (`weight_ih_l0`, …).
public final class RNN<Scalar: TensorScalar>: Layer, CustomReflectable {
  private let recurrence: Recurrence<Scalar>
  private let isRectified: Bool

  /// Makes layers whose weights are uniform in ±1/√hidden; `isRectified` takes `relu` in place of `tanh`.
  ///
  /// Traps where a size is less than one.
  public init(
    _ inputs: Int, _ hidden: Int, isRectified: Bool = false, options: RecurrentOptions = .init(),
    using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    recurrence = Recurrence("RNN", inputs, hidden, gates: 1, states: 1, options, using: &generator, file, line)
    self.isRectified = isRectified
  }

  /// The outputs of every step, from states of zero.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { self(input, state: nil).output }

  /// The outputs of every step, and the state after the last, `[layers · directions, batch, hidden]`.
  ///
  /// Traps where the shapes do not fit.
  public func callAsFunction(
    _ input: Tensor<Scalar>, state: Tensor<Scalar>?, file: StaticString = #fileID, line: UInt = #line
  ) -> (output: Tensor<Scalar>, state: Tensor<Scalar>) {
    let (output, states) = recurrence.run(input, state.map { [$0] }, file, line) { input, mapped, states in
      let sum = input + mapped
      return [isRectified ? relu(sum) : tanh(sum)]
    }
    return (output, states[0])
  }

  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { recurrence.mirror(of: self) }
}
