import Tensor
import _TestSupport

func normalizationRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = [2, 3]
    records.add("layerNormalized", [signedSample([2, 3, 4]), sample([4], seed: 2), sample([4], seed: 3)]) {
      cubed($0[0].layerNormalized(scale: $0[1], offset: $0[2]))
    }
    records.freeSizes = []
    records.add(
      "layerNormalized, two axes", [signedSample([2, 3, 2]), sample([3, 2], seed: 2), sample([3, 2], seed: 3)]
    ) {
      cubed($0[0].layerNormalized(scale: $0[1], offset: $0[2]))
    }
    records.add("groupNormalized", [signedSample([2, 2, 3, 4]), sample([4], seed: 2), sample([4], seed: 3)]) {
      cubed($0[0].groupNormalized(2, scale: $0[1], offset: $0[2]))
    }
    records.freeSizes = [5]
    records.add("instanceNormalized", [signedSample([2, 5, 2]), sample([2], seed: 2), sample([2], seed: 3)]) {
      cubed($0[0].instanceNormalized(scale: $0[1], offset: $0[2]))
    }
    records.freeSizes = anySize
    records.add("dropout", [signedSample([3, 4])]) {
      var generator = RandomGenerator(seed: 5)
      return squared($0[0].dropout(0.4, using: &generator))
    }

    records.addError(
      "batchNormalized", "batchNormalized: [4, 3] [..., channels] does not fit scale [2] and offset [2]"
    ) { zeros(4, 3).batchNormalized(scale: zeros(2), offset: zeros(2)) }
    records.addError(
      "layerNormalized", "layerNormalized: [2, 3] does not end in the shape of scale [2] and offset [2]"
    ) { zeros(2, 3).layerNormalized(scale: zeros(2), offset: zeros(2)) }
    records.addError("groupNormalized", "groupNormalized: [2, 3] [batch, ..., channels] does not fit 2 groups") {
      zeros(2, 3).groupNormalized(2, scale: zeros(3), offset: zeros(3))
    }
    records.addError(
      "instanceNormalized", "instanceNormalized: [2, 3] [batch, ..., channels] does not fit scale [2] and offset [2]"
    ) { zeros(2, 3).instanceNormalized(scale: zeros(2), offset: zeros(2)) }
    records.addError("channelAffine", "channelAffine: [2, 3] [..., channels] does not fit scale [2] and offset [3]") {
      zeros(2, 3).channelAffine(scale: zeros(2), offset: zeros(3))
    }
    records.addError("channelAffine", "channelAffine: [2, 3] does not fit an addend of shape [3]") {
      zeros(2, 3).channelAffine(scale: zeros(3), offset: zeros(3), adding: zeros(3))
    }
    records.addError("batchNormalized", "batchNormalized: [2, 3] does not fit an addend of shape [3]") {
      zeros(2, 3).batchNormalized(scale: zeros(3), offset: zeros(3), adding: zeros(3))
    }
    records.addError("dropout", "dropout: 1.5 is not in 0...1") {
      var generator = RandomGenerator(seed: 1)
      return zeros(2).dropout(1.5, using: &generator)
    }
  }
}
