import Tensor
import Testing
import _TestSupport

@Suite struct IndexingTests {
  private let x = Tensor<Double>([[1, 2, 3], [4, 5, 6]])

  @Test func elementsAlongAnAxis() {
    expectEqual(x.takeElements(Labels([[2], [0]]), along: 1).scalars, [3, 4])
    expectEqual(x.takeElements(Labels([[1, 0, 1]]), along: 0).scalars, [4, 2, 6])
    expectEqual(x.takeElements(Labels([[1]]), along: 0).scalars, [4, 5, 6])
    expectEqual(x.takeElements(x.argsorted(descending: true), along: 1).scalars, [3, 2, 1, 6, 5, 4])
    expectEqual(Tensor<Bool>([[true, false]]).takeElements(Labels([[1, 1]]), along: 1).scalars, [false, false])
  }

  @Test func slicesAlongAnAxis() {
    expectEqual(x.take(Labels([2, 2]), along: 1).scalars, [3, 3, 6, 6])
    expectEqual(x.take(Labels([[0], [1]]), along: 1).shape, [2, 2, 1])
    expectEqual(x.take(Labels([1]), along: 0).scalars, [4, 5, 6])
    expectEqual(Labels([[1, 2], [3, 4]]).take(Labels([1]), along: -1).scalars, [2, 4])
  }

  @Test func elementsOfAMask() {
    expectEqual(x.elements(where: x .> Tensor(2)).scalars, [3, 4, 5, 6])
    expectEqual(x.transposed().elements(where: x.transposed() .> Tensor(2)).scalars, [4, 5, 3, 6])
    expectEqual(Tensor<Double>(7).elements(where: Tensor<Bool>([true, false, true])).scalars, [7, 7])
    expectEqual(Labels([5, 6]).elements(where: Tensor<Bool>([false, true])).scalars, [6])
  }

  @Test func repeatedPositionsAddUp() {
    let sums = x.scatteredElements(Labels([[0, 0, 1], [3, 3, 3]]), along: 1, into: [2, 4])
    expectEqual(sums.scalars, [3, 3, 0, 0, 0, 0, 0, 15])
  }

  @Test func truthAlongAxes() {
    let mask = x .> Tensor(2)
    expectEqual(mask.any(along: 0).scalars, [true, true, true])
    expectEqual(mask.all(along: 0).scalars, [false, false, true])
    #expect(mask.all(along: 1).scalars == [false, true] && mask.any(along: 0, 1).item && !mask.all(along: 0, 1).item)
    expectEqual(mask.any(along: -1, keepsAxes: true).shape, [2, 1])
    expectEqual(mask.trueCount, 4)
    expectEqual(mask.transposed().all(along: 0).scalars, [false, true])
    expectEqual(Tensor<Bool>(shape: [0, 2]) { _ in }.all(along: 0).scalars, [true, true])
    expectEqual(Tensor<Bool>(shape: [0, 2]) { _ in }.any(along: 0).scalars, [false, false])
  }

  @Test func positionsOfExtremes() {
    expectEqual(x.argmin(along: 1).scalars, [0, 0])
    expectEqual(x.argmax(along: 0, keepsAxes: true).shape, [1, 3])
    expectEqual(Tensor<Double>([2, 1, 1]).argmin(along: 0).item, 1)
    expectEqual(Tensor<Double>([2, .nan, -.infinity, .nan]).argmin(along: 0).item, 1)
    expectEqual(x.transposed().argmin(along: 0, keepsAxes: true).shape, [1, 2])
  }

  @Test func kindsOfNumbers() {
    let numbers = Tensor<Float>([1, .nan, .infinity, -.infinity])
    expectEqual(numbers.isNaN.scalars, [false, true, false, false])
    expectEqual(numbers.isInfinite.scalars, [false, false, true, true])
    expectEqual(numbers.isFinite.scalars, [true, false, false, false])
  }

  @Test func comparisonsWithNumbers() {
    expectEqual((x .> 4).scalars, (x .> Tensor(4)).scalars)
    expectEqual((x .>= 4).trueCount, 3)
    expectEqual((x .< 2).trueCount, 1)
    #expect((x .<= 2).trueCount == 2 && (x .== 3).trueCount == 1 && (x .!= 3).trueCount == 5)
    let labels = Labels([1, 2, 3])
    #expect((labels .> 1).trueCount == 2 && (labels .>= 1).allTrue && (labels .< 3).scalars == [true, true, false])
    #expect((labels .<= 1).trueCount == 1 && (labels .== 2).trueCount == 1 && (labels .!= 2).trueCount == 2)
    expectEqual((labels .< Labels([2, 2, 2])).scalars, [true, false, false])
  }

  @Test func openRanges() {
    #expect(x.sliced(along: 1, 1...).scalars == [2, 3, 5, 6] && x[1...].scalars == [4, 5, 6])
    expectEqual(x.sliced(along: 1, ...1).scalars, [1, 2, 4, 5])
    expectEqual(x[..<1].scalars, [1, 2, 3])
    #expect(x.sliced(along: -1, 1...2).scalars == [2, 3, 5, 6] && x[0...0].scalars == [1, 2, 3])
    #expect(x.sliced(along: 1, 0..., by: 2).scalars == [1, 3, 4, 6] && x[2...].shape == [0, 3])
  }

  @Test func rangesThatDoNotFitTrap() async {
    let behind = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>([1, 2])[3...]
    }
    let message = text(behind?.standardErrorContent)
    #expect(message.contains("subscript: 3... does not fit axis 0 of [2]"))
    await #expect(processExitsWith: .failure) { _ = Tensor<Double>([1, 2])[..<(-3)] }
    await #expect(processExitsWith: .failure) { _ = Tensor<Double>([1, 2])[...(-3)] }
    await #expect(processExitsWith: .failure) { _ = Tensor<Double>([1, 2])[...2] }
  }

  @Test func shapesOfIntegersAndTruths() {
    expectEqual(Labels([[1, 2], [3, 4]]).tiled([1, 2]).scalars, [1, 2, 1, 2, 3, 4, 3, 4])
    expectEqual(Labels([1, 2]).repeated(2, along: 0).scalars, [1, 1, 2, 2])
    expectEqual(Tensor<Bool>([[true], [false]]).flattened().scalars, [true, false])
    expectEqual(Labels.range(6).split(along: 0, sizes: [4, 2])[1].scalars, [4, 5])
    expectEqual(Tensor<Double>.range(from: 0, to: 5).rolled(by: 2, along: 0).scalars, [3, 4, 0, 1, 2])
    expectEqual(Tensor<Double>.zeros([2, 3, 4, 5]).movingAxis(1, to: 3).shape, [2, 4, 5, 3])
    expectEqual(Tensor<Double>.zeros([2, 3, 4, 5]).flattened(from: 1, through: 2).shape, [2, 12, 5])
    expectEqual(Tensor<Double>.zeros([2, 3]).tiled([0, 2]).shape, [0, 6])
  }

  @Test func positionsThatDoNotExistTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>([[1, 2]]).takeElements(Labels([[0, 2]]), along: 1)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("takeElements: no position 2 along axis 1 of size 2"))
    #expect(message.contains("IndexingTests.swift"))
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
