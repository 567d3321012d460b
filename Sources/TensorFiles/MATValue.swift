import Tensor

/// The value of a variable in a MATLAB file.
///
/// A shape has at least two axes. Cells and structures are listed as MATLAB counts them, down the columns first.
public enum MATValue: Sendable {
  /// Numbers of any of MATLAB's types, exactly; truth values are 0 and 1.
  case numbers(Tensor<Double>)
  /// Text, one for each row.
  case text([String])
  /// A cell array.
  case cells([MATValue], shape: [Int])
  /// An array of structures: for each field its value in every structure.
  case structures([String: [MATValue]], shape: [Int])

  /// The number, where the value is a single one.
  public var number: Double? {
    guard case .numbers(let numbers) = self, numbers.count == 1 else { return nil }
    return numbers.item
  }

  /// The text, where the value is one row of it; empty text has no rows in MATLAB, and is one here.
  public var string: String? {
    guard case .text(let rows) = self, rows.count <= 1 else { return nil }
    return rows.first ?? ""
  }

  /// What kind of value it is, for messages.
  var kind: String {
    switch self {
    case .numbers(let numbers): "numbers of shape \(numbers.shape)"
    case .text(let rows): "text of \(rows.count) rows"
    case .cells(_, let shape): "cells of shape \(shape)"
    case .structures(_, let shape): "structures of shape \(shape)"
    }
  }
}
