/// A gradient that differs from the numeric one.
public struct GradientCheckError: Error, CustomStringConvertible {
  /// 1 for the gradient, 2 for the gradient of the gradient, and so on.
  public let order: Int
  /// Which argument the gradient is for, from 0.
  public let argument: Int
  /// What the argument is called in messages: its number, or the name of a parameter.
  public internal(set) var name: String
  /// Which element of the argument, in row-major order.
  public let element: Int
  /// What automatic differentiation gives.
  public let analytic: Double
  /// What finite differences give.
  public let numeric: Double
  /// Where the check was called.
  public let (file, line): (StaticString, UInt)

  /// One line that names the caller, order, argument, element and both numbers.
  public var description: String {
    let isNear = abs(analytic - numeric) < 1e-3 * abs(analytic)
    return "\(file):\(line): gradient of order \(order) for element \(element) of \(name): "
      + "automatic \(analytic), numeric \(numeric)" + (isNear ? "; they are near: try a smaller step" : "")
  }

  /// The same of an argument with a name.
  package func named(_ name: String) -> GradientCheckError {
    var other = self
    other.name = name
    return other
  }
}

/// Compares the gradients of a function with finite differences, up to an order.
///
/// `body` may return any shape; its elements are weighted at random and summed. Finite differences use five points, so
/// the arguments must stay further than `2·step·max(1, |x|)` from kinks. Derivatives must agree to
/// `tolerance · max(1, |derivative|)`; otherwise `GradientCheckError` is thrown. Traps for less than one order, and for a
/// function that gives two results at one point, as dropout does in training.
///
/// ```swift
/// try gradientCheck(at: [embeddings, proxies]) { loss($0[0], $0[1]) }
/// ```
public func gradientCheck(
  at arguments: [Tensor<Double>], orders: Int = 2, step: Double = 1e-3, tolerance: Double = 1e-6,
  seed: UInt64 = 0, file: StaticString = #fileID, line: UInt = #line,
  of body: @escaping ([Tensor<Double>]) -> Tensor<Double>
) throws {
  require(orders >= 1, "gradientCheck: \(orders) is no number of orders", file: file, line: line)
  var generator = RandomGenerator(seed: seed)
  func weighted(_ result: Tensor<Double>, _ weights: inout Tensor<Double>?) -> Tensor<Double> {
    if weights == nil { weights = .uniform(result.shape, in: 0.5..<1.5, using: &generator) }
    return (result * weights!).sum()
  }
  let (once, again) = withoutRecording { (body(arguments), body(arguments)) }
  require(
    zip(once.scalars, again.scalars).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) },
    "gradientCheck: the function gives two results at one point: what draws random numbers has to be in evaluation",
    file: file, line: line)
  var weights: Tensor<Double>?
  var function = { (x: [Tensor<Double>]) in weighted(body(x), &weights) }
  for order in 1...orders {
    if let (argument, element, analytic, numeric) = difference(
      function, at: arguments, step: step, tolerance: tolerance)
    {
      throw GradientCheckError(
        order: order, argument: argument, name: "argument \(argument)", element: element, analytic: analytic,
        numeric: numeric, file: file, line: line)
    }
    let previous = function
    var next = [Tensor<Double>?](repeating: nil, count: arguments.count)
    function = { x in
      let gradients = valueWithGradient(at: x, allowsUnused: true, of: previous).gradient
      return gradients.indices.map { weighted(gradients[$0], &next[$0]) }.reduce(Tensor(0), +)
    }
  }
}

/// Compares the gradients of a function of one tensor with finite differences, up to second order.
///
/// Without a point, one of shape `[2, 3]` drawn uniformly from 0.5..<1.5 is used. Traps for less than one order.
///
/// ```swift
/// try gradientCheck { (x: Tensor<Double>) in exp(x).sum() }
/// ```
public func gradientCheck(
  at point: Tensor<Double>? = nil, orders: Int = 2, step: Double = 1e-3, tolerance: Double = 1e-6, seed: UInt64 = 0,
  file: StaticString = #fileID, line: UInt = #line, of body: @escaping (Tensor<Double>) -> Tensor<Double>
) throws {
  var generator = RandomGenerator(seed: seed &+ 1)
  let point = point ?? .uniform([2, 3], in: 0.5..<1.5, using: &generator)
  try gradientCheck(
    at: [point], orders: orders, step: step, tolerance: tolerance, seed: seed, file: file, line: line
  ) { body($0[0]) }
}

/// The first element whose derivatives differ, with both.
private func difference(
  _ function: ([Tensor<Double>]) -> Tensor<Double>, at arguments: [Tensor<Double>], step: Double, tolerance: Double
) -> (argument: Int, element: Int, analytic: Double, numeric: Double)? {
  let analytic = valueWithGradient(at: arguments, allowsUnused: true, of: function).gradient.map(\.scalars)
  for (argument, point) in arguments.enumerated() {
    let scalars = point.scalars
    for element in scalars.indices {
      let h = step * max(1, abs(scalars[element]))
      func value(_ steps: Double) -> Double {
        var moved = scalars
        moved[element] += steps * h
        var all = arguments
        all[argument] = Tensor(moved, shape: point.shape)
        return withoutRecording { function(all) }.item
      }
      let numeric = (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * h)
      let exact = analytic[argument][element]
      if !(abs(numeric - exact) <= tolerance * max(1, abs(exact))) { return (argument, element, exact, numeric) }
    }
  }
  return nil
}
