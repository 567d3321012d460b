import Tensor
import Testing
import _TestSupport

/// Tensors of `Int`, `UInt8` and `Bool`: exact, in any layout, without a detour through floating-point numbers.
@Suite struct IntegerTests {
  private let x: Labels = [[1, -2, 3], [4, 5, -6]]
  private let bytes: Tensor<UInt8> = [[250, 5, 7], [0, 255, 7]]
  private let mask: Tensor<Bool> = [[true, false, false], [true, true, false]]
  /// 2⁵³: the next integer is no `Double`.
  private let large = 1 << 53

  @Test func arithmetic() {
    expectEqual((x + Labels([10, 20, 30])).scalars, [11, 18, 33, 14, 25, 24])
    expectEqual((x - x.flipped(along: 1)).scalars, [-2, 0, 2, 10, 0, -10])
    expectEqual((x.transposed() * Labels([2, 3])).scalars, [2, 12, -4, 15, 6, -18])
    expectEqual((-x).scalars, (0 - x).scalars)
    expectEqual((x * 2 + 1).scalars, (1 + 2 * x).scalars)
    expectEqual((Labels([large]) + 1 - 1).scalars, [large])
    expectEqual((Labels([large]) * 3).scalars, [3 * large])
    expectEqual((bytes - 0).scalars, bytes.scalars)
    expectEqual((bytes.sliced(along: 1, 1...) * 1).scalars, [5, 7, 255, 7])
    var y = x
    y += 1
    y *= 2
    y -= x
    expectEqual(y.scalars, [3, 0, 5, 6, 7, -4])
    y -= 1
    y += x
    y *= x
    expectEqual(y.scalars, [3, 6, 21, 36, 55, 66])
  }

  @Test func arithmeticOf32Bits() async {
    let y = x.cast(to: Int32.self)
    expectEqual((y * 2 + y.flipped(along: 1)).scalars, [5, -6, 7, 2, 15, -8])
    expectEqual((-y).scalars, [-1, 2, -3, -4, -5, 6])
    expectEqual((y / 2).scalars, [0, -1, 1, 2, 2, -3])
    expectEqual((y % 4).scalars, [1, -2, 3, 0, 1, -2])
    expectEqual(floorDivide(y, Tensor(4)).scalars, [0, -1, 0, 1, 1, -2])
    #expect(remainder(y, Tensor(4)).scalars == [1, 2, 3, 0, 1, 2] && maximum(y, Tensor(2)).scalars[1] == 2)
    expectEqual(Tensor<Int32>([.max, .max]).sum().item, 2 * Int(Int32.max))
    expectEqual(y.max(along: 1).scalars, [3, 5])
    expectEqual(y.sorted(along: 1).scalars, [-2, 1, 3, -6, 4, 5])
    expectEqual(y.argmin().item, 5)
    expectEqual((y .< 0).trueCount, 2)
    #expect(y.unique().values.scalars == [-6, -2, 1, 3, 4, 5] && x[Tensor<Int32>([1])].scalars == [4, 5, -6])
    #expect(y.transposed().cast(to: Float.self).scalars == [1, 4, -2, 5, 3, -6] && "\(y[0])" == "[ 1 -2  3]")
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Int32>([1, .max]) + 1
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("+: a result of [2] and [] does not fit Int32"))
    await #expect(processExitsWith: .failure) { _ = Labels([Int(Int32.max) + 1]).cast(to: Int32.self) }
    await #expect(processExitsWith: .failure) { _ = Tensor<Double>([3e9]).cast(to: Int32.self) }
  }

  @Test func inPlaceWithANumber() {
    var y = Tensor<Double>([1, 2])
    y += 1
    y *= 3
    y -= 2
    y /= 2
    expectEqual(y.scalars, [2, 3.5])
    expectEqual(
      gradient(at: Tensor<Double>([1, 2])) { x in
        var y = x; y *= 3; return y.sum()
      }.scalars, [3, 3])
  }

  @Test func extremes() {
    #expect(maximum(x, Labels(2)).scalars == [2, 2, 3, 4, 5, 2] && minimum(x, x.flipped(along: 0)).scalars[2] == -6)
    expectEqual(x.clamped(to: -1...3).scalars, [1, -1, 3, 3, 3, -1])
    expectEqual(x.clamped(to: 2...).scalars, [2, 2, 3, 4, 5, 2])
    expectEqual(x.clamped(to: ...0).scalars, [0, -2, 0, 0, 0, -6])
    expectEqual(bytes.clamped(to: 6...100).scalars, [100, 6, 7, 6, 100, 7])
    expectEqual(x.max().item, 5)
    expectEqual(x.min().item, -6)
    expectEqual(bytes.max(along: 0).scalars, [250, 255, 7])
    expectEqual(x.max(along: 1).scalars, [3, 5])
    expectEqual(x.transposed().min(along: 1).scalars, [1, -2, -6])
    expectEqual(x.max(along: [0, 1], keepsAxes: true).shape, [1, 1])
    expectEqual(x.min(along: 0, keepsAxes: true).shape, [1, 3])
    expectEqual(Labels([large, large + 1, large]).max().item, large + 1)
    expectEqual(bytes.min(along: []).scalars, bytes.scalars)
    let cube = Labels(Array(0..<24), shape: [2, 3, 4])
    #expect(cube.max(along: 0, 2).scalars == [15, 19, 23] && cube.min(along: [0, 2]).scalars == [0, 4, 8])
  }

  @Test func positionsOfExtremes() {
    expectEqual(x.argmax().item, 4)
    expectEqual(x.argmin().item, 5)
    expectEqual(x.argmax(along: 0).scalars, [1, 1, 0])
    expectEqual(x.argmin(along: 1).scalars, [1, 2])
    expectEqual(x.argmax(along: 1, keepsAxes: true).shape, [2, 1])
    #expect(Labels([.min, 3, .max, .max]).argmax().item == 2 && Labels([3, .min, .min]).argmin().item == 1)
    expectEqual(bytes.argmax(along: 1).scalars, [0, 1])
    expectEqual(mask.argmax(along: 0).scalars, [0, 1, 0])
    let numbers = Tensor<Double>([[1, 7, 3], [7, -2, -2]])
    expectEqual(numbers.argmax().item, 1)
    expectEqual(numbers.argmin().item, 4)
    expectEqual(numbers.argmax().shape, [])
    expectEqual(numbers.transposed().argmin().item, 3)
    expectEqual(numbers.argmax(keepsAxes: true).shape, [1, 1])
    #expect(Tensor<Float>(3).argmax().item == 0 && Tensor<Float>([[1, .nan], [3, .nan]]).argmin().item == 1)
  }

  @Test func sums() {
    #expect(x.sum().item == 5 && x.sum(along: 0).scalars == [5, 3, -3] && x.sum(along: [1]).scalars == [2, 3])
    expectEqual(x.transposed().sum(along: 0, keepsAxes: true).shape, [1, 2])
    expectEqual(x.sum(keepsAxes: true).shape, [1, 1])
    expectEqual(bytes.sum().item, 524)
    expectEqual(bytes.sum(along: 1).scalars, [262, 262])
    expectEqual(mask.sum().item, 3)
    expectEqual(mask.sum(along: 0).scalars, [2, 1, 0])
    expectEqual(mask.sum(along: [-1]).scalars, [1, 2])
    expectEqual((Labels([large, 1, -large])).sum().item, 1)
    expectEqual(Labels([]).sum().item, 0)
    expectEqual(Labels.zeros([0, 2]).sum(along: 0).scalars, [0, 0])
    let cube = Labels(Array(0..<24), shape: [2, 3, 4])
    expectEqual(cube.sum(along: 0, 2).scalars, [60, 92, 124])
    expectEqual(cube.sum(along: 0, 1, 2).item, 276)
  }

  @Test func comparisonsAreExact() {
    let (a, b) = (Labels([large, large + 1, large]), Labels([large + 1, large + 1, large - 1]))
    #expect((a .== b).scalars == [false, true, false] && (a .!= b).scalars == [true, false, true])
    expectEqual((a .< b).scalars, [true, false, false])
    expectEqual((a .<= b).scalars, [true, true, false])
    expectEqual((a .> b).scalars, [false, false, true])
    expectEqual((a .>= b).scalars, [false, true, true])
    expectEqual((a .== large + 1).scalars, [false, true, false])
    expectEqual((a .> large).trueCount, 1)
    #expect((bytes .== 7).trueCount == 2 && (bytes .!= bytes.flipped(along: 0)).trueCount == 4)
    expectEqual((bytes .< 6).trueCount, 2)
    expectEqual((bytes .>= 250).trueCount, 2)
    #expect((mask .== true).scalars == mask.scalars && (mask .!= mask.flipped(along: 0)).scalars[1])
  }

  @Test func logic() {
    let other: Tensor<Bool> = [true, true, false]
    expectEqual((mask .& other).scalars, [true, false, false, true, true, false])
    expectEqual((mask .| other).scalars, [true, true, false, true, true, false])
    expectEqual((.!mask).scalars, [false, true, true, false, false, true])
    expectEqual((mask.transposed() .& Tensor(true)).scalars, mask.transposed().scalars)
    #expect(mask.any(along: [1]).scalars == [true, true] && mask.all(along: [0, 1]).item == false)
    expectEqual(mask.all(keepsAxes: true).shape, [1, 1])
    expectEqual(mask.any(along: 0).scalars, [true, true, false])
    expectEqual(mask.transposed().all(along: 1).scalars, [true, false, false])
    expectEqual(mask.all(along: []).scalars, mask.scalars)
  }

  @Test func choosing() {
    expectEqual(Labels.where(mask, x, Labels(0)).scalars, [1, 0, 0, 4, 5, 0])
    expectEqual(x.replacing(with: 9, where: x .< 0).scalars, [1, 9, 3, 4, 5, 9])
    expectEqual(bytes.replacing(with: 1, where: mask).scalars, [1, 5, 7, 1, 1, 7])
    expectEqual(Tensor<Bool>.where(mask, .!mask, mask).scalars, Array(repeating: false, count: 6))
    expectEqual(x.masked(Labels([0, 2]), by: 7).scalars, [7, -2, 3, 4, 5, 7])
  }

  @Test func joining() {
    expectEqual(Labels.concatenated([x, x], along: 1).shape, [2, 6])
    expectEqual(Labels.concatenated([Labels([1]), Labels([2, 3])]).scalars, [1, 2, 3])
    expectEqual(Tensor<Bool>.stacked([mask, .!mask], along: 2).scalars.prefix(4), [true, false, false, true])
    expectEqual(Tensor<UInt8>.stacked([bytes[0], bytes[1]]).scalars, bytes.scalars)
    expectEqual(x.rolled(by: 1, along: 1).scalars, [3, 1, -2, -6, 4, 5])
    expectEqual(mask.rolled(by: -1, along: 0).scalars, [true, true, false, true, false, false])
    expectEqual(bytes.padded(along: 0, before: 1, after: 0).scalars, [0, 0, 0] + bytes.scalars)
    expectEqual(x.padded(along: 1, before: 0, after: 1, value: -1).scalars, [1, -2, 3, -1, 4, 5, -6, -1])
    #expect(mask.padded(along: 1, before: 1, after: 0, value: true).select(along: 1, 0).allTrue)
  }

  @Test func gatheringFromManyAxes() {
    let cube = Tensor<Double>(Labels(Array(0..<12), shape: [2, 2, 3]).cast(to: Double.self).scalars, shape: [2, 2, 3])
    let index = Labels([[2, 0], [1, 1]])
    expectEqual(cube.pick(index).shape, [2, 2])
    expectEqual(cube.pick(index).scalars, [2, 3, 7, 10])
    expectEqual(cube.masked(index, by: -1).scalars, [0, 1, -1, -1, 4, 5, 6, -1, 8, 9, -1, 11])
    #expect(Tensor<Double>([4, 5, 6]).pick(Labels(1)).item == 5 && x.pick(Labels([1, 0])).scalars == [-2, 4])
    let rows = index.oneHot(3, as: Float.self)
    expectEqual(rows.shape, [2, 2, 3])
    expectEqual(rows.scalars, [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0])
    expectEqual(Labels(2).oneHot(3, as: Double.self).scalars, [0, 0, 1])
    expectEqual(Labels([]).oneHot(3, as: Double.self).shape, [0, 3])
  }

  @Test func manyElementsOnAllThreads() {
    let count = 300_000
    let numbers = Labels.range(count).reshaped([300, 1000])
    expectEqual(numbers.sum().item, count * (count - 1) / 2)
    expectEqual(numbers.sum(along: 1)[299].item, (299_000..<300_000).reduce(0, +))
    expectEqual(numbers.max(along: 0)[7].item, 299_007)
    expectEqual(numbers.argmax().item, count - 1)
    #expect(((numbers * 2 - numbers) .== numbers).allTrue && (numbers.transposed() .== numbers.transposed()).allTrue)
  }

  @Test func resultsThatDoNotFitTrap() async {
    let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Labels([1, .max]) + 1
    }
    #expect(trapMessage(sum).contains("+: a result of [2] and [] does not fit Int"))
    let product = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<UInt8>([16]) * Tensor<UInt8>([16])
    }
    #expect(trapMessage(product).contains("*: a result of [1] and [1] does not fit UInt8"))
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = -Labels([.min])
    }
    #expect(trapMessage(negative).contains("-: a result of [] and [1] does not fit Int"))
    let total = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Labels([[1, .max]]).sum(along: 1)
    }
    #expect(trapMessage(total).contains("sum: a sum over axes [1] of [1, 2] does not fit Int"))
    #expect(trapMessage(total).contains("IntegerTests.swift:"))
  }

  @Test func misusesTrap() async {
    let shapes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = maximum(Labels([1, 2]), Labels([1, 2, 3]))
    }
    #expect(trapMessage(shapes).contains("maximum: [2] and [3] do not broadcast to one shape"))
    #expect(trapMessage(shapes).contains("IntegerTests.swift:"))
    let nothing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Labels([]).max()
    }
    #expect(trapMessage(nothing).contains("max: shape [0] has no elements along axes [0]"))
    let truths = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Bool>([true, false]) .& Tensor<Bool>([true, false, true])
    }
    #expect(trapMessage(truths).contains(".&: [2] and [3] do not broadcast to one shape"))
  }
}
