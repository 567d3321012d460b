import Tensor
import Testing
import _TestSupport

@Suite struct OrderStatisticsTests {
  private let mixed = Tensor<Double>([3, 1, .nan, 5, 0])

  @Test func cumulativeExtremes() {
    let (values, indices) = Labels([[1, 3, 3, 2], [4, 0, 4, 9]]).cumulativeMax(along: 1)
    expectEqual(values.scalars, [1, 3, 3, 3, 4, 4, 4, 9])
    expectEqual(indices.scalars, [0, 1, 2, 2, 0, 0, 2, 3])
    expectEqual(Labels([[1, 3], [0, 4]]).transposed().cumulativeMin(along: 1).values.scalars, [1, 0, 3, 3])
    let (extremes, places) = mixed.cumulativeMin(along: 0)
    expectEqual(extremes.isNaN.scalars, [false, false, true, true, true])
    expectEqual(places.scalars, [0, 1, 2, 2, 2])
    expectEqual(Tensor<Float>.zeros([0, 2]).cumulativeMax(along: 0).values.shape, [0, 2])
  }

  @Test func extremesOnAllThreads() {
    var generator = RandomGenerator(seed: 1)
    let x = Labels.uniform([300, 500], in: -1000..<1000, using: &generator)
    let values = x.cumulativeMax(along: 1).values
    let first = x[7].scalars
    expectEqual(values[7].scalars, first.indices.map { first[...$0].max()! })
  }

  @Test func mediansAndQuantiles() {
    #expect(mixed.median().item.isNaN && mixed.quantile(0.2).item.isNaN)
    expectEqual(Labels([[5, 1, 3, 2], [9, 9, 0, 0]]).median(along: 1).scalars, [2, 0])
    expectEqual(Tensor<Double>([[4, 1], [2, 3]]).median().item, 2)
    expectEqual(Tensor<Float>(3).median().item, 3)
    let x = Tensor<Double>([[4, 1, 2], [8, 0, 2]])
    expectEqual(x.median(along: 1, keepsAxes: true).shape, [2, 1])
    expectEqual(x.median(along: 0).scalars, [4, 0, 2])
    expectEqual(x.quantile(0.5, along: 0).scalars, [6, 0.5, 2])
    expectEqual(x.quantile(1).item, 8)
    expectEqual(x.quantile(0).item, 0)
    #expect(x.quantile([0, 0.75], along: 1).scalars == [1, 0, 3, 5] && x.quantile([0.5]).shape == [1])
    expectEqual(x.quantile([0, 1], along: 1, keepsAxes: true).shape, [2, 2, 1])
  }

  @Test func modes() {
    let (values, indices) = Labels([[3, 1, 3, 1, 2], [0, 7, 7, 0, 7]]).mode()
    expectEqual(values.scalars, [1, 7])
    expectEqual(indices.scalars, [3, 4])
    expectEqual(Labels([[3, 1], [3, 2]]).mode(along: 0, keepsAxes: true).values.scalars, [3, 1])
    #expect(
      Tensor<Double>([.nan, 2, .nan, 2]).mode().values.item == 2 && Tensor<Double>([.nan]).mode().values.item.isNaN)
    let slope = gradient(at: Tensor<Double>([5, 2, 2])) { $0.mode().values.sum() }
    expectEqual(slope.scalars, [0, 0, 1])
  }

  @Test(arguments: [0, 1, 2, 7, 100]) func searchAgreesWithCounting(_ size: Int) {
    var generator = RandomGenerator(seed: UInt64(size))
    let rows = Labels.uniform([3, size], in: 0..<20, using: &generator).sorted()
    let values = Labels.uniform([3, 50], in: -1..<21, using: &generator)
    let (before, after) = (rows.searchSorted(values), rows.searchSorted(values, afterEqual: true))
    for row in 0..<3 {
      let elements = rows[row].scalars
      expectEqual(before[row].scalars, values[row].scalars.map { value in elements.filter { $0 < value }.count })
      expectEqual(after[row].scalars, values[row].scalars.map { value in elements.filter { $0 <= value }.count })
    }
    expectEqual(rows[0].searchSorted(values.transposed()).scalars, rows[0].searchSorted(values).transposed().scalars)
  }

  @Test func searchPutsNaNLast() {
    let row = Tensor<Double>([1, 2, .nan])
    expectEqual(row.searchSorted(Tensor([3, .nan, .infinity])).scalars, [2, 2, 2])
    expectEqual(row.searchSorted(Tensor([.nan]), afterEqual: true).item, 3)
    expectEqual(Tensor<UInt8>([1, 200]).searchSorted(Tensor<UInt8>(201)).item, 2)
  }

  @Test func histograms() {
    let (counts, edges) = Tensor<Float>([1, .nan, 2, 2, 5, -1]).histogram(bins: 2, in: 1...3)
    expectEqual(counts.scalars, [1, 2])
    expectEqual(edges.scalars, [1, 2, 3])
    expectEqual(Tensor<Double>([2, 2]).histogram(bins: 2).edges.scalars, [1.5, 2, 2.5])
    expectEqual(Tensor<Double>([2, 2]).histogram(bins: 2).counts.scalars, [0, 2])
    expectEqual(Tensor<Double>([]).histogram(bins: 3, in: 0...1).counts.scalars, [0, 0, 0])
    #expect(
      Labels([]).bincount().shape == [0]
        && Labels([[1, 4], [1, 1]]).transposed().bincount().scalars == [0, 3, 0, 0, 1])
  }

  @Test func closeness() {
    let x = Tensor<Double>([1, .infinity, .nan, 1e-9])
    #expect(x.isClose(to: x).scalars == [true, true, false, true] && x.allClose(to: x, equalNaN: true))
    #expect(
      !Tensor<Double>([1]).allClose(to: Tensor([.infinity]))
        && !Tensor<Double>([-.infinity]).allClose(to: Tensor(.infinity)))
    #expect(Tensor<Double>([100]).allClose(to: [100.0009]) && !Tensor<Double>([100]).allClose(to: [100.0011]))
    #expect(Tensor<Double>([0]).allClose(to: [1e-8]) && !Tensor<Double>([0]).allClose(to: [2e-8]))
    #expect(Tensor<Float>([[1, 1]]).allClose(to: Tensor(1.05), relativeTolerance: 0.1))
  }
}
