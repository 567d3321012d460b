import Tensor

/// One operation as the tests see it: a function of tensors and inputs to try it at.
package struct OperationRecord<Scalar: TensorScalar>: Sendable, CustomStringConvertible {
  package typealias Body = @Sendable ([Tensor<Scalar>]) -> Tensor<Scalar>

  package let name: String
  package let inputs: [Tensor<Double>]
  /// Orders of gradient that are checked.
  package let orders: Int
  /// The sizes in the inputs' shapes that may be any other, wherever they occur.
  package let freeSizes: [Int]
  package let body: Body

  package var description: String { name }
}

/// A misuse of an operation, and what it must say before it ends the process.
package struct ErrorRecord: Sendable, CustomStringConvertible {
  package let name: String
  package let message: String
  /// The file whose name must stand in front of the message; nil for operators, which cannot know their caller.
  package let caller: String?
  package let body: @Sendable () throws -> Any

  package var description: String { name }
}

/// A family of operation records, written once for any scalar type.
///
/// Add a line for every new operation; the generic tests then check its gradients of first and second order, in every
/// layout, and its agreement between `Float` and `Double`, and that these checks can fail. `addError` is for its misuses.
package struct OperationRecords<Scalar: TensorScalar> {
  package private(set) var all: [OperationRecord<Scalar>] = []
  package private(set) var errors: [ErrorRecord] = []
  /// The sizes that may be any other in the records that follow: their operations are also tried on tensors without
  /// elements and with one along such axes.
  package var freeSizes: [Int] = []

  package init(_ fill: (inout OperationRecords) -> Void) { fill(&self) }

  package mutating func add(
    _ name: String, _ inputs: [Tensor<Double>], orders: Int = 2, _ body: @escaping OperationRecord<Scalar>.Body
  ) {
    all.append(OperationRecord(name: name, inputs: inputs, orders: orders, freeSizes: freeSizes, body: body))
  }

  /// A misuse of an operation that must trap with a message, in front of which stands the caller's file.
  package mutating func addError(
    _ name: String, _ message: String, namesCaller: Bool = true, file: String = #fileID,
    _ body: @escaping @Sendable () throws -> Any
  ) {
    errors.append(ErrorRecord(name: name, message: message, caller: namesCaller ? file : nil, body: body))
  }
}

/// Zeros of a shape, for misuses.
package func zeros(_ shape: Int...) -> Tensor<Float> { .zeros(shape) }

/// Numbers away from 0 and from each other, so that finite differences meet no kink and no tie; the same for a seed.
package func sample(_ shape: [Int], seed: UInt64 = 1, from low: Double = 0.4, to high: Double = 1.6) -> Tensor<Double> {
  let count = shape.reduce(1, *)
  var generator = RandomGenerator(seed: seed)
  let order = generator.permutation(count)
  return Tensor(order.map { low + (high - low) * (Double($0) + 0.5) / Double(max(count, 1)) }, shape: shape)
}

/// The same with alternating signs.
package func signedSample(_ shape: [Int], seed: UInt64 = 1) -> Tensor<Double> {
  let values = sample(shape, seed: seed).scalars
  return Tensor(values.enumerated().map { $0.offset % 2 == 0 ? $0.element : -$0.element }, shape: shape)
}

/// The same numbers in other layouts: transposed in memory, cut out of something larger, walked backwards.
package func layouts(of x: Tensor<Double>) -> [(name: String, tensor: Tensor<Double>)] {
  var result = [("plain", x)]
  if x.rank >= 2 {
    result.append(("transposed", Tensor(x.transposed().scalars, shape: x.transposed().shape).transposed()))
  }
  if x.rank >= 1 {
    let wide = Tensor.concatenated([x, x + 1], along: -1)
    result.append(("sliced", wide.sliced(along: -1, 0..<x.shape[x.rank - 1])))
    result.append(("flipped", Tensor(x.flipped(along: 0).scalars, shape: x.shape).flipped(along: 0)))
  }
  return result
}

extension OperationRecord {
  /// The record's inputs, and smaller ones: with each free size in turn, and with all together, made 1 and 0.
  package var inputsOfAllSizes: [(name: String, inputs: [Tensor<Double>])] {
    let sizes = Set(inputs.flatMap(\.shape)).subtracting([0, 1]).intersection(freeSizes).sorted()
    let groups = sizes.map { [$0] } + (sizes.count > 1 ? [sizes] : [])
    return [("as recorded", inputs)]
      + groups.flatMap { group in
        [1, 0].map { size in
          ("\(group) made \(size)", inputs.map { cut($0, group, to: size) })
        }
      }
  }

  private func cut(_ x: Tensor<Double>, _ sizes: [Int], to size: Int) -> Tensor<Double> {
    let view = x.shape.indices.filter { sizes.contains(x.shape[$0]) }.reduce(x) { $0.sliced(along: $1, 0..<size) }
    return Tensor(view.scalars, shape: view.shape)
  }
}

/// Stands for any size.
package let anySize = Array(2...9)

/// `x²`, to give a linear operation a second derivative.
package func squared<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x * x }

/// `x³`, for the same reason.
package func cubed<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x * x * x }
