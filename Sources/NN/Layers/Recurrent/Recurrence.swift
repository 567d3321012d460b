import Tensor

/// The weights of a recurrent layer in one direction.
struct RecurrentWeights<Scalar: TensorScalar> {
  /// `[gates · hidden, inputs]`.
  let input: Parameter<Scalar>
  /// `[gates · hidden, hidden]`.
  let hidden: Parameter<Scalar>
  /// `[gates · hidden]` each, if there are any.
  let biases: (input: Parameter<Scalar>, hidden: Parameter<Scalar>)?
}

/// What `RNN`, `GRU` and `LSTM` share: layers, directions, the walk along a sequence, PyTorch's names.
final class Recurrence<Scalar: TensorScalar> {
  /// The states that a step hands on: the hidden one, of LSTM also the cell.
  typealias States = [Tensor<Scalar>]

  private let name: StaticString
  private let inputs: Int
  private let hidden: Int
  private let states: Int
  private let batchFirst: Bool
  /// By layer, then direction.
  private let weights: [[RecurrentWeights<Scalar>]]
  private let dropout: Dropout<Scalar>?

  init(
    _ name: StaticString, _ inputs: Int, _ hidden: Int, gates: Int, states: Int, _ options: RecurrentOptions,
    using generator: inout RandomGenerator, _ file: StaticString, _ line: UInt
  ) {
    require(
      inputs >= 1 && hidden >= 1 && options.layers >= 1,
      "\(name): \(options.layers) layers of \(inputs) inputs and \(hidden) hidden numbers", file: file, line: line)
    let directions = options.isBidirectional ? 2 : 1
    var weights: [[RecurrentWeights<Scalar>]] = []
    for layer in 0..<options.layers {
      var both: [RecurrentWeights<Scalar>] = []
      for _ in 0..<directions {
        func drawn(_ shape: [Int]) -> Parameter<Scalar> {
          Parameter(.scaledUniform(shape, fanIn: hidden, using: &generator))
        }
        let input = drawn([gates * hidden, layer == 0 ? inputs : directions * hidden])
        let recurrent = drawn([gates * hidden, hidden])
        let biases = options.hasBias ? (input: drawn([gates * hidden]), hidden: drawn([gates * hidden])) : nil
        both.append(RecurrentWeights(input: input, hidden: recurrent, biases: biases))
      }
      weights.append(both)
    }
    self.weights = weights
    dropout = options.dropout > 0 ? Dropout(options.dropout, using: &generator, file: file, line: line) : nil
    (self.name, self.inputs, self.hidden, self.states) = (name, inputs, hidden, states)
    batchFirst = options.batchFirst
  }

  /// The parameters under PyTorch's names, `weight_ih_l0_reverse`.
  func mirror(of subject: Any) -> Mirror {
    var children: [(label: String?, value: Any)] = []
    for (layer, both) in weights.enumerated() {
      for (direction, part) in both.enumerated() {
        let ending = "l\(layer)" + (direction == 1 ? "_reverse" : "")
        children += [("weight_ih_" + ending, part.input), ("weight_hh_" + ending, part.hidden)]
        if let biases = part.biases {
          children += [("bias_ih_" + ending, biases.input), ("bias_hh_" + ending, biases.hidden)]
        }
      }
    }
    if let dropout { children.append(("dropout", dropout)) }
    return Mirror(subject, children: children)
  }

  /// The outputs of the last layer, and the states after the last step, each `[layers · directions, batch, hidden]`.
  ///
  /// `step` makes new states of the mapped input and the mapped hidden state, both `[batch, gates · hidden]`, and the old states.
  func run(
    _ input: Tensor<Scalar>, _ first: States?, _ file: StaticString, _ line: UInt,
    step: (_ input: Tensor<Scalar>, _ hidden: Tensor<Scalar>, _ states: States) -> States
  ) -> (output: Tensor<Scalar>, states: States) {
    let order = batchFirst ? "[batch, length, inputs]" : "[length, batch, inputs]"
    require(
      input.rank == 3 && input.shape[2] == inputs,
      "\(name): sequences \(input.shape) are not \(order) of \(inputs) inputs", file: file, line: line)
    require(
      input.shape[batchFirst ? 1 : 0] >= 1, "\(name): sequences \(input.shape), \(order), have no steps", file: file,
      line: line)
    var sequence = batchFirst ? input.transposed(0, 1) : input
    let (batch, directions) = (sequence.shape[1], weights[0].count)
    let wanted = [weights.count * directions, batch, hidden]
    for state in first ?? [] {
      require(
        state.shape == wanted, "\(name): a state of shape \(state.shape) is not \(wanted)", file: file, line: line)
    }
    var last = [[Tensor<Scalar>]](repeating: [], count: states)
    for (layer, both) in weights.enumerated() {
      if layer > 0, let dropout { sequence = dropout(sequence) }
      var outputs: [Tensor<Scalar>] = []
      for (direction, part) in both.enumerated() {
        let mapped = sequence.matmul(part.input.value.transposed())
        let steps = part.biases.map { mapped + $0.input.value } ?? mapped
        let recurrent = part.hidden.value.transposed()
        var now = (0..<states).map { state in
          first?[state].select(along: 0, layer * directions + direction) ?? .zeros([batch, hidden])
        }
        let times = direction == 0 ? Array(0..<sequence.shape[0]) : (0..<sequence.shape[0]).reversed()
        var hiddens = [Tensor<Scalar>?](repeating: nil, count: times.count)
        for time in times {
          let product = now[0].matmul(recurrent)
          now = step(steps.select(along: 0, time), part.biases.map { product + $0.hidden.value } ?? product, now)
          hiddens[time] = now[0]
        }
        outputs.append(.stacked(hiddens.map { $0! }, along: 0))
        for state in 0..<states { last[state].append(now[state]) }
      }
      sequence = outputs.count == 1 ? outputs[0] : .concatenated(outputs, along: 2)
    }
    return (batchFirst ? sequence.transposed(0, 1) : sequence, last.map { .stacked($0, along: 0) })
  }
}

/// Options that `RNN`, `GRU` and `LSTM` share, with PyTorch's defaults.
public struct RecurrentOptions: Sendable {
  /// The number of layers one above another.
  public var layers: Int
  /// Whether each layer also runs from the end to the beginning; its outputs are twice as wide then.
  public var isBidirectional: Bool
  /// Whether sequences are `[batch, length, inputs]` and not `[length, batch, inputs]`.
  public var batchFirst: Bool
  /// The probability of dropping an element between two layers while training.
  public var dropout: Double
  /// Whether both maps have offsets.
  public var hasBias: Bool

  /// PyTorch's options, but for those that are given.
  public init(
    layers: Int = 1, isBidirectional: Bool = false, batchFirst: Bool = false, dropout: Double = 0, hasBias: Bool = true
  ) {
    (self.layers, self.isBidirectional, self.batchFirst) = (layers, isBidirectional, batchFirst)
    (self.dropout, self.hasBias) = (dropout, hasBias)
  }
}
