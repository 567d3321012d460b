import Tensor
import _TestSupport

extension GoldenOperations {
  /// The Swift operation for each subject of `subscripts.safetensors`; the cases of places are told apart by their name.
  static var subscripts: [String: Operation] {
    [
      "subscript": { $0[0].at($0.place) },
      "replacing_at": { $0[0].replacing($0.place, with: $0[1]) },
      "adding": { $0[0].adding($0[1], $0.place) },
      "replacing_row": { $0[0].replacing(at: .all, [-1, 0], with: $0[1]) },
      "adding_row": { $0[0].adding($0[1], at: [1, 1, 0], -1) },
      "jvp": { jvp(at: $0[0], along: $0[1], of: function).derivative },
      "vjp": { vjp(at: $0[0], of: function).pullback($0[1]) },
      "hvp": { hvp(at: $0[0], along: $0[1], of: number) },
      "jacobian": { jacobian(at: $0[0], of: function) },
      "hessian": { hessian(at: $0[0], of: number) },
      "jvp_of_two": { jvp(at: [$0[0], $0[1]], along: [$0[2], $0[3]], of: two).derivative },
      "hvp_of_two": { hvp(at: [$0[0], $0[1]], along: [$0[2], $0[3]]) { square(two($0)).sum() }[1] },
    ]
  }

  private static func function(_ x: Tensor<Scalar>) -> Tensor<Scalar> { (x * x.sum()).softmax(along: 0) * exp(x) }
  private static func number(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    (sin(x) * x.sum()).sum() + (x * x * x).product()
  }
  private static func two(_ pair: [Tensor<Scalar>]) -> Tensor<Scalar> {
    tanh(pair[0].matmul(pair[1].unsqueezed(1)).squeezed(1)) * log(pair[1]).sum()
  }
}

/// The places that `subscripts.py` has by the same names, in shape `[2, 3, 4]`.
private let places: [String: [any TensorIndex]] = {
  func place(_ places: any TensorIndex...) -> [any TensorIndex] { places }
  let index = Labels([2, -1, 0])
  let column = Labels([[1], [0]])
  let mask = Tensor<Bool>([[true, false, true], [false, false, true]])
  return [
    "position": place(1),
    "last": place(-1),
    "positions": place(1, 2),
    "range_position": place(0..<2, 1),
    "ellipsis": place(0, .ellipsis, 1..<3),
    "ellipsis_first": place(.ellipsis, -2),
    "ellipsis_third": place(0, -1, .ellipsis, .newAxis),
    "ranges": place(1..., ..<2, 1...3),
    "to_negative": place(..<(-1), (-2)..., .range(from: 1, to: -1)),
    "steps": place(.all, .range(by: 2), .range(from: 1, by: 2)),
    "new_axes": place(.newAxis, 0, .ellipsis, .newAxis),
    "index": place([-1, 0]),
    "index_second": place(.all, index),
    "index_matrix": place(.ellipsis, column),
    "index_pair": place(.all, index, index),
    "index_broadcast": place(column, index),
    "index_apart": place(column, .all, index),
    "index_position": place(0, .all, index),
    "index_new_axis": place([-1, 0], .newAxis, [-1, 0]),
    "index_range": place(1...1, index, .range(by: 3)),
    "mask": place(mask),
    "mask_later": place(0, mask[0], 1..<3),
    "mask_index": place(mask, [0, 1, -1]),
  ]
}()

extension Operands {
  fileprivate var place: [any TensorIndex] { places[String(golden.name.drop { $0 != "/" }.dropFirst())]! }
}

extension Tensor {
  fileprivate func at(_ places: [any TensorIndex]) -> Tensor {
    switch places.count {
    case 1: self[places[0]]
    case 2: self[places[0], places[1]]
    case 3: self[places[0], places[1], places[2]]
    default: self[places[0], places[1], places[2], places[3]]
    }
  }

  fileprivate func replacing(_ places: [any TensorIndex], with values: Tensor) -> Tensor {
    switch places.count {
    case 1: replacing(at: places[0], with: values)
    case 2: replacing(at: places[0], places[1], with: values)
    case 3: replacing(at: places[0], places[1], places[2], with: values)
    default: replacing(at: places[0], places[1], places[2], places[3], with: values)
    }
  }
}

extension Tensor where Scalar: TensorScalar {
  fileprivate func adding(_ values: Tensor, _ places: [any TensorIndex]) -> Tensor {
    switch places.count {
    case 1: adding(values, at: places[0])
    case 2: adding(values, at: places[0], places[1])
    case 3: adding(values, at: places[0], places[1], places[2])
    default: adding(values, at: places[0], places[1], places[2], places[3])
    }
  }
}
