import Tensor
import _TestSupport

func triangleRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = anySize
    records.add("upperTriangle", [sample([2, 3, 4])]) { squared($0[0].upperTriangle()) }
    records.add("upperTriangle(diagonal: 1)", [sample([3, 3])]) { squared($0[0].upperTriangle(diagonal: 1)) }
    records.add("lowerTriangle", [sample([2, 4, 3])]) { squared($0[0].lowerTriangle()) }
    records.add("lowerTriangle(diagonal: -1)", [sample([3, 3])]) { squared($0[0].lowerTriangle(diagonal: -1)) }
    records.add("diagonal", [sample([2, 3, 4])]) { squared($0[0].diagonal()) }
    records.add("diagonal(offset: 1)", [sample([3, 3])]) { squared($0[0].diagonal(offset: 1)) }
    records.add("diagonal(offset: -2)", [sample([4, 3])]) { squared($0[0].diagonal(offset: -2)) }
    records.add("diagonal(offset: 4), empty", [sample([3, 3])]) { $0[0].diagonal(offset: 4) }
    records.add("trace", [sample([2, 3, 4])]) { squared($0[0].trace()) }
    records.add("diagonalMatrix", [sample([2, 3])]) { squared($0[0].diagonalMatrix()) }
    records.add("diagonalMatrix(offset: -1)", [sample([3])]) { squared($0[0].diagonalMatrix(offset: -1)) }

    for name in ["upperTriangle", "lowerTriangle", "diagonal", "trace"] {
      records.addError(name, "\(name): shape [3] has fewer than two axes") {
        switch name {
        case "upperTriangle": zeros(3).upperTriangle()
        case "lowerTriangle": zeros(3).lowerTriangle()
        case "diagonal": zeros(3).diagonal()
        default: zeros(3).trace()
        }
      }
    }
    records.addError("diagonalMatrix", "diagonalMatrix: a single number is no diagonal") { zeros().diagonalMatrix() }
  }
}
