extension Tensor {
  /// Makes a tensor of any shape from its elements in row-major order.
  ///
  /// Traps where the number of elements does not fit the shape.
  public init(_ scalars: [Scalar], shape: [Int], file: StaticString = #fileID, line: UInt = #line) {
    requireShape("Tensor", shape, stride: MemoryLayout<Scalar>.stride, file, line)
    self.init(NDArray(uninitialized: shape))
    require(
      scalars.count == count, "Tensor: \(scalars.count) scalars do not fill shape \(shape) (\(count) elements)",
      file: file, line: line)
    scalars.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { array.target.initialize(from: base, count: count) }
    }
  }

  /// Makes a vector, shape `[scalars.count]`.
  public init(_ scalars: [Scalar]) {
    self.init(scalars, shape: [scalars.count])
  }

  /// Makes a matrix from its rows, shape `[rows, columns]`.
  ///
  /// Traps where the rows differ in length.
  public init(_ rows: [[Scalar]], file: StaticString = #fileID, line: UInt = #line) {
    let columns = rows.first?.count ?? 0
    require(
      rows.allSatisfy { $0.count == columns }, "Tensor: rows of different lengths \(rows.map(\.count))", file: file,
      line: line)
    self.init(rows.flatMap(\.self), shape: [rows.count, columns])
  }

  /// Makes a single number, shape `[]`.
  public init(_ scalar: Scalar) {
    self.init(NDArray(uninitialized: []))
    array.target.initialize(to: scalar)
  }

  /// Makes a tensor by writing its elements, in row-major order, into fresh memory.
  ///
  /// `write` must initialise every element. Traps for a negative size.
  public init(
    shape: [Int], initializedBy write: (UnsafeMutableBufferPointer<Scalar>) throws -> Void,
    file: StaticString = #fileID, line: UInt = #line
  ) rethrows {
    requireShape("Tensor", shape, stride: MemoryLayout<Scalar>.stride, file, line)
    self.init(NDArray(uninitialized: shape))
    try write(UnsafeMutableBufferPointer(start: array.target, count: count))
  }

  /// Makes a tensor whose elements are all the same; one element in memory, seen everywhere.
  ///
  /// Traps for a negative size.
  public static func full(
    _ shape: [Int], _ value: Scalar, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    filled("full", shape, value, file, line)
  }

  /// Makes a tensor of another one's shape whose elements are all the same; one element in memory, seen everywhere.
  public static func full(like other: Tensor, _ value: Scalar) -> Tensor { full(other.shape, value) }

  fileprivate static func filled(
    _ name: StaticString, _ shape: [Int], _ value: Scalar, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    requireShape(name, shape, file, line)
    let scalar = Tensor(value)
    return Tensor(scalar.array.seen(as: scalar.layout.expanded(to: shape)))
  }
}

extension Tensor where Scalar: Numeric {
  /// Makes a tensor of zeros; traps for a negative size.
  public static func zeros(_ shape: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    filled("zeros", shape, 0, file, line)
  }

  /// Makes a tensor of ones; traps for a negative size.
  public static func ones(_ shape: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    filled("ones", shape, 1, file, line)
  }

  /// Makes a tensor of zeros of another one's shape.
  public static func zeros(like other: Tensor) -> Tensor { zeros(other.shape) }

  /// Makes a tensor of ones of another one's shape.
  public static func ones(like other: Tensor) -> Tensor { ones(other.shape) }

  /// Makes the identity matrix, shape `[size, size]`; traps for a negative size.
  public static func eye(_ size: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    requireShape("eye", [size, size], stride: MemoryLayout<Scalar>.stride, file, line)
    return Tensor(shape: [size, size]) { elements in
      elements.initialize(repeating: 0)
      for i in 0..<size { elements[i * size + i] = 1 }
    }
  }
}

extension Tensor where Scalar == Int {
  /// The integers `0..<count`, shape `[count]`; traps for a negative count.
  public static func range(_ count: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    requireShape("range", [count], stride: MemoryLayout<Int>.stride, file, line)
    return Tensor(Array(0..<count))
  }

  /// The integers from `start` in steps of `step`, up to `end` but without it; a negative step counts down.
  ///
  /// Empty where `end` lies the other way. Traps for a step of 0.
  public static func range(
    from start: Int, to end: Int, by step: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(step != 0, "range: a step of 0 never gets from \(start) to \(end)", file: file, line: line)
    return Tensor(Array(stride(from: start, to: end, by: step)))
  }

  /// An order of `0..<count` drawn at random, shape `[count]`; traps for a negative count.
  public static func permutation(
    _ count: Int, using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor(generator.permutation(count, file: file, line: line))
  }
}

extension Tensor where Scalar == Bool {
  /// True with a probability, drawn independently for every element.
  ///
  /// Traps for a probability outside 0...1, and for a negative size.
  public static func bernoulli(
    _ shape: [Int], probability: Double, using generator: inout RandomGenerator, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    requireShape("bernoulli", shape, file, line)
    return bernoulli(Tensor<Double>.full(shape, probability), using: &generator, file: file, line: line)
  }

  /// True with a probability of its own for every element, drawn independently.
  ///
  /// Traps for a probability outside 0...1.
  public static func bernoulli<Probability: TensorScalar>(
    _ probabilities: Tensor<Probability>, using generator: inout RandomGenerator, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let limits = probabilities.detached.cast(to: Double.self)
    require(
      ((limits .>= Tensor<Double>(0)) .& (limits .<= Tensor<Double>(1))).allTrue,
      "bernoulli: probabilities outside 0...1", file: file, line: line)
    return Tensor<Double>.uniform(probabilities.shape, using: &generator) .< limits
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The numbers from `start` in steps of `step`, up to `end` but without it; a negative step counts down.
  ///
  /// The number of elements is `(end − start) / step`, rounded up; rounding may add one that equals `end`, so prefer
  /// `linspace` for fractions. Empty where `end` lies the other way. Traps for a step of 0, for what is not finite, and for
  /// more numbers than can be counted.
  public static func range(
    from start: Scalar, to end: Scalar, by step: Scalar = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      step != 0 && (start - start + end - end + step - step == 0),
      "range: from \(start) to \(end) by \(step) does not end", file: file, line: line)
    let count = ((Double(end) - Double(start)) / Double(step)).rounded(.up)
    require(
      count < 0x1p53, "range: from \(start) to \(end) by \(step) has more elements than can be counted", file: file,
      line: line)
    let steps = Tensor<Int>.range(Swift.max(0, Int(count))).cast(to: Double.self)
    return (steps * Double(step) + Double(start)).cast(to: Scalar.self)
  }

  /// `count` evenly spaced numbers from `start` through `end`, shape `[count]`.
  ///
  /// Traps for less than one.
  public static func linspace(
    from start: Scalar, through end: Scalar, count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(count >= 1, "linspace: needs at least one element, not \(count)", file: file, line: line)
    let step = count > 1 ? (end - start) / Scalar(count - 1) : 0
    return Tensor((0..<count).map { $0 == count - 1 && count > 1 ? end : start + Scalar($0) * step })
  }

  /// `count` powers of a base, whose exponents are evenly spaced from `start` through `end`, shape `[count]`.
  ///
  /// Traps for less than one.
  public static func logspace(
    from start: Scalar, through end: Scalar, count: Int, base: Scalar = 10, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(count >= 1, "logspace: needs at least one element, not \(count)", file: file, line: line)
    return pow(Tensor(base), linspace(from: start, through: end, count: count))
  }

  /// Numbers drawn uniformly from a range; traps for a negative size.
  public static func uniform(
    _ shape: [Int], in range: Range<Scalar> = 0..<1, using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireShape("uniform", shape, stride: MemoryLayout<Scalar>.stride, file, line)
    return Tensor(shape: shape) { generator.fill($0, uniformlyFrom: range) }
  }

  /// Numbers drawn from a normal distribution; traps for a negative size.
  public static func normal(
    _ shape: [Int], mean: Scalar = 0, deviation: Scalar = 1, using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireShape("normal", shape, stride: MemoryLayout<Scalar>.stride, file, line)
    return Tensor(shape: shape) { generator.fill($0, normallyAround: mean, deviation: deviation) }
  }

  /// Numbers drawn from the part of a normal distribution that lies in a range.
  ///
  /// Traps where the deviation is not positive or the range has no numbers, and for a negative size.
  public static func truncatedNormal(
    _ shape: [Int], mean: Scalar = 0, deviation: Scalar = 1, in range: ClosedRange<Scalar> = -2...2,
    using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireShape("truncatedNormal", shape, stride: MemoryLayout<Scalar>.stride, file, line)
    require(deviation > 0, "truncatedNormal: deviation \(deviation) is not positive", file: file, line: line)
    require(
      range.lowerBound < .infinity && range.upperBound > -.infinity, "truncatedNormal: no numbers in \(range)",
      file: file, line: line)
    let lower = (Double(range.lowerBound) - Double(mean)) / Double(deviation)
    let upper = (Double(range.upperBound) - Double(mean)) / Double(deviation)
    let source = TruncatedNormal(lower: lower, upper: upper)
    return Tensor(shape: shape) { elements in
      for i in elements.indices {
        let x = mean + deviation * Scalar(source.draw(using: &generator))
        elements[i] = Swift.min(Swift.max(x, range.lowerBound), range.upperBound)
      }
    }
  }
}

/// A scalar or a nested list of them: what a tensor literal such as `[[1, 2], [3, 4]]` is made of.
public struct TensorLiteral<Scalar: TensorElement>: ExpressibleByArrayLiteral {
  let shape: [Int]
  let scalars: [Scalar]

  fileprivate init(_ scalar: Scalar) { (shape, scalars) = ([], [scalar]) }

  /// A list; traps where its elements differ in shape.
  public init(arrayLiteral elements: TensorLiteral...) { self.init(elements) }

  fileprivate init(_ elements: [TensorLiteral]) {
    let inner = elements.first?.shape ?? []
    require(
      elements.allSatisfy { $0.shape == inner }, "Tensor literal: elements of different shapes \(elements.map(\.shape))"
    )
    shape = [elements.count] + inner
    scalars = elements.flatMap(\.scalars)
  }
}

extension TensorLiteral: ExpressibleByFloatLiteral where Scalar: ExpressibleByFloatLiteral {
  /// A number written with a decimal point.
  public init(floatLiteral value: Scalar.FloatLiteralType) { self.init(Scalar(floatLiteral: value)) }
}

extension TensorLiteral: ExpressibleByIntegerLiteral where Scalar: ExpressibleByIntegerLiteral {
  /// A number written without one.
  public init(integerLiteral value: Scalar.IntegerLiteralType) { self.init(Scalar(integerLiteral: value)) }
}

extension TensorLiteral: ExpressibleByBooleanLiteral where Scalar: ExpressibleByBooleanLiteral {
  /// `true` or `false`.
  public init(booleanLiteral value: Scalar.BooleanLiteralType) { self.init(Scalar(booleanLiteral: value)) }
}

extension Tensor: ExpressibleByArrayLiteral {
  /// Makes a tensor of any rank from nested lists; traps where they differ in shape.
  public init(arrayLiteral elements: TensorLiteral<Scalar>...) {
    let literal = TensorLiteral(elements)
    self.init(literal.scalars, shape: literal.shape)
  }
}
