import Tensor

/// Gated recurrent units (Cho et al., 2014), as PyTorch computes them: the reset gate lies after the map of the hidden state.
///
/// Sequences are `[length, batch, inputs]` unless the options say `batchFirst`, as in PyTorch, whose names the parameters have (`weight_ih_l0`, …).
public final class GRU<Scalar: TensorScalar>: Layer, CustomReflectable {
  private let recurrence: Recurrence<Scalar>

  /// Makes layers whose weights are uniform in ±1/√hidden.
  ///
  /// Traps where a size is less than one.
  public init(
    _ inputs: Int, _ hidden: Int, options: RecurrentOptions = .init(), using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    recurrence = Recurrence("GRU", inputs, hidden, gates: 3, states: 1, options, using: &generator, file, line)
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
      let (x, h) = (input.split(along: 1, into: 3), mapped.split(along: 1, into: 3))
      let (reset, update) = (sigmoid(x[0] + h[0]), sigmoid(x[1] + h[1]))
      let candidate = tanh(x[2] + reset * h[2])
      return [candidate + update * (states[0] - candidate)]
    }
    return (output, states[0])
  }

  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { recurrence.mirror(of: self) }
}
