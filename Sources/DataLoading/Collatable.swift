import Tensor

/// What is put together by itself where samples become a batch.
///
/// A tuple of such parts becomes a tuple of what each becomes: `(Tensor<Float>, Int)` samples a `(Tensor<Float>, Labels)` batch.
public protocol Collatable: Sendable {
  /// What some samples become.
  associatedtype Collated

  /// The samples of a batch together, in order.
  static func collated(_ samples: [Self]) -> Collated
}

extension Tensor: Collatable {
  /// The tensors stacked along a new first axis; traps unless all have one shape.
  public static func collated(_ samples: [Tensor]) -> Tensor { .stacked(samples, along: 0) }
}

extension Int: Collatable {
  /// The numbers, such as classes, as a vector.
  public static func collated(_ samples: [Int]) -> Labels { Labels(samples) }
}

extension Float: Collatable {
  /// The numbers as a vector.
  public static func collated(_ samples: [Float]) -> Tensor<Float> { Tensor(samples) }
}

extension Double: Collatable {
  /// The numbers as a vector.
  public static func collated(_ samples: [Double]) -> Tensor<Double> { Tensor(samples) }
}

extension String: Collatable {
  /// The texts as they are.
  public static func collated(_ samples: [String]) -> [String] { samples }
}

/// The samples of a batch together, part by part: tensors are stacked, numbers become a vector.
///
/// Traps where tensors of one part differ in shape.
public func collated<each Part: Collatable>(_ samples: [(repeat each Part)]) -> (repeat (each Part).Collated) {
  let columns = (repeat Column<each Part>())
  for sample in samples { repeat (each columns).values.append(each sample) }
  return (repeat (each Part).collated((each columns).values))
}

/// One part of all samples.
private final class Column<Part> {
  var values: [Part] = []
}
