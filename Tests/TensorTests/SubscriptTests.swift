import Testing
import _TestSupport

@testable import Tensor

@Suite struct SubscriptTests {
  private let x = Tensor<Double>((0..<24).map(Double.init), shape: [2, 3, 4])

  @Test func viewsShareTheirStorage() {
    let views = [
      x[0], x[-1], x[1, 2], x[0..<1], x[..., 1], x[0, ..., 1..<3], x[0, 1, ..., .newAxis], x[.newAxis], x[...],
      x[.range(by: -1)], x[1..., ...1, ..<(-1)], x[.all, (-2)..., .range(from: 1, to: -1)], x[1, 2, 3],
    ]
    for view in views { #expect(view.array.storage === x.array.storage) }
    #expect(x[[0]].array.storage !== x.array.storage)
  }

  @Test func positionsAndRanges() {
    expectEqual(x[1, 2, 3].item, 23)
    expectEqual(x[-1, -1, -1].item, 23)
    expectEqual(x[-2, -3, -4].item, 0)
    expectEqual(x[0, ..., 1..<3].scalars, [1, 2, 5, 6, 9, 10])
    #expect(x[..., 0].shape == [2, 3] && x[0, ..., 0].scalars == [0, 4, 8] && x[0, 1, ...].scalars == [4, 5, 6, 7])
    #expect(
      x[0, 0, 1...].scalars == [1, 2, 3] && x[0, 0, 1...2].scalars == [1, 2] && x[0, 0, ...1].scalars == [0, 1])
    #expect(x[0, 0, ..<1].scalars == [0] && x[0, 0, 4...].shape == [0] && x[0, 0, 2..<2].shape == [0])
    #expect(x[0, 0, ..<(-1)].scalars == [0, 1, 2] && x[0, 0, ...(-1)].scalars == [0, 1, 2, 3])
    #expect(x[0, 0, (-2)...].scalars == [2, 3] && x[0, 0, -3..<(-1)].scalars == [1, 2])
    expectEqual(x[0, 0, -3...(-1)].scalars, [1, 2, 3])
    expectEqual(x[.all, 0, 0].scalars, [0, 12])
  }

  @Test func steps() {
    let y = x[0, 0]
    expectEqual(y[.range(by: 2)].scalars, [0, 2])
    expectEqual(y[.range(from: 1, by: 2)].scalars, [1, 3])
    expectEqual(y[.range(from: 1, to: -1)].scalars, [1, 2])
    expectEqual(y[.range(to: 3, by: 2)].scalars, [0, 2])
    expectEqual(y[.range(by: -1)].scalars, [3, 2, 1, 0])
    expectEqual(y[.range(from: 2, to: 0, by: -1)].scalars, [2, 1])
    expectEqual(y[.range(from: -2, by: -2)].scalars, [2, 0])
    expectEqual(y[.range(from: 1, to: 3, by: -1)].shape, [0])
    expectEqual(y[.range(by: .max)].scalars, [0])
    expectEqual(y[.range(by: .min)].scalars, [3])
    #expect(y[0..<0][.range(by: -1)].shape == [0] && y[0..<0][.range(by: 3)].shape == [0])
  }

  @Test func newAxes() {
    expectEqual(x[.newAxis].shape, [1, 2, 3, 4])
    expectEqual(x[..., .newAxis].shape, [2, 3, 4, 1])
    expectEqual(x[0, .newAxis, 1..<3].shape, [1, 2, 4])
    expectEqual(x[.all, .newAxis, 0].shape, [2, 1, 4])
    expectEqual(Tensor<Float>(3)[.newAxis, ..., .newAxis].shape, [1, 1])
    expectEqual(Tensor<Float>(3)[...].item, 3)
  }

  @Test func masksAndIndices() {
    expectEqual(x[x .> 20].scalars, [21, 22, 23])
    expectEqual(x[x .> 99].shape, [0])
    expectEqual(x[Tensor<Bool>([false, true])].shape, [1, 3, 4])
    expectEqual(x[1, Tensor<Bool>([true, false, true]), 0].scalars, [12, 20])
    #expect(x[[1, 0, -1], 0, 0].scalars == [12, 0, 12] && x[Labels([[1], [0]])].shape == [2, 1, 3, 4])
    // Neighbours stay in their place; what is apart goes to the front.
    #expect(x[.all, [0, 1, 2], [0, 1, 2]].shape == [2, 3] && x[[0, 1], .all, [2, 3]].shape == [2, 3])
    expectEqual(x[[0, 1], .all, [2, 3]].scalars, [2, 6, 10, 15, 19, 23])
    #expect(x[.all, .range(by: 2), [0, 0, 1]].shape == [2, 2, 3] && x[..., [0, 3]].shape == [2, 3, 2])
    expectEqual(x[Labels([]), 0].shape, [0, 4])
  }

  @Test func anyElementType() {
    let labels = Labels([[1, 2, 3], [4, 5, 6]])
    expectEqual(labels[..., -1].scalars, [3, 6])
    expectEqual(labels[labels .> 4].scalars, [5, 6])
    expectEqual(labels.replacing(at: 1, with: Labels([7, 8, 9])).scalars, [1, 2, 3, 7, 8, 9])
    let bytes = Tensor<UInt8>([1, 2, 3])
    expectEqual(bytes.replacing(at: [2, 0], with: Tensor<UInt8>([9, 8])).scalars, [8, 2, 9])
    let truths = Tensor<Bool>([true, false, true])
    expectEqual(truths.replacing(at: 0, with: false).scalars, [false, false, true])
    expectEqual(truths.replacing(at: [1, 2], with: Tensor<Bool>([true, false])).scalars, [true, true, false])
  }

  @Test func replacingLeavesTheRestAsItIs() {
    let numbers = Tensor<Double>([.nan, -0.0, .infinity, 1])
    let changed = numbers.replacing(at: 3, with: Tensor(2))
    #expect(changed[0].item.isNaN && changed[1].item.sign == .minus && changed[2].item == .infinity)
    #expect(changed[3].item == 2 && numbers[3].item == 1)
    let slope = gradient(at: numbers) { $0.replacing(at: 0, with: 5)[..<2].sum() }
    expectEqual(slope.scalars, [0, 1, 0, 0])
  }

  @Test func placesThatAreNamedTwiceAddUp() {
    let slope = gradient(at: x) { $0[[0, 0, 1], 1].sum() }
    expectEqual(slope[.all, 1, 0].scalars, [2, 1])
    expectEqual(slope.sum().item, 12)
    expectEqual(Tensor<Double>.zeros([3]).adding(Tensor([1, 2, 3]), at: [2, 0, 2]).scalars, [2, 0, 4])
  }

  @Test func positionsTrapAtTheCaller() async {
    let line = #line + 1
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3])[0, ..., 1..<4]
    }
    let message = trapMessage(result)
    #expect(message.contains("subscript: 1..<4 does not fit axis 1 of [2, 3]"))
    #expect(message.contains("SubscriptTests.swift:\(line):"))
  }
}
