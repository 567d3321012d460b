import Tensor
import Testing
import _TestSupport

@Suite struct SortingTests {
  private let mixed = Tensor<Double>([3, .nan, 1, 3, -1, .infinity])

  @Test func orderIsStableAndNaNIsGreatest() {
    expectEqual(mixed.argsorted().scalars, [4, 2, 0, 3, 5, 1])
    expectEqual(mixed.argsorted(descending: true).scalars, [1, 5, 0, 3, 2, 4])
    expectEqual(Labels([2, 1, 2, 1]).argsorted(descending: true).scalars, [0, 2, 1, 3])
    expectEqual(Tensor<Bool>([true, false, true]).argsorted().scalars, [1, 0, 2])
    expectEqual(Tensor<UInt8>([9, 200, 3]).sorted().scalars, [3, 9, 200])
    expectEqual(Tensor<Double>([0.0, -0.0]).argsorted().scalars, [0, 1])
  }

  @Test(arguments: [2, 16, 17, 33, 1000]) func agreesWithTheStandardLibrary(_ count: Int) {
    var generator = RandomGenerator(seed: UInt64(count))
    let x = (0..<3 * count).map { _ in Int(generator.next() % 50) }
    let columns = Labels(x, shape: [count, 3])
    let order = columns.argsorted(along: 0)
    for column in 0..<3 {
      let values = columns.select(along: 1, column).scalars
      let expected = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
      expectEqual(order.select(along: 1, column).scalars, expected)
      let down = values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }
      expectEqual(columns.transposed().argsorted(descending: true)[column].scalars, down)
    }
    let floats = columns.cast(to: Float.self)
    expectEqual(floats.argsorted(along: 0).scalars, order.scalars)
    expectEqual(floats.sorted(along: 0).scalars, columns.sorted(along: 0).scalars.map { Float($0) })
  }

  @Test func topOfRows() {
    let (values, indices) = Tensor<Double>([[1, 5, 5, 2], [4, 3, 2, 1]]).topK(2)
    expectEqual(values.scalars, [5, 5, 4, 3])
    expectEqual(indices.scalars, [1, 2, 0, 1])
    let smallest = mixed.topK(2, smallest: true)
    expectEqual(smallest.values.scalars, [-1, 1])
    expectEqual(smallest.indices.scalars, [4, 2])
    #expect(mixed.topK(1).values.item.isNaN)
    expectEqual(Labels([3, 9, 4]).topK(2).values.scalars, [9, 4])
  }

  @Test(arguments: [0, 1, 5, 30, 64, 65, 300]) func topAgreesWithTheOrder(_ k: Int) {
    var generator = RandomGenerator(seed: UInt64(k))
    let x = (Tensor<Double>.uniform([300, 2], in: 0..<40, using: &generator)).cast(to: Int.self).cast(to: Double.self)
    let y = x.replacing(with: .nan, where: x .== 7)
    for smallest in [false, true] {
      let expected = y.argsorted(along: 0, descending: !smallest)[0..<k]
      expectEqual(y.topK(k, along: 0, smallest: smallest).indices.scalars, expected.scalars)
      expectEqual(y.transposed().topK(k, smallest: smallest).indices.scalars, expected.transposed().scalars)
    }
  }

  @Test func distinctElements() {
    let (values, inverse, counts) = Labels([[7, 2, 7], [-1, 2, 7]]).unique()
    expectEqual(values.scalars, [-1, 2, 7])
    expectEqual(counts.scalars, [1, 2, 3])
    expectEqual(inverse.shape, [2, 3])
    expectEqual(inverse.scalars, [2, 1, 2, 0, 1, 2])
    let floats = Tensor<Float>([[.nan, 1], [1, .nan]]).transposed().unique()
    expectEqual(floats.counts.scalars, [2, 1, 1])
    expectEqual(floats.values.isNaN.scalars, [false, true, true])
    expectEqual(Tensor<Bool>([true, true]).unique().values.scalars, [true])
    expectEqual(Tensor<UInt8>([200, 1, 200]).unique().counts.scalars, [1, 2])
  }

  @Test func tooManyTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>([1, 2]).topK(3)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("topK: 3 elements along axis 0 of [2]"))
  }
}
