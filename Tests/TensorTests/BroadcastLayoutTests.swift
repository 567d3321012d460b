import Tensor
import Testing
import _TestSupport

extension OperationTests {
  /// Records whose first axis is a batch: what they do to one sample does not depend on the others.
  static let batchwise = records.filter { record in
    let family =
      elementwiseRecords(Double.self).all + convolutionRecords(Double.self).all + poolingRecords(Double.self).all
    let images = ["conv2d", "maxPooled", "averagePooled", "layerNormalized", "groupNormalized", "instanceNormalized"]
    let rows = ["normalized", "softmax"].contains(record.name)
    return rows || family.contains { $0.name == record.name } || images.contains { record.name.hasPrefix($0) }
  }

  /// One sample alone, and none, at the end of the batch as at its beginning.
  @Test(arguments: batchwise) func batchesMayBeSmall(_ record: OperationRecord<Double>) {
    let whole = record.body(record.inputs)
    let size = record.inputs[0].shape[0]
    for range in [0..<1, size - 1..<size, 1..<1] {
      var inputs = record.inputs
      inputs[0] = inputs[0][range]
      expectLess(difference(record.body(inputs), whole[range]), 1e-13)
      let gradients = valueWithGradient(at: inputs, allowsUnused: true) { record.body($0).sum() }.gradient
      expectEqual(gradients.map(\.shape), inputs.map(\.shape))
      if range.isEmpty { #expect(gradients.allSatisfy { ($0 .== 0).allTrue }) }
    }
  }

  /// Each input in turn as one row that is seen many times, against the same numbers in memory of their own.
  @Test(arguments: records) func repeatedRowsDoNotMatter(_ record: OperationRecord<Double>) {
    for (index, input) in record.inputs.enumerated() where input.rank > 0 && input.count > 0 {
      let view = input.sliced(along: 0, 0..<1).expanded(to: input.shape)
      var (repeated, plain) = (record.inputs, record.inputs)
      repeated[index] = view
      plain[index] = Tensor(view.scalars, shape: view.shape)
      expectLess(difference(record.body(repeated), record.body(plain)), 1e-13)
      let actual = valueWithGradient(at: repeated) { record.body($0).sum() }
      let expected = valueWithGradient(at: plain, allowsUnused: true) { record.body($0).sum() }
      for (a, b) in zip(actual.gradient, expected.gradient) { expectLess(difference(a, b), 1e-12) }
    }
  }
}
