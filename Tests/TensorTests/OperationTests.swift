import Testing
import _TestSupport

@testable import Tensor

/// The generic checks that every operation record goes through.
@Suite struct OperationTests {
  static func families<S: TensorScalar>(_ scalar: S.Type) -> [OperationRecords<S>] {
    [
      einsumRecords(scalar), triangleRecords(scalar), distanceRecords(scalar), decompositionRecords(scalar),
      convolutionRecords(scalar), poolingRecords(scalar), normalizationRecords(scalar),
      arithmeticRecords(scalar), elementwiseRecords(scalar), functionRecords(scalar), orderStatisticsRecords(scalar),
      unfoldingRecords(scalar), fourierRecords(scalar),
      reductionRecords(scalar), shapeRecords(scalar),
      indexingRecords(scalar), subscriptRecords(scalar), linearRecords(scalar), imageRecords(scalar),
      tapeRecords(scalar),
    ]
  }

  static let records = families(Double.self).flatMap(\.all)
  static let floatRecords = families(Float.self).flatMap(\.all)
  static let errors = families(Double.self).flatMap(\.errors) + misuses

  @Test(arguments: records)
  func gradientsAgreeWithFiniteDifferences(_ record: OperationRecord<Double>) throws {
    try gradientCheck(at: record.inputs, orders: record.orders, of: record.body)
  }

  /// In any layout the same, for tensors without elements and with one, too, where the operation takes them.
  @Test(arguments: records)
  func layoutsDoNotMatter(_ record: OperationRecord<Double>) {
    for (sizes, plain) in record.inputsOfAllSizes {
      let expected = valueWithGradient(at: plain, allowsUnused: true) { record.body($0).sum() }
      let value = record.body(plain)
      expectEqual(expected.gradient.map(\.shape), plain.map(\.shape), "\(sizes)")
      for index in plain.indices {
        for (name, tensor) in layouts(of: plain[index]) {
          var inputs = plain
          inputs[index] = tensor
          expectLess(difference(record.body(inputs), value), 1e-13, "\(name), \(sizes)")
          let actual = valueWithGradient(at: inputs, allowsUnused: true) { record.body($0).sum() }
          for (a, b) in zip(actual.gradient, expected.gradient) {
            expectLess(difference(a, b), 1e-12, "\(name), \(sizes)")
          }
        }
      }
    }
  }

  /// The check above means little if few operations take small tensors.
  @Test func mostOperationsAreTriedOnSmallTensors() {
    let small = Self.records.filter { $0.inputsOfAllSizes.count > 1 }
    #expect(small.count * 4 > Self.records.count * 3)
  }

  @Test(arguments: zip(records, floatRecords))
  func floatAgreesWithDouble(_ record: OperationRecord<Double>, _ float: OperationRecord<Float>) {
    let inputs = record.inputs.map { $0.cast(to: Float.self) }
    let expected = record.body(inputs.map { $0.cast(to: Double.self) })
    expectLess(difference(float.body(inputs).cast(to: Double.self), expected), 1e-5)
  }

  /// In a process of its own for each, found again by its position.
  @Test(arguments: errors.indices)
  func aMisuseTrapsAndSaysWhy(_ index: Int) async {
    let record = Self.errors[index]
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent], "\(record)") {
      [index] in
      _ = try OperationTests.errors[index].body()
    }
    let message = trapMessage(result)
    #expect(message.contains(record.message), "\(record)")
    if let caller = record.caller { #expect(message.contains("\(caller):"), "\(record)") }
  }

  /// A check that cannot fail proves nothing: with the gradient scaled, the finite differences must disagree.
  @Test(arguments: records)
  func aWrongGradientIsFound(_ record: OperationRecord<Double>) {
    if record.body(record.inputs).count == 0 { return }
    #expect(throws: GradientCheckError.self) {
      try gradientCheck(at: record.inputs, orders: 1) { inputs in
        record.body(inputs.map { $0.withGradientScaled(by: 1.01) })
      }
    }
  }
}

extension Tensor where Scalar == Double {
  /// The same values with a wrong pullback.
  fileprivate func withGradientScaled(by factor: Double) -> Tensor {
    detached.recorded("mutation", (self, { g in g * factor }))
  }
}
