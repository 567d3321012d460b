import Tensor
import Testing
import _TestSupport

@Suite struct SortingTests {
  private let mixed = Tensor<Double>([3, .nan, 1, 3, -1, .infinity])

  @Test func orderIsStableAndNaNIsGreatest() {
    #expect(mixed.argsorted().scalars == [4, 2, 0, 3, 5, 1])
    #expect(mixed.argsorted(descending: true).scalars == [1, 5, 0, 3, 2, 4])
    #expect(Labels([2, 1, 2, 1]).argsorted(descending: true).scalars == [0, 2, 1, 3])
    #expect(Tensor<Bool>([true, false, true]).argsorted().scalars == [1, 0, 2])
    #expect(Tensor<UInt8>([9, 200, 3]).sorted().scalars == [3, 9, 200])
    #expect(Tensor<Double>([0.0, -0.0]).argsorted().scalars == [0, 1])
  }

  @Test(arguments: [2, 16, 17, 33, 1000]) func agreesWithTheStandardLibrary(_ count: Int) {
    var generator = RandomGenerator(seed: UInt64(count))
    let x = (0..<3 * count).map { _ in Int(generator.next() % 50) }
    let columns = Labels(x, shape: [count, 3])
    let order = columns.argsorted(along: 0)
    for column in 0..<3 {
      let values = columns.select(along: 1, column).scalars
      let expected = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
      #expect(order.select(along: 1, column).scalars == expected)
      let down = values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }
      #expect(columns.transposed().argsorted(descending: true)[column].scalars == down)
    }
    let floats = columns.cast(to: Float.self)
    #expect(floats.argsorted(along: 0).scalars == order.scalars)
    #expect(floats.sorted(along: 0).scalars == columns.sorted(along: 0).scalars.map { Float($0) })
  }

  @Test func topOfRows() {
    let (values, indices) = Tensor<Double>([[1, 5, 5, 2], [4, 3, 2, 1]]).topK(2)
    #expect(values.scalars == [5, 5, 4, 3] && indices.scalars == [1, 2, 0, 1])
    let smallest = mixed.topK(2, smallest: true)
    #expect(smallest.values.scalars == [-1, 1] && smallest.indices.scalars == [4, 2])
    #expect(mixed.topK(1).values.item.isNaN)
    #expect(Labels([3, 9, 4]).topK(2).values.scalars == [9, 4])
  }

  @Test func distinctElements() {
    let (values, inverse, counts) = Labels([[7, 2, 7], [-1, 2, 7]]).unique()
    #expect(values.scalars == [-1, 2, 7] && counts.scalars == [1, 2, 3])
    #expect(inverse.shape == [2, 3] && inverse.scalars == [2, 1, 2, 0, 1, 2])
    let floats = Tensor<Float>([[.nan, 1], [1, .nan]]).transposed().unique()
    #expect(floats.counts.scalars == [2, 1, 1] && floats.values.isNaN.scalars == [false, true, true])
    #expect(Tensor<Bool>([true, true]).unique().values.scalars == [true])
    #expect(Tensor<UInt8>([200, 1, 200]).unique().counts.scalars == [1, 2])
  }

  @Test func tooManyTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>([1, 2]).topK(3)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("topK: 3 elements along axis 0 of [2]"))
  }
}

@Suite struct IndexingTests {
  private let x = Tensor<Double>([[1, 2, 3], [4, 5, 6]])

  @Test func elementsAlongAnAxis() {
    #expect(x.takeElements(Labels([[2], [0]]), along: 1).scalars == [3, 4])
    #expect(x.takeElements(Labels([[1, 0, 1]]), along: 0).scalars == [4, 2, 6])
    #expect(x.takeElements(Labels([[1]]), along: 0).scalars == [4, 5, 6])
    #expect(x.takeElements(x.argsorted(descending: true), along: 1).scalars == [3, 2, 1, 6, 5, 4])
    #expect(Tensor<Bool>([[true, false]]).takeElements(Labels([[1, 1]]), along: 1).scalars == [false, false])
  }

  @Test func slicesAlongAnAxis() {
    #expect(x.take(Labels([2, 2]), along: 1).scalars == [3, 3, 6, 6])
    #expect(x.take(Labels([[0], [1]]), along: 1).shape == [2, 2, 1])
    #expect(x.take(Labels([1]), along: 0).scalars == [4, 5, 6])
    #expect(Labels([[1, 2], [3, 4]]).take(Labels([1]), along: -1).scalars == [2, 4])
  }

  @Test func elementsOfAMask() {
    #expect(x.elements(where: x .> Tensor(2)).scalars == [3, 4, 5, 6])
    #expect(x.transposed().elements(where: x.transposed() .> Tensor(2)).scalars == [4, 5, 3, 6])
    #expect(Tensor<Double>(7).elements(where: Tensor<Bool>([true, false, true])).scalars == [7, 7])
    #expect(Labels([5, 6]).elements(where: Tensor<Bool>([false, true])).scalars == [6])
  }

  @Test func repeatedPositionsAddUp() {
    let sums = x.scatteredElements(Labels([[0, 0, 1], [3, 3, 3]]), along: 1, into: [2, 4])
    #expect(sums.scalars == [3, 3, 0, 0, 0, 0, 0, 15])
  }

  @Test func truthAlongAxes() {
    let mask = x .> Tensor(2)
    #expect(mask.any(along: 0).scalars == [true, true, true] && mask.all(along: 0).scalars == [false, false, true])
    #expect(mask.all(along: 1).scalars == [false, true] && mask.any(along: 0, 1).item && !mask.all(along: 0, 1).item)
    #expect(mask.any(along: -1, keepsAxes: true).shape == [2, 1] && mask.trueCount == 4)
    #expect(mask.transposed().all(along: 0).scalars == [false, true])
    #expect(Tensor<Bool>(shape: [0, 2]) { _ in }.all(along: 0).scalars == [true, true])
    #expect(Tensor<Bool>(shape: [0, 2]) { _ in }.any(along: 0).scalars == [false, false])
  }

  @Test func positionsOfExtremes() {
    #expect(x.argmin(along: 1).scalars == [0, 0] && x.argmax(along: 0, keepsAxes: true).shape == [1, 3])
    #expect(Tensor<Double>([2, 1, 1]).argmin(along: 0).item == 1)
    #expect(Tensor<Double>([2, .nan, -.infinity, .nan]).argmin(along: 0).item == 1)
    #expect(x.transposed().argmin(along: 0, keepsAxes: true).shape == [1, 2])
  }

  @Test func kindsOfNumbers() {
    let numbers = Tensor<Float>([1, .nan, .infinity, -.infinity])
    #expect(numbers.isNaN.scalars == [false, true, false, false])
    #expect(numbers.isInfinite.scalars == [false, false, true, true])
    #expect(numbers.isFinite.scalars == [true, false, false, false])
  }

  @Test func shapesOfIntegersAndTruths() {
    #expect(Labels([[1, 2], [3, 4]]).tiled([1, 2]).scalars == [1, 2, 1, 2, 3, 4, 3, 4])
    #expect(Labels([1, 2]).repeated(2, along: 0).scalars == [1, 1, 2, 2])
    #expect(Tensor<Bool>([[true], [false]]).flattened().scalars == [true, false])
    #expect(Labels.range(6).split(along: 0, sizes: [4, 2])[1].scalars == [4, 5])
    #expect(Tensor<Double>.range(from: 0, to: 5).rolled(by: 2, along: 0).scalars == [3, 4, 0, 1, 2])
    #expect(Tensor<Double>.zeros([2, 3, 4, 5]).movingAxis(1, to: 3).shape == [2, 4, 5, 3])
    #expect(Tensor<Double>.zeros([2, 3, 4, 5]).flattened(from: 1, through: 2).shape == [2, 12, 5])
    #expect(Tensor<Double>.zeros([2, 3]).tiled([0, 2]).shape == [0, 6])
  }

  @Test func positionsThatDoNotExistTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>([[1, 2]]).takeElements(Labels([[0, 2]]), along: 1)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("takeElements: no position 2 along axis 1 of size 2"))
    #expect(message.contains("SortingTests.swift"))
  }

  @Test func shapesThatDoNotFitTrap() async {
    let elements = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>([[1, 2]]).takeElements(Labels([0]), along: 1)
    }
    let elementsMessage = text(elements?.standardErrorContent)
    #expect(elementsMessage.contains("takeElements: index [1] does not fit [1, 2] along axis 1"))
    let split = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>([1, 2, 3]).split(along: 0, into: 2)
    }
    let splitMessage = text(split?.standardErrorContent)
    #expect(splitMessage.contains("split: axis 0 of [3] does not divide into 2 sections"))
    let tiles = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>([1, 2, 3]).tiled([2, 2])
    }
    let tilesMessage = text(tiles?.standardErrorContent)
    #expect(tilesMessage.contains("tiled: counts [2, 2] do not fit shape [3]"))
  }
}
