/// What may stand between the brackets of `x[…]` and in `replacing(at:with:)` and `adding(_:at:)`: a place on one axis.
///
/// An integer, a range of integers, an array or a tensor of integers, a mask, or one of `AxisSelection`'s own: `.all`,
/// `.range(from:to:by:)`, `.newAxis`, `.ellipsis`. Do not conform other types.
public protocol TensorIndex: Sendable {
  /// What it selects.
  var selection: AxisSelection { get }
}

/// What one place between the brackets of `x[…]` selects.
public struct AxisSelection: TensorIndex, Sendable {
  enum Kind: Sendable {
    case position(Int)
    case range(from: Int?, to: Int?, isClosed: Bool)
    case stride(from: Int?, to: Int?, by: Int)
    case newAxis
    case ellipsis
    case indices(Tensor<Int>)
    case mask(Tensor<Bool>)
  }

  let kind: Kind

  /// Itself.
  public var selection: AxisSelection { self }

  /// The number of axes that it stands for; of an ellipsis none, because that stands for those that are left.
  var axisCount: Int {
    switch kind {
    case .newAxis, .ellipsis: 0
    case .mask(let mask): mask.rank
    case .position, .range, .stride, .indices: 1
    }
  }

  /// Start, number and step of the positions that a range names on an axis of a size; nil where it does not fit.
  func steps(on size: Int) -> (start: Int, count: Int, step: Int)? {
    switch kind {
    case .range(let from, let to, let isClosed):
      var (start, end) = (counted(from ?? 0, size), counted(to ?? size, size))
      if isClosed, to != nil {
        if !(0..<size).contains(end) { return nil }
        end += 1
      }
      return 0 <= start && start <= end && end <= size ? (start, end - start, 1) : nil
    case .stride(let from, let to, let step) where step > 0:
      let (start, end) = (counted(from ?? 0, size), counted(to ?? size, size))
      guard 0 <= start, start <= end, end <= size else { return nil }
      return (start, start == end ? 0 : (end - start - 1) / step + 1, step)
    case .stride(let from, let to, let step) where step < 0:
      let (start, end) = (from.map { counted($0, size) } ?? size - 1, to.map { counted($0, size) } ?? -1)
      guard start < size, start >= (from == nil ? -1 : 0), end < size, end >= (to == nil ? -1 : 0) else { return nil }
      return (start, start <= end ? 0 : (start - end - 1) / Int(clamping: step.magnitude) + 1, step)
    default: return nil
    }
  }
}

/// A position from the front for one that, where it is negative, counts from the end.
func counted(_ position: Int, _ size: Int) -> Int { position < 0 ? position + size : position }

extension AxisSelection: CustomStringConvertible {
  /// As it is written.
  public var description: String {
    func text(_ number: Int?) -> String { number.map { "\($0)" } ?? "" }
    return switch kind {
    case .position(let position): "\(position)"
    case .range(let from, let to, let isClosed): text(from) + (isClosed || to == nil ? "..." : "..<") + text(to)
    case .stride(let from, let to, let step):
      ".range(\(from.map { "from: \($0), " } ?? "")\(to.map { "to: \($0), " } ?? "")by: \(step))"
    case .newAxis: ".newAxis"
    case .ellipsis: ".ellipsis"
    case .indices(let indices): "indices of shape \(indices.shape)"
    case .mask(let mask): "a mask of shape \(mask.shape)"
    }
  }
}

extension TensorIndex where Self == AxisSelection {
  /// A whole axis: Python's `:`.
  public static var all: AxisSelection { AxisSelection(kind: .range(from: nil, to: nil, isClosed: true)) }

  /// A new axis of size one.
  public static var newAxis: AxisSelection { AxisSelection(kind: .newAxis) }

  /// As many whole axes as the other places leave; what `...` means between brackets.
  public static var ellipsis: AxisSelection { AxisSelection(kind: .ellipsis) }

  /// Every `step`-th position from one up to another, without it: Python's `start:end:step`.
  ///
  /// A negative position counts from the end; a negative step walks backwards, from the last position where none is given.
  public static func range(from start: Int? = nil, to end: Int? = nil, by step: Int = 1) -> AxisSelection {
    AxisSelection(kind: .stride(from: start, to: end, by: step))
  }
}

extension Int: TensorIndex {
  /// One position; a negative one counts from the end.
  public var selection: AxisSelection { AxisSelection(kind: .position(self)) }
}

extension Range: TensorIndex where Bound == Int {
  /// The positions in the range.
  public var selection: AxisSelection { AxisSelection(kind: .range(from: lowerBound, to: upperBound, isClosed: false)) }
}

extension ClosedRange: TensorIndex where Bound == Int {
  /// The positions in the range.
  public var selection: AxisSelection { AxisSelection(kind: .range(from: lowerBound, to: upperBound, isClosed: true)) }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
  /// The positions from the bound on; a negative one counts from the end.
  public var selection: AxisSelection { AxisSelection(kind: .range(from: lowerBound, to: nil, isClosed: false)) }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
  /// The positions before the bound; a negative one counts from the end.
  public var selection: AxisSelection { AxisSelection(kind: .range(from: nil, to: upperBound, isClosed: false)) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
  /// The positions up to the bound and with it; a negative one counts from the end.
  public var selection: AxisSelection { AxisSelection(kind: .range(from: nil, to: upperBound, isClosed: true)) }
}

extension Array: TensorIndex where Element == Int {
  /// The positions in the order of the array; negative ones count from the end.
  public var selection: AxisSelection { AxisSelection(kind: .indices(Tensor(self))) }
}

extension Tensor: TensorIndex where Scalar: TensorIndexElement {
  /// The positions that the integers name, or those where the mask is true.
  public var selection: AxisSelection { Scalar.selection(by: self) }
}

/// An element type whose tensors select elements of others: `Int` and `Int32`, positions, and `Bool`, masks.
///
/// The set is closed; do not conform other types.
public protocol TensorIndexElement: TensorElement {
  /// What a tensor of this type selects.
  static func selection(by tensor: Tensor<Self>) -> AxisSelection
}

extension Int: TensorIndexElement {
  /// The positions that the integers name.
  public static func selection(by tensor: Tensor<Int>) -> AxisSelection { AxisSelection(kind: .indices(tensor)) }
}

extension Int32: TensorIndexElement {
  /// The positions that the integers name.
  public static func selection(by tensor: Tensor<Int32>) -> AxisSelection { tensor.cast(to: Int.self).selection }
}

extension Bool: TensorIndexElement {
  /// The positions where the mask is true.
  public static func selection(by tensor: Tensor<Bool>) -> AxisSelection { AxisSelection(kind: .mask(tensor)) }
}
