import Tensor
import _TestSupport

func distanceRecords<S: TensorScalar>(_: S.Type) -> [OperationRecord<S>] {
  OperationRecords<S> { records in
    records.add("squaredDistances", [signedSample([3, 4]), signedSample([2, 4], seed: 2)]) {
      squared($0[0].squaredDistances(to: $0[1]))
    }
    records.add("squaredDistances, batch", [signedSample([2, 3, 2]), signedSample([2, 2], seed: 2)]) {
      squared($0[0].squaredDistances(to: $0[1]))
    }
    records.add("squaredDistances to itself", [signedSample([3, 4])]) { squared($0[0].squaredDistances(to: $0[0])) }
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
  }.all
}
