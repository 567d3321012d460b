import Tensor
import _TestSupport

func orderStatisticsRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = anySize
    records.add("cumulativeMax", [sample([2, 3, 4])]) { squared($0[0].cumulativeMax(along: 1).values) }
    records.add("cumulativeMin along the last axis", [sample([2, 5])]) {
      squared($0[0].cumulativeMin(along: -1).values)
    }
    records.freeSizes = [2]
    records.add("median", [sample([2, 4, 3])]) { squared($0[0].median(along: 1)) }
    records.add("median, kept", [sample([2, 5])]) { $0[0].median(along: 1, keepsAxes: true) * $0[0] }
    records.add("quantile", [sample([2, 4, 3])]) { squared($0[0].quantile(0.3, along: 1)) }
    records.add("quantile, several", [sample([2, 5])]) { squared($0[0].quantile([0.2, 0.6, 1], along: -1)) }
    records.add("mode", [sample([2, 4, 3])]) { squared($0[0].mode(along: 1).values) }
    records.freeSizes = []
    records.add("median()", [sample([2, 3])]) { $0[0].median() * $0[0] }
    records.add("quantile()", [sample([2, 3])]) { $0[0].quantile(0.7, keepsAxes: true) * $0[0] }

    records.addError("cumulativeMax", "cumulativeMax: axes [-3] do not fit shape [2, 3]") {
      zeros(2, 3).cumulativeMax(along: -3)
    }
    records.addError("cumulativeMin", "cumulativeMin: axes [-3] do not fit shape [2, 3]") {
      zeros(2, 3).cumulativeMin(along: -3)
    }
    records.addError("median", "median: shape [2, 0] has no elements along axes [1]") { zeros(2, 0).median(along: 1) }
    records.addError("quantile", "quantile: shares [1.5] outside 0...1") { zeros(2, 3).quantile(1.5) }
    records.addError("quantile", "quantile: no shares") { zeros(2, 3).quantile([]) }
    records.addError("mode", "mode: shape [2, 0] has no elements along axes [1]") { zeros(2, 0).mode() }
    records.addError("searchSorted", "searchSorted: rows [2, 3] and values [3, 2] do not fit") {
      zeros(2, 3).searchSorted(zeros(3, 2))
    }
    records.addError("histogram", "histogram: [1] is no row of two edges or more") {
      zeros(3).histogram(edges: zeros(1))
    }
    records.addError("histogram", "histogram: 0 is not a number of intervals") { zeros(3).histogram(bins: 0) }
    records.addError("histogram", "histogram: shape [0] has no elements and so no range") {
      zeros(0).histogram(bins: 2)
    }
    records.addError("histogram", "histogram: a range that is not finite") {
      Tensor<Float>([1, .nan]).histogram(bins: 2)
    }
    records.addError("bincount", "bincount: -1 cannot be counted up to") { Labels([0, -1]).bincount() }
    records.addError("multinomial", "multinomial: fewer than 2 positive weights in a row") {
      var generator = RandomGenerator(seed: 0)
      return Labels.multinomial(Tensor<Float>([[1, 1, 1], [0, 1, 0]]), count: 2, using: &generator)
    }
    records.addError("multinomial", "multinomial: weights that are negative or not finite") {
      var generator = RandomGenerator(seed: 0)
      return Labels.multinomial(Tensor<Float>([1, -1]), count: 1, withReplacement: true, using: &generator)
    }
    records.addError("uniform", "uniform: no integers in 3..<3") {
      var generator = RandomGenerator(seed: 0)
      return Labels.uniform([2], in: 3..<3, using: &generator)
    }
  }
}
