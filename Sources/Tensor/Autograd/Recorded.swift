extension Tensor where Scalar: TensorScalar {
  /// A pullback: from the gradient of an operation's output to that of its input.
  typealias Pullback = (Tensor) -> Tensor

  /// Puts a freshly computed tensor on the tape: each pair is an input and the pullback for it.
  ///
  /// A pullback gets the gradient of the output and returns that of its input, computed with differentiable operations.
  /// It may return it in the shape that broadcasting gave the input; the engine sums it back. Pullbacks of inputs that
  /// are not tracked never run. The pairs are formed only where something is recorded or observed.
  @inline(__always)
  consuming func recorded(_ name: StaticString, _ a: @autoclosure () -> (Tensor, Pullback)) -> Tensor {
    Recording.isIdle ? self : record(name, a())
  }

  /// The same for two inputs.
  @inline(__always)
  consuming func recorded(
    _ name: StaticString, _ a: @autoclosure () -> (Tensor, Pullback), _ b: @autoclosure () -> (Tensor, Pullback)
  ) -> Tensor {
    Recording.isIdle ? self : record(name, a(), b())
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private consuming func record(_ name: StaticString, _ a: (Tensor, Pullback)) -> Tensor {
    if Recording.mode != [] { return recorded(name, [a]) }
    guard let source = a.0.node else { return self }
    return placed(at: UnaryOperation(name: name, Edge(source: source, of: a.0, to: self, pullback: a.1)))
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private consuming func record(_ name: StaticString, _ a: (Tensor, Pullback), _ b: (Tensor, Pullback)) -> Tensor {
    if Recording.mode != [] { return recorded(name, [a, b]) }
    guard let source = a.0.node else { return record(name, b) }
    guard let other = b.0.node else { return record(name, a) }
    let node = BinaryOperation(
      name: name, Edge(source: source, of: a.0, to: self, pullback: a.1),
      Edge(source: other, of: b.0, to: self, pullback: b.1))
    return placed(at: node)
  }

  /// The same for an operation that is linear in each of two inputs: each pullback gets the gradient and the other input.
  @inline(__always)
  consuming func recorded(
    _ name: StaticString, _ a: Tensor, _ b: Tensor,
    usingOther first: @escaping BilinearOperation<Scalar>.Pullback,
    _ second: @escaping BilinearOperation<Scalar>.Pullback
  ) -> Tensor {
    Recording.isIdle ? self : record(name, a, b, first, second)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private consuming func record(
    _ name: StaticString, _ a: Tensor, _ b: Tensor, _ first: @escaping BilinearOperation<Scalar>.Pullback,
    _ second: @escaping BilinearOperation<Scalar>.Pullback
  ) -> Tensor {
    guard Recording.mode == [], a.isTracked, b.isTracked else {
      return recorded(name, (a, { g in first(g, b) }), (b, { g in second(g, a) }))
    }
    return placed(at: BilinearOperation(name: name, a, b, to: self, first, second))
  }

  /// The same for three or more inputs.
  consuming func recorded(
    _ name: StaticString, _ a: (Tensor, Pullback), _ b: (Tensor, Pullback), _ c: (Tensor, Pullback),
    _ others: (Tensor, Pullback)...
  ) -> Tensor {
    recorded(name, [a, b, c] + others)
  }

  /// The same for a list of inputs.
  consuming func recorded(_ name: StaticString, _ inputs: [(Tensor, Pullback)]) -> Tensor {
    let output = self
    let edges =
      Recording.isOn
      ? inputs.compactMap { input, pullback in
        input.node.map { Edge(source: $0, of: input, to: output, pullback: pullback) }
      } : []
    let result = edges.isEmpty ? output : output.placed(at: Operation(name: name, edges: edges))
    return result.observed(name, inputs.map(\.0))
  }

  /// The same for one input whose pullback uses the output too: it gets the gradient and the output.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  consuming func recorded(
    _ name: StaticString, _ input: Tensor, usingOutput pullback: @escaping (Tensor, Tensor) -> Tensor
  )
    -> Tensor
  {
    guard Recording.isOn, let source = input.node else { return observed(name, [input]) }
    let node = OutputOperation(name: name, source: source, of: input, output: copy self, pullback: pullback)
    return placed(at: node).observed(name, [input])
  }

  /// The same for a vector of some elements of an input, at row-major positions that differ: its gradient is added there, in
  /// place where the input has a gradient already.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  consuming func recorded(_ name: StaticString, _ input: Tensor, adding positions: Labels) -> Tensor {
    guard Recording.isOn, let source = input.node else { return observed(name, [input]) }
    let node = PickingOperation<Scalar>(name: name, source: source, shape: input.shape, positions: positions)
    return placed(at: node).observed(name, [input])
  }

  /// The same for inputs whose pullbacks share work: one pullback returns the gradients of all inputs.
  consuming func recordedJointly(_ name: StaticString, _ inputs: [Tensor], _ pullback: @escaping (Tensor) -> [Tensor])
    -> Tensor
  {
    guard Recording.isOn, inputs.contains(where: \.isTracked) else { return observed(name, inputs) }
    let tracked = inputs.indices.filter { inputs[$0].isTracked }
    let output = self
    let edges = tracked.map { Edge(source: inputs[$0].node!, of: inputs[$0], to: output) { $0 } }
    let node = Operation(name: name, edges: edges) { gradient in
      let all = pullback(gradient)
      return tracked.map { all[$0] }
    }
    return output.placed(at: node).observed(name, inputs)
  }

  /// Shows the result of an operation, with its node, to whoever observes.
  @inline(__always)
  private consuming func observed(_ name: StaticString, _ inputs: @autoclosure () -> [Tensor]) -> Tensor {
    if Recording.mode.contains(.isObserved) { TapeObserver.saw(name, inputs(), self) }
    return self
  }

  /// Undoes broadcasting: sums over the axes along which `shape` was repeated.
  @inline(__always)
  consuming func summed(to target: [Int]) -> Tensor { layout.shape == target ? self : summedOverRepeats(to: target) }

  private func summedOverRepeats(to target: [Int]) -> Tensor {
    let missing = rank - target.count
    let axes = (0..<rank).filter { $0 < missing || target[$0 - missing] != shape[$0] }
    return summed(over: axes).reshaped(target)
  }
}
