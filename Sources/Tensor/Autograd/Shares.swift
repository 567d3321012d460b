/// Where a pullback for several inputs puts their shares of a gradient; an input is named by its place in their list.
struct Shares {
  let pass: BackwardPass
  let node: Node
  let position: Int
  let sources: [Source]
  let places: [Int]
  /// The gradient's shape.
  let shape: [Int]

  /// Adds an input's share, in the input's shape or one that broadcasting gave it; works it out only where it is wanted.
  func add<Scalar: TensorElement>(_ share: @autoclosure () -> Tensor<Scalar>, to input: Int) {
    guard let target = target(input) else { return }
    pass.narrow(for: target)
    pass.add(share(), sources[places[input]].shape ?? shape, at: target, from: node)
  }

  /// Adds an input's share whose shape is the input's, whatever the gradient's is.
  func addWhole<Scalar: TensorElement>(_ share: Tensor<Scalar>, to input: Int) {
    if let target = target(input) { pass.add(share, share.shape, at: target, from: node) }
  }

  /// Adds elements at some row-major positions, all different, of an input's gradient; false where there is none that may be
  /// written to.
  func addInPlace<Scalar: TensorElement>(_ elements: Tensor<Scalar>, at positions: Tensor<Int>, to input: Int) -> Bool {
    guard let target = target(input) else { return true }
    return pass.isConstant && pass.slots(of: Scalar.self).addInPlace(elements, at: positions, of: target)
  }

  /// Adds elements through a view of an input's gradient; false where there is none that may be written to.
  func addInPlace<Scalar: TensorElement>(
    _ elements: Tensor<Scalar>, through view: (Layout) -> Layout, to input: Int
  ) -> Bool {
    guard let target = target(input) else { return true }
    return pass.isConstant && pass.slots(of: Scalar.self).addInPlace(elements, through: view, of: target)
  }

  /// Whether an input's gradient is asked for.
  func isWanted(_ input: Int) -> Bool { target(input) != nil }

  private func target(_ input: Int) -> Int? { places[input] < 0 ? nil : pass.target(of: position, places[input]) }
}
