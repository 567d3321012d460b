/// The gradients of one scalar type that have arrived at each node so far; there is memory for them once there is one.
final class Slots<Scalar: TensorElement> {
  private let count: Int
  private var values: UnsafeMutablePointer<Tensor<Scalar>?>?
  /// Where a sum of two is stored as bfloat16: with a third it is one of full floats, so that nothing is lost beside much.
  private var narrowSums: Set<Int> = []

  init(count: Int) { self.count = count }

  deinit {
    values?.deinitialize(count: count)
    values?.deallocate()
  }

  @inline(__always)
  func take(_ position: Int) -> Tensor<Scalar>? {
    guard let values else { return nil }
    let slot = values + position
    defer { slot.initialize(to: nil) }
    return slot.move()
  }

  /// Adds a vector's elements at some row-major positions, all different, if that is possible in place.
  func addInPlace(_ elements: Tensor<Scalar>, at positions: Tensor<Int>, of position: Int) -> Bool {
    guard let values, values[position] != nil, values[position]!.node == nil else { return false }
    return Engine.add(elements.array, at: positions.array, of: &values[position]!.array)
  }

  /// Adds elements through a view of what has arrived, if that is possible in place.
  func addInPlace(_ elements: Tensor<Scalar>, through view: (Layout) -> Layout, of position: Int) -> Bool {
    guard let values, values[position] != nil, values[position]!.node == nil else { return false }
    let layout = view(values[position]!.array.layout)
    return Engine.add(elements.array, through: layout, of: &values[position]!.array)
  }

  /// Adds a gradient of full floats to that which has arrived; in place where nobody else sees the memory and nothing is recorded.
  @inline(__always)
  func add(_ gradient: __owned Tensor<Scalar>, at position: Int) {
    let slot = (values ?? allocated()) + position
    if case .none = slot.pointee {
      slot.initialize(to: gradient)
    } else if slot.pointee!.node != nil || gradient.node != nil
      || !Engine.add(gradient.array, to: &slot.pointee!.array)
    {
      slot.pointee = .added(slot.pointee!, gradient)
    }
  }

  /// The same where either may be stored as bfloat16: from the third on, the sum is one of full floats.
  @inline(never)
  func addAsStored(_ gradient: Tensor<Scalar>, at position: Int) {
    let slot = (values ?? allocated()) + position
    if slot.pointee?.array.isBFloat16 == true, !narrowSums.insert(position).inserted {
      slot.pointee!.array = slot.pointee!.array.widened()
    }
    let isNarrow = slot.pointee?.array.isBFloat16 ?? true
    add(isNarrow ? gradient : Tensor(gradient.array.widened(), node: gradient.node), at: position)
  }

  @inline(never)
  private func allocated() -> UnsafeMutablePointer<Tensor<Scalar>?> {
    let values = UnsafeMutablePointer<Tensor<Scalar>?>.allocate(capacity: count)
    values.initialize(repeating: nil, count: count)
    self.values = values
    return values
  }
}
