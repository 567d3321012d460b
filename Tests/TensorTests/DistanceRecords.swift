import Tensor
import _TestSupport

func distanceRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = anySize
    records.add("squaredDistances", [signedSample([3, 4]), signedSample([2, 4], seed: 2)]) {
      squared($0[0].squaredDistances(to: $0[1]))
    }
    records.add("squaredDistances, batch", [signedSample([2, 3, 2]), signedSample([2, 2], seed: 2)]) {
      squared($0[0].squaredDistances(to: $0[1]))
    }
    records.add("squaredDistances to itself", [signedSample([3, 4])]) { squared($0[0].squaredDistances(to: $0[0])) }
    records.add("squaredDistances of near rows", [signedSample([3, 4])]) {
      ($0[0] * $0[0]).squaredDistances(to: $0[0] * $0[0] + 0.0625) * $0[0].sum()
    }
    records.freeSizes = []
    records.add(
      "squaredDistances of near rows, batch", [signedSample([2, 2, 3]), signedSample([1, 2, 3], seed: 2) * 0.02]
    ) {
      squared($0[0].squaredDistances(to: $0[0][0] + $0[1]))
    }
    records.add("distances of near rows", [signedSample([3, 4]), signedSample([2, 4], seed: 2) * 0.1]) {
      $0[0].distances(to: $0[0][0..<2] + $0[1])
    }
    records.freeSizes = anySize
    records.add("distances", [signedSample([3, 4]), signedSample([2, 4], seed: 2)]) { $0[0].distances(to: $0[1]) }
    records.add("cosineSimilarities", [signedSample([3, 4]), signedSample([2, 4], seed: 2)]) {
      $0[0].cosineSimilarities(to: $0[1])
    }
    records.add("cosineSimilarities, tall", [signedSample([5, 2]), signedSample([2, 2], seed: 2)]) {
      squared($0[0].cosineSimilarities(to: $0[1]))
    }
    records.add("cosineSimilarities to itself", [signedSample([3, 4])]) { squared($0[0].cosineSimilarities(to: $0[0])) }
    records.add("cosineSimilarities, batch", [signedSample([2, 3]), signedSample([2, 2, 3], seed: 2)]) {
      $0[0].cosineSimilarities(to: $0[1])
    }

    records.addError("squaredDistances", "squaredDistances: rows of [2, 3] and [4, 2] do not fit") {
      zeros(2, 3).squaredDistances(to: zeros(4, 2))
    }
    records.addError("distances", "distances: rows of [2, 3] and [3] do not fit; both need [..., rows, dimensions]") {
      zeros(2, 3).distances(to: zeros(3))
    }
    records.addError("cosineSimilarities", "cosineSimilarities: rows of [2, 3] and [4, 2] do not fit") {
      zeros(2, 3).cosineSimilarities(to: zeros(4, 2))
    }
  }
}
