import Tensor
import Testing
import _TestSupport

/// Shapes that do not fit: every message names the operation and the shapes, methods also the caller's file.
@Suite struct ShapeTrapTests {
  @Test func matmulHintsAtATranspose() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3]).matmul(.ones([4, 3]))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("matmul: [2, 3] and [4, 3] do not multiply (3 ≠ 4); did you mean .transposed()?"))
    #expect(message.contains("ShapeTrapTests.swift"))
  }

  @Test func matmulHintsAtNothingThatWouldNotHelp() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3]).matmul(.ones([4, 5]))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("matmul: [2, 3] and [4, 5] do not multiply (3 ≠ 4)"))
    #expect(!message.contains("did you mean"))
  }

  @Test func moreAxesThanTheKernelsWalkTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor<Float>(Array(repeating: 1, count: 1 << 18), shape: Array(repeating: 2, count: 18))
      _ = x.permuted(Array((0..<18).reversed())).scalars
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("walks 18 axes that do not merge, more than 16"))
  }

  @Test func arithmeticNamesBothShapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3]) * .ones([2])
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("*: [2, 3] and [2] do not broadcast to one shape"))
  }

  @Test func reshapingNamesTheNumberOfElements() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3]).reshaped([4, -1])
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("reshaped: [2, 3] (6 elements) does not fit [4, 1]"))
    #expect(message.contains("ShapeTrapTests.swift"))
  }

  @Test func axesMustExist() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3]).sum(along: 2)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("sum: axes [2] do not fit shape [2, 3]"))
    #expect(message.contains("ShapeTrapTests.swift"))
  }

  @Test func axesMustNotRepeat() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3]).sum(along: 1, -1)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("sum: axes [1, -1] do not fit shape [2, 3]"))
  }

  @Test func positionsMustExist() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3])[2]
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("subscript: no position 2 along axis 0 of [2, 3]"))
    #expect(message.contains("ShapeTrapTests.swift"))
  }

  @Test func rangesMustFit() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3]).sliced(along: 1, 2..<5)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("sliced: 2..<5 by 1 does not fit axis 1 of [2, 3]"))
  }

  @Test func partsMustFitTogether() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.concatenated([Tensor<Float>.ones([2, 3]), .ones([2, 4])], along: 0)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("concatenated: [2, 4] does not fit [2, 3] along axis 0"))
  }

  @Test func labelsMustBeRows() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3]).take(Labels([0, -1]))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("take: no row -1 in shape [2, 3]"))
  }

  @Test func imagesMustHaveTheWeightsChannels() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([1, 3, 8, 8]).conv2d(.ones([4, 3, 3, 3]))
    }
    let message = text(result?.standardErrorContent)
    #expect(
      message.contains("conv2d: images [1, 3, 8, 8] [batch, height, width, channels] do not fit weight [4, 3, 3, 3]"))
    #expect(message.contains("ShapeTrapTests.swift"))
  }

  @Test func kernelsMustFitTheImages() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([1, 2, 2, 3]).conv2d(.ones([4, 3, 5, 5]))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("is larger than the padded images [1, 2, 2, 3]"))
  }

  @Test func scalarsMustFillTheShape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>([1, 2, 3], shape: [2, 2])
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("3 scalars do not fill shape [2, 2] (4 elements)"))
    #expect(message.contains("ShapeTrapTests.swift"))
  }

  @Test func shapesMustBeCountable() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.zeros([1 << 40, 1 << 40])
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("has a negative size or more elements than Int can count"))
  }

  @Test func itemNeedsOneElement() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>([1, 2]).item
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("item: a tensor of shape [2] has 2 elements, not one"))
  }

  @Test func theGreatestOfNothingTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.zeros([2, 0]).max(along: 1)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("max: shape [2, 0] has no elements along axes [1]"))
  }
}
