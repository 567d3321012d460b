import Tensor
import Testing
import _TestSupport

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

  @Test func comparisonsWithNumbers() {
    #expect((x .> 4).scalars == (x .> Tensor(4)).scalars && (x .>= 4).trueCount == 3 && (x .< 2).trueCount == 1)
    #expect((x .<= 2).trueCount == 2 && (x .== 3).trueCount == 1 && (x .!= 3).trueCount == 5)
    let labels = Labels([1, 2, 3])
    #expect((labels .> 1).trueCount == 2 && (labels .>= 1).allTrue && (labels .< 3).scalars == [true, true, false])
    #expect((labels .<= 1).trueCount == 1 && (labels .== 2).trueCount == 1 && (labels .!= 2).trueCount == 2)
    #expect((labels .< Labels([2, 2, 2])).scalars == [true, false, false])
  }

  @Test func openRanges() {
    #expect(x.sliced(along: 1, 1...).scalars == [2, 3, 5, 6] && x[1...].scalars == [4, 5, 6])
    #expect(x.sliced(along: 1, ...1).scalars == [1, 2, 4, 5] && x[..<1].scalars == [1, 2, 3])
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
