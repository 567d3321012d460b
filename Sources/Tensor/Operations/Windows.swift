/// A size for each axis of a window: one number for all, or a list, such as `[height, width]`.
public protocol AxisSizes: Sendable {
  /// The size along each of so many axes; nil where a list has another length.
  func sizes(axes: Int) -> [Int]?
}

/// What is added on each side of an axis before windows slide over it: a number for all axes, a list, `.valid` for nothing, `.same` for what keeps the size.
public protocol AxisPadding: Sendable {
  /// What is added before and after each axis, given how far a kernel reaches along each and how far it moves; nil where that cannot be.
  func amounts(reaches: [Int], strides: [Int]) -> [(before: Int, after: Int)]?
}

extension Int: AxisSizes, AxisPadding {
  /// The number for each axis.
  public func sizes(axes: Int) -> [Int]? { [Int](repeating: self, count: axes) }
  /// The number on both sides of each axis.
  public func amounts(reaches: [Int], strides: [Int]) -> [(before: Int, after: Int)]? {
    reaches.map { _ in (self, self) }
  }
}

extension [Int]: AxisSizes, AxisPadding {
  /// The list, where it has a number for each axis.
  public func sizes(axes: Int) -> [Int]? { count == axes ? self : nil }
  /// Each number on both sides of its axis.
  public func amounts(reaches: [Int], strides: [Int]) -> [(before: Int, after: Int)]? {
    count == reaches.count ? map { ($0, $0) } : nil
  }
}

/// Padding that follows from the kernel: `.same` or `.valid`.
public enum NamedPadding: String, AxisPadding, CustomStringConvertible {
  /// Nothing.
  case validWindows = "valid"
  /// What keeps the size, with strides of 1; of an odd amount the greater part comes after, as in PyTorch.
  case sameSize = "same"

  /// As it is written.
  public var description: String { rawValue }

  /// Nothing, or half of what the kernel reaches beyond an element on each side.
  public func amounts(reaches: [Int], strides: [Int]) -> [(before: Int, after: Int)]? {
    switch self {
    case .validWindows: reaches.map { _ in (0, 0) }
    case .sameSize:
      strides.allSatisfy { $0 == 1 } ? reaches.map { (($0 - 1) / 2, $0 - 1 - ($0 - 1) / 2) } : nil
    }
  }
}

extension AxisPadding where Self == NamedPadding {
  /// No padding.
  public static var valid: NamedPadding { .validWindows }
  /// What keeps the size, with strides of 1.
  public static var same: NamedPadding { .sameSize }
}

/// How kernels slide along some axes.
package struct Windows: Sendable, Equatable {
  /// How far apart windows are along each axis.
  package let strides: [Int]
  /// What is added before each axis.
  package let before: [Int]
  /// What is added after each axis.
  package let after: [Int]
  /// How far apart a kernel's elements are along each axis.
  package let dilations: [Int]

  /// Along how many axes they slide.
  package var axisCount: Int { strides.count }

  /// Traps where a list has another length than there are axes, where a number is out of range, and for `.same` with strides.
  package init(
    _ name: StaticString, kernel: [Int], stride: some AxisSizes, padding: some AxisPadding, dilation: some AxisSizes,
    file: StaticString, line: UInt
  ) {
    let sizes = 1...1 << 30
    guard let strides = stride.sizes(axes: kernel.count), let dilations = dilation.sizes(axes: kernel.count),
      (kernel + strides + dilations).allSatisfy(sizes.contains)
    else {
      trap(
        "\(name): stride \(stride) or dilation \(dilation) does not fit a kernel \(kernel)", file: file, line: line)
    }
    let reaches = zip(kernel, dilations).map { ($0 - 1) * $1 + 1 }
    guard let amounts = padding.amounts(reaches: reaches, strides: strides),
      amounts.allSatisfy({ (0...sizes.upperBound).contains($0.before) && (0...sizes.upperBound).contains($0.after) })
    else {
      trap(
        "\(name): padding \(padding) does not fit a kernel \(kernel) with stride \(stride)", file: file, line: line)
    }
    (self.strides, self.dilations) = (strides, dilations)
    (before, after) = (amounts.map(\.before), amounts.map(\.after))
  }

  /// Those of a transposed convolution, and its output padding along each axis; traps as `init`, and where the output padding is not smaller
  /// than stride or dilation.
  package static func transposed(
    _ name: StaticString, kernel: [Int], _ stride: some AxisSizes, _ padding: some AxisSizes,
    _ outputPadding: some AxisSizes, _ dilation: some AxisSizes, _ file: StaticString, _ line: UInt
  ) -> (windows: Windows, outputPadding: [Int]) {
    guard let amounts = padding.sizes(axes: kernel.count) else {
      trap("\(name): padding \(padding) does not fit a kernel \(kernel)", file: file, line: line)
    }
    let windows = Windows(
      name, kernel: kernel, stride: stride, padding: amounts, dilation: dilation, file: file, line: line)
    let extra = outputPadding.sizes(axes: kernel.count) ?? []
    require(
      extra.count == kernel.count
        && extra.indices.allSatisfy { (0..<max(windows.strides[$0], windows.dilations[$0])).contains(extra[$0]) },
      "\(name): output padding \(outputPadding) is not smaller than stride \(stride) or dilation \(dilation)",
      file: file, line: line)
    return (windows, extra)
  }

  package init(strides: [Int], before: [Int], after: [Int], dilations: [Int]) {
    (self.strides, self.before, self.after, self.dilations) = (strides, before, after, dilations)
  }

  /// The numbers, where one of each kind is enough: what the engine's own convolution takes.
  package var square: (stride: Int, padding: Int, dilation: Int)? {
    let isSquare = [strides, before + after, dilations].allSatisfy { Set($0).count == 1 }
    return isSquare ? (strides[0], before[0], dilations[0]) : nil
  }
}
