import Tensor
import Testing
import _TestSupport

extension OperationTests {
  /// Each input in turn as one row that is seen many times, against the same numbers in memory of their own.
  @Test(arguments: records) func repeatedRowsDoNotMatter(_ record: OperationRecord<Double>) {
    for (index, input) in record.inputs.enumerated() where input.rank > 0 && input.count > 0 {
      let view = input.sliced(along: 0, 0..<1).expanded(to: input.shape)
      var (repeated, plain) = (record.inputs, record.inputs)
      repeated[index] = view
      plain[index] = Tensor(view.scalars, shape: view.shape)
      #expect(difference(record.body(repeated), record.body(plain)) < 1e-13)
      let actual = valueWithGradient(at: repeated) { record.body($0).sum() }
      let expected = valueWithGradient(at: plain) { record.body($0).sum() }
      for (a, b) in zip(actual.gradient, expected.gradient) { #expect(difference(a, b) < 1e-12) }
    }
  }
}
