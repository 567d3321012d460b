import Tensor
import _TestSupport

func shapeRecords<S: TensorScalar>(_: S.Type) -> [OperationRecord<S>] {
  OperationRecords<S> { records in
    records.add("reshaped", [sample([2, 3, 4])]) { squared($0[0].reshaped([4, -1])) }
    records.add("permuted", [sample([2, 3, 4])]) { squared($0[0].permuted([2, 0, 1])) }
    records.add("transposed", [sample([2, 3, 4])]) { squared($0[0].transposed()) }
    records.add("expanded", [sample([2, 3, 4])]) {
      squared($0[0].sum(along: 1, keepsAxes: true).expanded(to: [5, 2, 3, 4]))
    }
    records.add("unsqueezed", [sample([2, 3, 4])]) { squared($0[0].unsqueezed(1)) }
    records.add("squeezed", [sample([2, 3, 4])]) { squared($0[0].sum(along: 1, keepsAxes: true).squeezed(1)) }
    records.add("sliced", [sample([2, 3, 4])]) { squared($0[0].sliced(along: 2, 1..<3)) }
    records.add("sliced by 2", [sample([2, 3, 4])]) { squared($0[0].sliced(along: 2, 0..<4, by: 2)) }
    records.add("sliced to nothing", [sample([2, 3, 4])]) { $0[0].sliced(along: 1, 1..<1) }
    records.add("accumulated, the pullback of a view", [sample([2, 3])]) { x in
      squared(gradient(at: x[0]) { cubed($0.sliced(along: 1, 1..<3)).sum() })
    }
    records.add("select", [sample([2, 3, 4])]) { squared($0[0].select(along: 1, 2)) }
    records.add("subscript", [sample([2, 3, 4])]) { squared($0[0][1]) }
    records.add("range subscript", [sample([2, 3, 4])]) { squared($0[0][0..<1]) }
    records.add("flipped", [sample([2, 3, 4])]) { squared($0[0].flipped(along: 1)) }
    records.add("padded", [sample([2, 3, 4])]) { squared($0[0].padded(along: 1, before: 1, after: 2, value: 3)) }
    records.add("concatenated", [sample([2, 3, 4])]) {
      squared(Tensor.concatenated([$0[0], $0[0] * 2, $0[0].sliced(along: 1, 0..<1)], along: 1))
    }
    records.add("stacked", [sample([2, 3, 4])]) { squared(Tensor.stacked([$0[0], $0[0] * $0[0]], along: 1)) }
    records.add("transposed(0, 2)", [sample([2, 3, 4])]) { squared($0[0].transposed(0, 2)) }
    records.add("movingAxis", [sample([2, 3, 4])]) { squared($0[0].movingAxis(0, to: -1)) }
    records.add("flattened", [sample([2, 3, 4])]) { squared($0[0].flattened()) }
    records.add("flattened from 1", [sample([2, 3, 4])]) { squared($0[0].flattened(from: 1)) }
    records.add("rolled", [sample([2, 3, 4])]) { squared($0[0].rolled(by: 1, along: 1)) }
    records.add("rolled back and around", [sample([2, 3])]) { squared($0[0].rolled(by: -5, along: -1)) }
    records.add("tiled", [sample([2, 3])]) { squared($0[0].tiled([2, 3])) }
    records.add("repeated", [sample([2, 3])]) { squared($0[0].repeated(3, along: 1)) }
    records.add("split into sections", [sample([2, 4])]) {
      let parts = $0[0].split(along: 1, into: 2)
      return parts[0] * parts[1]
    }
    records.add("split by sizes", [sample([2, 4])]) {
      let parts = $0[0].split(along: 1, sizes: [1, 0, 3])
      return parts[0] * parts[2] + parts[1].sum()
    }
  }.all
}
