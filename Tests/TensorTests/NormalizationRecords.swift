import Tensor
import _TestSupport

func normalizationRecords<S: TensorScalar>(_: S.Type) -> [OperationRecord<S>] {
  OperationRecords<S> { records in
    records.add("layerNormalized", [signedSample([2, 3, 4]), sample([4], seed: 2), sample([4], seed: 3)]) {
      cubed($0[0].layerNormalized(scale: $0[1], offset: $0[2]))
    }
    records.add(
      "layerNormalized, two axes", [signedSample([2, 3, 2]), sample([3, 2], seed: 2), sample([3, 2], seed: 3)]
    ) {
      cubed($0[0].layerNormalized(scale: $0[1], offset: $0[2]))
    }
    records.add("groupNormalized", [signedSample([2, 2, 3, 4]), sample([4], seed: 2), sample([4], seed: 3)]) {
      cubed($0[0].groupNormalized(2, scale: $0[1], offset: $0[2]))
    }
    records.add("instanceNormalized", [signedSample([2, 5, 2]), sample([2], seed: 2), sample([2], seed: 3)]) {
      cubed($0[0].instanceNormalized(scale: $0[1], offset: $0[2]))
    }
    records.add("dropout", [signedSample([3, 4])]) {
      var generator = RandomGenerator(seed: 5)
      return squared($0[0].dropout(0.4, using: &generator))
    }
  }.all
}
