extension Tensor where Scalar: TensorScalar {
  /// The recorded graph above this tensor in Graphviz' DOT language, for `dot -Tsvg`.
  ///
  /// Operations are ellipses with their recorded names, tracked tensors that they start from are boxes, and arrows point
  /// the way the numbers went. `names` gives tracked tensors a name. For small graphs: each operation is a node.
  ///
  /// ```swift
  /// print(loss.drawing(naming: ["x": x, "w": w]))
  /// ```
  public func drawing(naming names: KeyValuePairs<String, Tensor> = [:]) -> String {
    var labels: [ObjectIdentifier: String] = [:]
    for (name, tensor) in names {
      if let node = tensor.node { labels[ObjectIdentifier(node)] = "\(name) \(tensor.shape)" }
    }
    var lines = ["digraph graph_of_a_loss {", "  rankdir=BT;"]
    var numbers = NodeNumbers()
    var waiting: [Unmanaged<Node>] = []
    func number(_ node: Unmanaged<Node>) -> Int {
      let (number, isNew) = numbers.number(of: node)
      if isNew { waiting.append(node) }
      return number
    }
    lines.append("  result [label=\"\(shape)\", shape=plaintext];")
    if let node { lines.append("  n\(number(.passUnretained(node))) -> result;") }
    while let next = waiting.popLast() {
      let node = next.takeUnretainedValue()
      let target = number(next)
      let label = labels[ObjectIdentifier(node)] ?? "\(node.name)"
      lines.append("  n\(target) [label=\"\(label)\"\(node is Leaf ? ", shape=box" : "")];")
      var sources: ContiguousArray<Unmanaged<Node>> = []
      node.appendSources(to: &sources)
      for source in sources { lines.append("  n\(number(source)) -> n\(target);") }
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }
}
