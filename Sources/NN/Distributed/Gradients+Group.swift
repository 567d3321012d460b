import Collectives
import Tensor

extension Gradients {
  /// Adds up, over all ranks and in their order, the gradients of parameters that every rank has all of, of which each rank has
  /// computed a part: a network's, whose ranks see different pictures.
  ///
  /// Not for what all ranks compute alike, such as proxies without shards, whose gradients are whole on each rank. The same
  /// parameters must have gradients on all ranks. Traps for a parameter of which each rank has some rows.
  public mutating func sum<Scalar: TensorScalar>(
    of parameters: [NamedParameter<Scalar>], over group: Group, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard group.size > 1 else { return }
    let present = parameters.compactMap { named in named.parameter.gradient(in: self).map { (named, $0) } }
    if let sharded = present.first(where: { $0.0.parameter.shard != nil })?.0.name {
      trap("Gradients.sum: each rank has rows of its own of '\(sharded)'", file: file, line: line)
    }
    guard !present.isEmpty else { return }
    let flat = withoutRecording {
      group.sum(Tensor.concatenated(present.map { $0.1.reshaped([$0.1.count]) }, along: 0))
    }
    var start = 0
    for (named, gradient) in present {
      let end = start + gradient.count
      named.parameter.setGradient(flat[start..<end].reshaped(gradient.shape), in: &self)
      start = end
    }
  }
}
