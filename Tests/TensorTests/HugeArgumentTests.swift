import Tensor
import Testing
import _TestSupport

/// Arguments so large that sizes overflow `Int`: each ends in a message, never in a bare arithmetic trap.
@Suite struct HugeArgumentTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let body: @Sendable () -> Any
  }

  static let huge = Int.max
  static let images = Tensor<Float>.ones([1, 4, 4, 1])
  static let kernel = Tensor<Float>.ones([1, 1, 2, 2])
  static let sequences = Tensor<Float>.ones([1, 4, 1])
  static let row = Tensor<Float>.ones([2, 3])

  static let cases: [Case] = [
    .init(description: "conv2d, padding") { images.conv2d(kernel, padding: huge) },
    .init(description: "conv2d, dilation") { images.conv2d(kernel, dilation: huge) },
    .init(description: "conv1d, padding") { sequences.conv1d(.ones([1, 1, 2]), padding: huge) },
    .init(description: "convTransposed2d, stride") { images.convTransposed2d(kernel, stride: huge) },
    .init(description: "convTransposed2d, padding") { images.convTransposed2d(kernel, padding: huge) },
    .init(description: "convTransposed1d, padding") { sequences.convTransposed1d(.ones([1, 1, 2]), padding: huge) },
    .init(description: "maxPooled, size") { images.maxPooled(huge, padding: huge / 2) },
    .init(description: "averagePooled, padding") { images.averagePooled(2, padding: huge) },
    .init(description: "averagePooled1d, padding") { sequences.averagePooled1d(2, padding: huge) },
    .init(description: "adaptiveMaxPooled") { images.adaptiveMaxPooled(height: huge, width: huge) },
    .init(description: "upsampled, nearest") { images.upsampled(height: huge, width: 2) },
    .init(description: "upsampled, bilinear") { images.upsampled(height: huge, width: huge, .bilinear) },
    .init(description: "padded") { row.padded(along: 0, before: huge / 8, after: huge / 8) },
    .init(description: "tiled") { row.tiled([huge, 1]) },
    .init(description: "repeated") { row.repeated(huge, along: 0) },
    .init(description: "expanded") { Tensor<Float>(1).expanded(to: [huge, huge]) },
    .init(description: "reshaped") { row.reshaped([huge, huge]) },
    .init(description: "reshaped, unknown size") { row.reshaped([huge / 2, huge / 2, -1]) },
    .init(description: "array of a shape") { Tensor<Float>([1], shape: [huge / 2, huge / 2]) },
    .init(description: "range") { Tensor<Double>.range(from: 0, to: 1e300) },
    .init(description: "split") { row.split(along: 0, sizes: [huge, huge]) },
    .init(description: "sliced, closed range") { row.sliced(along: 0, 0...huge) },
    .init(description: "sliced, partial range") { row.sliced(along: 0, ...huge) },
    .init(description: "sliced") { row.sliced(along: 0, huge - 1..<huge) },
    .init(description: "zeros") { Tensor<Float>.zeros([huge, 2]) },
    .init(description: "eye") { Tensor<Float>.eye(huge) },
    .init(description: "oneHot") { Labels([0, 1]).oneHot(huge, as: Float.self) },
    .init(description: "diagonalMatrix") { Tensor<Float>.ones([2]).diagonalMatrix(offset: huge) },
    .init(description: "topK") { row.topK(huge, along: 0) },
    .init(description: "scatteredRows") { row.scatteredRows([0, 1], into: [huge, huge]) },
    .init(description: "outer") {
      let wide = Tensor<Float>(1).expanded(to: [huge / 2])
      return wide.outer(wide)
    },
    .init(description: "normal") {
      var generator = RandomGenerator(seed: 0)
      return Tensor<Float>.normal([huge, 4], using: &generator)
    },
  ]

  @Test(arguments: cases.map(\.description)) func endsInAMessage(name: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [name] in
      _ = HugeArgumentTests.cases.first { $0.description == name }!.body()
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("Fatal error: "), "\(name): \(message.prefix(300))")
    #expect(!message.contains("Fatal error: Not enough bits"))
    #expect(!message.contains("arithmetic overflow"))
    #expect(!message.contains("Swift runtime failure"))
  }

  /// Shifts and triangles take any amount.
  @Test func amountsWithoutBounds() {
    let x = Tensor<Float>([[1, 2], [3, 4]])
    expectEqual(x.rolled(by: Int.min, along: 0).scalars, [1, 2, 3, 4])
    expectEqual(x.rolled(by: Int.max, along: 0).scalars, [3, 4, 1, 2])
    expectEqual(x.upperTriangle(diagonal: Int.max).scalars, [0, 0, 0, 0])
    expectEqual(x.upperTriangle(diagonal: Int.min).scalars, [1, 2, 3, 4])
    expectEqual(x.lowerTriangle(diagonal: Int.max).scalars, [1, 2, 3, 4])
    expectEqual(x.sliced(along: 0, 0..<2, by: Int.max).scalars, [1, 2])
    expectEqual(Tensor<Float>([], shape: [0, 1 << 40, 1 << 40]).count, 0)
    expectEqual(x.diagonal(offset: Int.min).count, 0)
    expectEqual(x.averagePooledOnce.scalars, [2.5])
    expectEqual(Tensor<Float>.zeros([1 << 40, 0, 1 << 40]).count, 0)
  }
}

extension Tensor<Float> {
  /// One window, so that the stride does not matter.
  fileprivate var averagePooledOnce: Tensor { reshaped([1, 2, 2, 1]).averagePooled(2, stride: Int.max) }
}
