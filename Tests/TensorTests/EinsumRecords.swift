import Tensor
import _TestSupport

func einsumRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = anySize
    records.add("dot", [sample([3]), sample([3], seed: 2)]) { $0[0].dot($0[1]) }
    records.add("outer", [sample([3]), sample([2], seed: 2)]) { $0[0].outer($0[1]) }
    records.add("einsum, matrices", [sample([2, 3]), sample([3, 4], seed: 2)]) { einsum("ij,jk->ik", $0[0], $0[1]) }
    records.add("einsum, batches", [sample([2, 2, 3]), sample([2, 3, 2], seed: 2)]) {
      einsum("bij,bjk->bik", $0[0], $0[1])
    }
    records.add("einsum, implicit output", [sample([2, 3]), sample([2, 4], seed: 2)]) {
      einsum("ji, jk", $0[0], $0[1])
    }
    records.add("einsum, elementwise", [sample([2, 3]), sample([3, 2], seed: 2)]) { einsum("ij,ji->ij", $0[0], $0[1]) }
    records.add("einsum, products of rows", [sample([2, 3]), sample([2, 3], seed: 2)]) {
      einsum("ij,ij->i", $0[0], $0[1])
    }
    records.add("einsum, outer", [sample([2]), sample([3], seed: 2)]) { einsum("i,j->ji", $0[0], $0[1]) }
    records.add("einsum, two summed indices", [sample([2, 3, 2]), sample([3, 2, 4], seed: 2)]) {
      einsum("aij,ijb->ab", $0[0], $0[1])
    }
    records.add("einsum, index of one operand summed", [sample([2, 3]), sample([3, 4], seed: 2)]) {
      einsum("ij,jk->i", $0[0], $0[1])
    }
    records.add("einsum, trace", [sample([3, 3])]) { squared(einsum("ii", $0[0])) }
    records.add("einsum, diagonal", [sample([2, 3, 3])]) { squared(einsum("bii->bi", $0[0])) }
    records.add("einsum, index thrice", [sample([2, 2, 2])]) { squared(einsum("iii->i", $0[0])) }
    records.add("einsum, permuted", [sample([2, 3, 4])]) { squared(einsum("ijk->kij", $0[0])) }
    records.add("einsum, sum", [sample([2, 3])]) { squared(einsum("ij->", $0[0])) }
    records.add("einsum, three operands", [sample([3]), sample([2, 3], seed: 2), sample([2], seed: 3)]) {
      einsum("j,ij,i", $0[0], $0[1], $0[2])
    }
    records.add("einsum, bilinear", [sample([2, 3]), sample([4, 3, 2], seed: 2), sample([2, 2], seed: 3)]) {
      einsum("bi,oij,bj->bo", $0[0], $0[1], $0[2])
    }

    records.addError("einsum", "einsum: \"ij,jk\" with [[2, 3], [4, 3]]: j has sizes 3 and 4") {
      einsum("ij,jk", zeros(2, 3), zeros(4, 3))
    }
    records.addError("einsum", "einsum: \"ij->ik\" with [[2, 3]]: no operand has the output's k") {
      einsum("ij->ik", zeros(2, 3))
    }
    records.addError("einsum", "einsum: \"i\" with [[2, 3]]: i does not name each axis of [2, 3] once") {
      einsum("i", zeros(2, 3))
    }
  }
}
