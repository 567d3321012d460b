extension Tensor {
  /// A pullback: from the gradient of an operation's output to that of its input.
  typealias Pullback = (Tensor) -> Tensor

  /// Puts a freshly computed tensor on the tape: each pair is an input and the pullback for it.
  ///
  /// A pullback gets the gradient of the output and returns that of its input, computed with differentiable operations.
  /// It may return it in the shape that broadcasting gave the input; the engine sums it back. Pullbacks of inputs that
  /// are not tracked never run. The pairs are formed only where something is recorded or observed.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  consuming func recorded(_ name: StaticString, _ a: @autoclosure () -> (Tensor, Pullback)) -> Tensor {
    if Recording.isIdle { return self }
    let a = a()
    return placed(at: Source(a.0, to: layout).map { Operation(name, .one($0, a.1)) }, name, [a.0])
  }

  /// The same for two inputs.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  consuming func recorded(
    _ name: StaticString, _ a: @autoclosure () -> (Tensor, Pullback), _ b: @autoclosure () -> (Tensor, Pullback)
  ) -> Tensor {
    if Recording.isIdle { return self }
    let (a, b) = (a(), b())
    let node: Operation<Scalar>? =
      switch (Source(a.0, to: layout), Source(b.0, to: layout)) {
      case (let first?, let second?): Operation(name, .two(first, a.1, second, b.1))
      case (let first?, nil): Operation(name, .one(first, a.1))
      case (nil, let second?): Operation(name, .one(second, b.1))
      case (nil, nil): nil
      }
    return placed(at: node, name, [a.0, b.0])
  }

  /// The same for an operation that is linear in each of two inputs: each pullback gets the gradient and the other input.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  consuming func recorded(
    _ name: StaticString, _ a: Tensor, _ b: Tensor, usingOther first: @escaping Rule<Scalar>.PullbackUsing,
    _ second: @escaping Rule<Scalar>.PullbackUsing
  ) -> Tensor {
    if Recording.isIdle { return self }
    let node: Operation<Scalar>? =
      switch (Source(a, to: layout), Source(b, to: layout)) {
      case (let source?, let other?): Operation(name, .factors((a, source.shape, first), (b, other.shape, second)))
      case (let source?, nil): Operation(name, .one(source) { g in first(g, b) })
      case (nil, let other?): Operation(name, .one(other) { g in second(g, a) })
      case (nil, nil): nil
      }
    return placed(at: node, name, [a, b])
  }

  /// The same for one input whose pullback uses the output too: it gets the gradient and the output.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  consuming func recorded(
    _ name: StaticString, _ input: Tensor, usingOutput pullback: @escaping Rule<Scalar>.PullbackUsing
  ) -> Tensor {
    if Recording.isIdle { return self }
    return placed(at: Source(input, to: layout).map { Operation(name, .output($0, array, pullback)) }, name, [input])
  }

  /// The same for any inputs whose pullbacks share work, are of another scalar type, or add in place.
  ///
  /// One pullback hands out all shares: it gets the gradient, and `Shares`, which takes the input's position in the list.
  consuming func recorded<Input>(
    _ name: StaticString, _ inputs: [Tensor<Input>], sharing pullback: @escaping (Tensor, Shares) -> Void
  ) -> Tensor {
    if Recording.isIdle { return self }
    var (sources, places): ([Source], [Int]) = ([], [])
    for input in inputs where Scalar.elementType.hasGradients {
      let source = Source(input, to: layout)
      places.append(source == nil ? -1 : sources.count)
      if let source { sources.append(source) }
    }
    return placed(at: sources.isEmpty ? nil : Operation(name, .shares(sources, places: places, pullback)), name, inputs)
  }

  /// The same for inputs whose pullbacks share work: one pullback returns the gradients of all of them.
  consuming func recorded(
    _ name: StaticString, _ inputs: [Tensor], jointly pullback: @escaping (Tensor) -> [Tensor]
  ) -> Tensor {
    recorded(name, inputs) { g, shares in
      for (input, share) in pullback(g).enumerated() { shares.add(share, to: input) }
    }
  }

  /// The one place where the result of an operation gets its node, and where whoever observes the thread sees it.
  @inline(__always)
  private consuming func placed<Input>(
    at node: Operation<Scalar>?, _ name: StaticString, _ inputs: @autoclosure () -> [Tensor<Input>]
  ) -> Tensor {
    let mode = Recording.mode
    if !mode.contains(.isSuspended) {
      if array.isBFloat16 { node?.isBFloat16 = true }
      self.node = node
    }
    if mode.contains(.isObserved) { TapeObserver.saw(name, inputs(), self) }
    return self
  }
}
