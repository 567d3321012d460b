import Tensor

/// Long short-term memory (Hochreiter and Schmidhuber, 1997), with a forget gate.
///
/// Sequences are `[length, batch, inputs]` unless the options say `batchFirst`, as in PyTorch, whose names the parameters have (`weight_ih_l0`, …).
public final class LSTM<Scalar: TensorScalar>: Layer, CustomReflectable {
  private let recurrence: Recurrence<Scalar>

  /// Makes layers whose weights are uniform in ±1/√hidden.
  ///
  /// Traps where a size is less than one.
  public init(
    _ inputs: Int, _ hidden: Int, options: RecurrentOptions = .init(), using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    recurrence = Recurrence("LSTM", inputs, hidden, gates: 4, states: 2, options, using: &generator, file, line)
  }

  /// The outputs of every step, from states of zero.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { self(input, state: nil).output }

  /// The outputs of every step, and the state after the last, both `[layers · directions, batch, hidden]`.
  ///
  /// Traps where the shapes do not fit.
  public func callAsFunction(
    _ input: Tensor<Scalar>, state: LSTMState<Scalar>?, file: StaticString = #fileID, line: UInt = #line
  ) -> (output: Tensor<Scalar>, state: LSTMState<Scalar>) {
    let (output, states) = recurrence.run(input, state.map { [$0.hidden, $0.cell] }, file, line) {
      input, mapped, states in
      let gates = (input + mapped).split(along: 1, into: 4)
      let kept = sigmoid(gates[1]) * states[1] + sigmoid(gates[0]) * tanh(gates[2])
      return [sigmoid(gates[3]) * tanh(kept), kept]
    }
    return (output, LSTMState(hidden: states[0], cell: states[1]))
  }

  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { recurrence.mirror(of: self) }
}

/// What `LSTM` hands from step to step.
public struct LSTMState<Scalar: TensorScalar> {
  /// The last outputs, `[layers · directions, batch, hidden]`.
  public var hidden: Tensor<Scalar>
  /// The cells, in the same shape.
  public var cell: Tensor<Scalar>

  /// A state to begin with.
  public init(hidden: Tensor<Scalar>, cell: Tensor<Scalar>) { (self.hidden, self.cell) = (hidden, cell) }
}
