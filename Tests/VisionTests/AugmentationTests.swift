import Foundation
import Tensor
import Testing
import _TestSupport

@testable import Vision

/// What torchvision makes of `picture(height:width:)`.
private struct AugmentationGoldens: Decodable {
  let adjustments: [String: [Float]]
  let operations: [String: [Float]]

  static func load() throws -> AugmentationGoldens {
    let file = Goldens.folder.appendingPathComponent("augmentations.json")
    return try JSONDecoder().decode(AugmentationGoldens.self, from: Data(contentsOf: file))
  }
}

@Suite struct AugmentationTests {
  private var generator = RandomGenerator(seed: 7)
  private let small = picture(height: 9, width: 11).unitPixels

  @Test func adjustsAsTorchvisionDoes() throws {
    let large = picture(height: 18, width: 21).unitPixels
    var narrow = small * 0.5 + 0.2
    narrow = narrow.replacing(at: .all, .all, 1, with: 0.3)
    let results: [String: Tensor<Float>] = [
      "brightness 0.6": ColorAdjustment.brightness(0.6)(small),
      "brightness 1.7": ColorAdjustment.brightness(1.7)(small),
      "contrast 0.6": ColorAdjustment.contrast(0.6)(small), "contrast 1.7": ColorAdjustment.contrast(1.7)(small),
      "saturation 0.6": ColorAdjustment.saturation(0.6)(small),
      "saturation 1.7": ColorAdjustment.saturation(1.7)(small), "hue 0.3": ColorAdjustment.hue(0.3)(small),
      "hue -0.45": ColorAdjustment.hue(-0.45)(small), "sharpness 0.2": ColorAdjustment.sharpness(0.2)(small),
      "sharpness 1.9": ColorAdjustment.sharpness(1.9)(small), "posterize 2": ColorAdjustment.posterize(2)(small),
      "posterize 5": ColorAdjustment.posterize(5)(small), "solarize 0.4": ColorAdjustment.solarize(0.4)(small),
      "rotation 33": Warp.rotation(33)(small), "rotation -75, 0.5": Warp.rotation(-75)(small, fill: 0.5),
      "equalize": ColorAdjustment.equalize(large), "autocontrast": ColorAdjustment.autoContrast(narrow),
    ]
    let goldens = try AugmentationGoldens.load().adjustments
    expectEqual(Set(goldens.keys), Set(results.keys))
    for (name, result) in results {
      let expected = try #require(goldens[name])
      expectLess(distance(result, Tensor(expected, shape: result.shape)), 1e-4, "\(name)")
    }
  }

  @Test func operationsAreTorchvisions() throws {
    let names: [RandAugment.Operation: String] = [
      .identity: "Identity", .shearX: "ShearX", .shearY: "ShearY", .translateX: "TranslateX", .translateY: "TranslateY",
      .rotate: "Rotate", .brightness: "Brightness", .color: "Color", .contrast: "Contrast", .sharpness: "Sharpness",
      .posterize: "Posterize", .solarize: "Solarize", .autoContrast: "AutoContrast", .equalize: "Equalize",
    ]
    let goldens = try AugmentationGoldens.load().operations
    var checked = 0
    for operation in RandAugment.Operation.allCases {
      let name = try #require(names[operation])
      let image = operation == .equalize ? picture(height: 18, width: 21).unitPixels : small
      for (isNegative, golden) in [(false, goldens[name]), (true, goldens[name + " -"])] {
        let result = RandAugment().apply(operation, isNegative: isNegative, to: image)
        let expected = try #require(golden ?? goldens[name])
        expectLess(distance(result, Tensor(expected, shape: image.shape)), 1e-4, "\(name) \(isNegative)")
        if golden != nil { checked += 1 }
      }
    }
    expectEqual(checked, goldens.count)
  }

  @Test mutating func randAugmentDrawsOperationsAndSigns() {
    expectEqual(distance(RandAugment(operations: 0)(small, using: &generator), small), 0)
    let single = RandAugment(operations: 1)
    let possible = RandAugment.Operation.allCases.flatMap { operation in
      [false, true].map { single.apply(operation, isNegative: $0, to: small) }
    }
    var seen = Set<Int>()
    for _ in 0..<400 {
      let result = single(small, using: &generator)
      seen.formUnion(possible.indices.filter { distance(possible[$0], result) == 0 })
    }
    expectEqual(seen.count, possible.count)
  }

  @Test mutating func jitterStaysInItsRangesAndVariesItsOrder() {
    let jitter = ColorJitter(brightness: 0.4, contrast: 1.5, saturation: 0.2, hue: 0.1)
    var orders = Set<String>()
    var (brightness, contrast, saturation, hue) = ([Float](), [Float](), [Float](), [Float]())
    for _ in 0..<1000 {
      var order = ""
      for adjustment in jitter.adjustments(using: &generator) {
        switch adjustment {
        case .brightness(let factor): (order, brightness) = (order + "b", brightness + [factor])
        case .contrast(let factor): (order, contrast) = (order + "c", contrast + [factor])
        case .saturation(let factor): (order, saturation) = (order + "s", saturation + [factor])
        case .hue(let turn): (order, hue) = (order + "h", hue + [turn])
        default: Issue.record("\(adjustment)")
        }
      }
      orders.insert(order)
    }
    expectEqual(orders.count, 24)
    for (drawn, range) in [
      (brightness, 0.6...1.4), (contrast, 0...2.5), (saturation, 0.8...1.2), (hue, -0.1...0.1 as ClosedRange<Float>),
    ] {
      let width = range.upperBound - range.lowerBound
      #expect(drawn.count == 1000 && drawn.allSatisfy(range.contains))
      #expect(drawn.min()! < range.lowerBound + 0.02 * width && drawn.max()! > range.upperBound - 0.02 * width)
    }
    #expect(ColorJitter().adjustments(using: &generator).isEmpty)
  }

  @Test mutating func jitterAppliesWhatItDraws() {
    let jitter = ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1)
    var copy = generator
    var expected = small
    for adjustment in jitter.adjustments(using: &copy) { expected = adjustment(expected) }
    expectEqual(distance(jitter(small, using: &generator), expected), 0)
    #expect(distance(small, expected) > 0.01)
  }

  @Test mutating func rotationsAreDrawnFromTheirRange() {
    var copy = generator
    let result = RandomRotation(degrees: 10...50, fill: 0.25)(small, using: &generator)
    expectEqual(distance(result, Warp.rotation(copy.uniform(in: 10...50))(small, fill: 0.25)), 0)
    expectEqual(RandomRotation(degrees: 30).degrees, -30...30)
    expectEqual(distance(RandomRotation(degrees: 0)(small, using: &generator), small), 0)
    let square = picture(height: 8, width: 8).unitPixels
    let turned = RandomRotation(degrees: 90...90)(square, using: &generator)
    expectEqual(distance(turned, square.permuted([1, 0, 2]).flipped(along: 0)), 0)
  }

  @Test mutating func erasingFillsOneRectangle() {
    let erasing = RandomErasing(probability: 1, value: -1)
    var shares: [Double] = []
    for _ in 0..<1000 {
      var copy = generator
      _ = copy.uniform()
      let part = erasing.part(height: 40, width: 50, using: &copy)
      guard let (rows, columns) = part else {
        Issue.record("no part fits")
        return
      }
      #expect((0...40).contains(rows.upperBound) && (0...50).contains(columns.upperBound))
      shares.append(Double(rows.count * columns.count) / 2000)
      let ratio = Double(rows.count) / Double(columns.count)
      #expect((0.25...3.9).contains(ratio))
      let image = Tensor<Float>.zeros([40, 50, 3])
      let result = erasing(image, using: &generator)
      let erased = result.sliced(along: 0, rows).sliced(along: 1, columns)
      expectEqual(erased.max().item, -1)
      expectEqual(result.sum().item, Float(-3 * rows.count * columns.count))
    }
    #expect(shares.min()! < 0.03 && shares.max()! > 0.31 && shares.allSatisfy { (0.01...0.36).contains($0) })
  }

  @Test mutating func erasesHalfOfThePictures() {
    let image = Tensor<Float>.ones([20, 20, 3])
    let erased = (0..<1000).count { _ in RandomErasing()(image, using: &generator).min().item == 0 }
    #expect((430...570).contains(erased))
    // Nothing fits into so few pixels, or has any.
    for side in 1...2 {
      for _ in 0..<100 {
        let result = RandomErasing(probability: 1)(Tensor.ones([side, side, 3]), using: &generator)
        expectEqual(result.shape, [side, side, 3])
      }
    }
  }

  /// Half the sides keep means and lose what is finer; all of them change nothing.
  @Test mutating func lowerResolutionsKeepTheShape() {
    let stripes = Tensor<Float>((0..<768).map { index in Float(index / 3 % 2) }, shape: [16, 16, 3])
    let coarse = RandomResolution(scale: 0.5...0.5)(stripes, using: &generator)
    expectEqual(coarse.shape, [16, 16, 3])
    expectLess(abs(Double(coarse.mean().item) - 0.5), 1e-3)
    expectLess(abs(coarse - 0.5).max().item, 0.3)
    expectEqual(abs(stripes - 0.5).min().item, 0.5)
    expectEqual(distance(RandomResolution(scale: 1...1)(small, using: &generator), small), 0)
  }

  @Test func equalGeneratorsGiveEqualPictures() {
    let pipeline = Pipeline([
      RandAugment(), ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1),
      RandomRotation(degrees: 20),
      Normalize(), RandomErasing(probability: 1),
    ])
    func result(seed: UInt64) -> Tensor<Float> {
      var generator = RandomGenerator(seed: seed)
      return pipeline(small, using: &generator)
    }
    expectEqual(result(seed: 1).shape, small.shape)
    expectEqual(distance(result(seed: 1), result(seed: 1)), 0)
    #expect(distance(result(seed: 1), result(seed: 2)) > 0.1)
  }

  @Test func nonsenseTraps() async {
    await #expect(processExitsWith: .failure) { _ = ColorJitter(brightness: -1) }
    await #expect(processExitsWith: .failure) { _ = ColorJitter(hue: 0.6) }
    await #expect(processExitsWith: .failure) { _ = RandomRotation(degrees: -1) }
    await #expect(processExitsWith: .failure) { _ = RandomErasing(probability: 2) }
    await #expect(processExitsWith: .failure) { _ = RandomErasing(scale: 0.5...1.5) }
    await #expect(processExitsWith: .failure) { _ = RandAugment(magnitude: 31) }
    await #expect(processExitsWith: .failure) { _ = RandomResolution(scale: 0.5...1.5) }
  }
}
